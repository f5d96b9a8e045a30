using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JasperFx.Events;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>
/// Answers a command about a place that was carried out before as it was answered then: its caller never saw that. Rule:
/// <see cref="RepeatedPlaceCommand"/>.
/// </summary>
internal static class RepeatedPlaceChanges
{
    /// <summary>Finds what a command repeats among everything that happened to the place.</summary>
    public delegate PlaceCommandDone? Find(IReadOnlyList<ChampionEvent> recorded);

    /// <summary>The answer, or none where the command is a new one.</summary>
    public static async Task<PlaceAnswer?> AnswerAsync(
        IDocumentSession session, CandidateCommand command, PromotionTarget target, Find find, CancellationToken cancellation)
    {
        var recorded = await session.Events.FetchStreamAsync(ChampionSlot.StreamOf(target), token: cancellation);
        if (find([.. recorded.Select(one => (ChampionEvent)one.Data)]) is not { } done) return null;
        var obstacle = done.StayedAway is { } predecessor
            ? await ObstacleAsync(session, predecessor, done, recorded[(int)done.Before.StreamVersion].Sequence, cancellation)
            : null;

        // Where it does not show why the predecessor stayed away, the answer of then cannot be given again.
        if (done.StayedAway is not null && obstacle is null) return null;
        return new PlaceAnswer
        {
            Outcome = CommandOutcome.Unchanged,
            CandidateId = command.CandidateId,
            Target = target,
            Champion = done.Reinstated?.CandidateId,
            NotReinstated = obstacle,
            PlaceVersion = done.Version,
        };
    }

    private static async Task<string?> ObstacleAsync(
        IDocumentSession session, string predecessorId, PlaceCommandDone done, long before, CancellationToken cancellation)
    {
        var ofCandidate = await session.Events.FetchStreamAsync(CandidateIdentity.StreamOf(predecessorId), token: cancellation);
        var ofSafety = await session.Events.FetchStreamAsync(SafetyControls.Stream, token: cancellation);
        var predecessor = LedgerQueries.Fold(predecessorId, [.. Before(ofCandidate, before)]);
        var safety = Before(ofSafety, before).Aggregate(
            SafetyControls.Unrehearsed, (state, recorded) => state.After((SafetyEvent)recorded.Data));
        return predecessor is null ? null : ChampionDecider.ObstacleOf(predecessor, done.Before.FindPast(predecessorId), safety);
    }

    private static IEnumerable<IEvent> Before(IEnumerable<IEvent> recorded, long sequence) =>
        recorded.TakeWhile(one => one.Sequence < sequence);
}
