using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>Takes a champion from its place. Rule: <see cref="ChampionDecider"/>.</summary>
public static class DemoteChampionHandler
{
    /// <summary>Handles the command.</summary>
    public static async Task<PlaceAnswer> Handle(
        DemoteChampion command, IDocumentSession session, PlaceTurns turns, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentNullException.ThrowIfNull(clock);
        if ((CommandValidation.Check(command) ?? Roles.Check(command)) is { } refusal)
            return PlaceChanges.Refused(command, command.Target, refusal);
        using var turn = await turns.TakeAsync(command.Target, cancellation);
        var now = Instant.Of(clock.GetUtcNow());
        return await PlaceChanges.ApplyAsync(
            session,
            command,
            command.Target,
            (place, _, out change) => ChampionDecider.Demote(place, command.CandidateId, command.Reason, command.By, now, out change),
            recorded => RepeatedPlaceCommand.Find(command, recorded),
            cancellation);
    }
}
