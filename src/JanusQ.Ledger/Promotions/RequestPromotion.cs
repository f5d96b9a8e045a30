using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Watching;
using JasperFx.Events;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>
/// Derives the decision on a promotion from stored artifacts and recorded facts, and appends it with all its consequences in one
/// transaction across the candidate, the former champion and the champion's place (ledger.md sections 3 and 4). Rules:
/// <see cref="PromotionDerivations"/>, <see cref="ChampionDecider"/>.
/// </summary>
public static class RequestPromotionHandler
{
    /// <summary>Handles the command.</summary>
    public static async Task<PromotionAnswer> Handle(
        RequestPromotion command,
        IDocumentSession session,
        ContentStore contents,
        PlaceTurns turns,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentNullException.ThrowIfNull(clock);
        if ((CommandValidation.Check(command) ?? Roles.Check(command)) is { } refusal) return Refused(command, refusal);

        // Stored content never changes, so what is large is read before anything is locked.
        var evidence = new StoredEvidence(contents);
        var ahead = await ReadAheadAsync(command, session.DocumentStore, evidence, cancellation);
        if (ahead.Refusal is not null) return Refused(command, ahead.Refusal);
        var target = command.Target ?? ahead.Evaluation!.Start.Target;
        using var turn = await turns.TakeAsync(target, cancellation);
        await LedgerLocks.ShareFactsAsync(session, cancellation);
        await LedgerLocks.ClaimPlaceAsync(session, target, cancellation);

        var stream = await session.Events.FetchForWriting<Candidate>(command.Stream, cancellation);
        var candidate = stream.Aggregate!;
        var evaluation = candidate.Find(ahead.Evaluation!.Start.EvaluationId)!;
        await evidence.ReadAsync(evaluation, cancellation);
        var places = await session.Events.FetchForWriting<ChampionSlot>(ChampionSlot.StreamOf(target), cancellation);
        var place = places.Aggregate ?? ChampionSlot.Empty(target);
        var now = Instant.Of(clock.GetUtcNow());
        var facts = await RecordedFacts.GatherAsync(session, candidate, evaluation, target, place, evidence.Find, now, cancellation);
        var derived = PromotionDerivations.Derive(new PromotionCase
        {
            Candidate = candidate,
            Evaluation = evaluation,
            Target = target,
            Facts = facts,
            By = command.By,
            Content = evidence.Find,
        });
        if (ChampionDecider.FindRepeated(candidate, derived.Decided) is { } repeated)
            return await RepeatedAsync(session, command, stream, repeated, cancellation);

        var change = ChampionDecider.After(candidate, derived.Decided, derived.Recommendation.Basis.RecommendedMode, place);
        var version = stream.CurrentVersion ?? 0;
        stream.AppendMany([.. derived.Events, .. change.OfCandidate]);
        var appended = derived.Events.Length
            + change.OfCandidate.Length
            + await PlaceStreams.AppendAsync(session, places, change, cancellation);
        await contents.StoreWithAsync(
            session, [.. derived.Documents.Select(document => new DocumentContent(document.Bytes))], cancellation);
        PlaceStreams.Sign(session, command.By);
        await session.SaveChangesAsync(cancellation);
        LedgerTelemetry.Decided(derived);
        return new PromotionAnswer
        {
            Outcome = CommandOutcome.Recorded,
            CandidateId = command.CandidateId,
            Decision = derived.Decided,
            CandidateVersion = version + derived.Events.Length + change.OfCandidate.Length,
            Appended = appended,
            Demoted = change.OtherCandidateId,
        };
    }

    private static async Task<(Evaluation? Evaluation, Refusal? Refusal)> ReadAheadAsync(
        RequestPromotion command, IDocumentStore store, StoredEvidence evidence, CancellationToken cancellation)
    {
        await using var reading = store.QuerySession();
        if (await reading.LoadAsync<Candidate>(command.Stream, cancellation) is not { } candidate)
            return (null, CommandRefusals.UnknownCandidate(command.CandidateId));
        var evaluation = command.EvaluationId is { } asked
            ? candidate.Find(asked)
            : candidate.Evaluations.LastOrDefault(one => one.Status == EvaluationStatus.Completed);
        if (evaluation is null)
        {
            return (null, command.EvaluationId is { } named
                ? CommandRefusals.UnknownEvaluation(command.CandidateId, named)
                : CommandRefusals.EvaluationNotCompleted(command.CandidateId, null));
        }

        await evidence.ReadAsync(evaluation, cancellation);
        return (evaluation, null);
    }

    private static async Task<PromotionAnswer> RepeatedAsync(
        IDocumentSession session, RequestPromotion command, IEventStream<Candidate> stream, DecidedPromotion repeated,
        CancellationToken cancellation)
    {
        var recorded = await session.Events.FetchStreamAsync(command.Stream, token: cancellation);
        return new PromotionAnswer
        {
            Outcome = CommandOutcome.Unchanged,
            CandidateId = command.CandidateId,
            Decision = recorded.Select(one => one.Data).OfType<PromotionDecided>().Single(
                decided => string.Equals(decided.DecisionId, repeated.DecisionId, StringComparison.Ordinal)),
            CandidateVersion = stream.CurrentVersion ?? 0,
        };
    }

    private static PromotionAnswer Refused(RequestPromotion command, Refusal refusal) =>
        new() { Outcome = CommandOutcome.Refused, CandidateId = command.CandidateId, Refusal = refusal };
}
