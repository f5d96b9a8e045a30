using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Champions;

/// <summary>Who is champion of a target.</summary>
public sealed partial class ChampionProjection : StreamProjection<ChampionSlot, ChampionEvent>
{
    /// <inheritdoc />
    protected override ChampionSlot After(ChampionSlot? state, string stream, ChampionEvent happened) =>
        (state ?? ChampionSlot.Empty(ChampionSlot.TargetOfStream(stream))).After(happened);
}
