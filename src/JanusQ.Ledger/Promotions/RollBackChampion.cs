using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>Rolls a champion back, in one transaction across both candidates and the place. Rule: <see cref="ChampionDecider"/>.</summary>
public static class RollBackChampionHandler
{
    /// <summary>Handles the command.</summary>
    public static async Task<PlaceAnswer> Handle(
        RollBackChampion command, IDocumentSession session, PlaceTurns turns, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentNullException.ThrowIfNull(clock);
        if ((CommandValidation.Check(command) ?? Roles.Check(command)) is { } refusal)
            return PlaceChanges.Refused(command, command.Target, refusal);
        using var turn = await turns.TakeAsync(command.Target, cancellation);
        await LedgerLocks.ShareFactsAsync(session, cancellation);
        var safety = await session.LoadAsync<SafetyControls>(SafetyControls.Stream, cancellation) ?? SafetyControls.Unrehearsed;
        var now = Instant.Of(clock.GetUtcNow());
        return await PlaceChanges.ApplyAsync(
            session,
            command,
            command.Target,
            (place, predecessor, out change) => ChampionDecider.RollBack(
                place, command.CandidateId, predecessor, safety, command.Reason, command.By, now, out change),
            recorded => RepeatedPlaceCommand.Find(command, recorded),
            cancellation);
    }
}
