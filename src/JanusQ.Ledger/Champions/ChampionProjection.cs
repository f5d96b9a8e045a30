using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace JanusQ.Ledger.Champions;

/// <summary>
/// Who is champion of a target, written with its events. An event that the fold does not know, or that would make a second champion, is an
/// error, never passed over.
/// </summary>
public sealed partial class ChampionProjection : SingleStreamProjection<ChampionSlot, string>
{
    /// <summary>Names the projection after what it keeps.</summary>
    public ChampionProjection() => Name = nameof(ChampionSlot);

    /// <inheritdoc />
    public override ChampionSlot Evolve(ChampionSlot? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not ChampionEvent happened)
            throw new UnknownCandidateEventException($"The stream {id} holds a {e.EventTypeName}, which is no champion's event.");
        return (snapshot ?? ChampionSlot.Empty(ChampionSlot.TargetOfStream(id))).After(happened);
    }
}
