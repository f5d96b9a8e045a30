using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using JasperFx.Events;
using Marten;

namespace JanusQ.Ledger.Candidates;

/// <summary>The second half of every use case about a candidate: decide, and append what was decided in one transaction.</summary>
internal static class CandidateStream
{
    /// <summary>Decides a command on a stream that was fetched for writing, and saves what comes of it: everything or nothing.</summary>
    /// <param name="session">The unit of work that the stream was fetched with.</param>
    /// <param name="stream">The candidate's stream.</param>
    /// <param name="command">The command.</param>
    /// <param name="clock">Where the events' instant comes from.</param>
    /// <param name="evaluationId">The evaluation that the command is about, for the answer.</param>
    /// <param name="contents">The documents that the command's artifacts name, and where to store those that are new.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    public static async Task<Recording> DecideAsync(
        IDocumentSession session,
        IEventStream<Candidate> stream,
        CandidateCommand command,
        TimeProvider clock,
        string? evaluationId,
        NamedContents? contents,
        CancellationToken cancellation)
    {
        var decision = CandidateDecider.Decide(stream.Aggregate, command, Instant.Of(clock.GetUtcNow()));
        var version = stream.CurrentVersion ?? 0;
        long? sequence = null;
        if (!decision.Events.IsEmpty)
        {
            await PrepareAsync(session, decision, command, contents, cancellation);
            stream.AppendMany(decision.Events.AsEnumerable<object>());
            var appended = stream.Events;
            await session.SaveChangesAsync(cancellation);
            version += decision.Events.Length;
            sequence = appended[^1].Sequence;
        }

        return Answer(decision, command, evaluationId, version, sequence);
    }

    /// <summary>
    /// Decides a command as for a candidate of which nothing is recorded, and begins its stream with what comes of it. Where the stream is
    /// there already the save fails as a whole, before a sequence number is drawn, and the command has to be decided on what is recorded.
    /// </summary>
    /// <returns>None, with nothing done, where the command records nothing even for a new candidate.</returns>
    /// <exception cref="JasperFx.Events.ExistingStreamIdCollisionException">The stream is there.</exception>
    public static async Task<Recording?> TryBeginAsync(
        IDocumentSession session,
        CandidateCommand command,
        TimeProvider clock,
        string? evaluationId,
        NamedContents contents,
        CancellationToken cancellation)
    {
        var decision = CandidateDecider.Decide(null, command, Instant.Of(clock.GetUtcNow()));
        if (decision.Outcome != CommandOutcome.Recorded) return null;
        await PrepareAsync(session, decision, command, contents, cancellation);
        var begun = session.Events.StartStream<Candidate>(command.Stream, decision.Events.AsEnumerable<object>());
        await session.SaveChangesAsync(cancellation);
        return Answer(decision, command, evaluationId, decision.Events.Length, begun.Events[^1].Sequence);
    }

    private static async Task PrepareAsync(
        IDocumentSession session, CandidateDecision decision, CandidateCommand command, NamedContents? contents, CancellationToken cancellation)
    {
        session.LastModifiedBy = command.By.Actor;
        session.SetHeader(LedgerStore.RoleHeader, command.By.Role);
        session.CorrelationId = command.By.CorrelationId ?? session.CorrelationId;
        session.CausationId = command.By.CausationId ?? session.CausationId;
        if (contents is not null) await contents.StoreWithAsync(session, decision.Events, cancellation);
    }

    private static Recording Answer(CandidateDecision decision, CandidateCommand command, string? evaluationId, long version, long? sequence) => new()
    {
        Outcome = decision.Outcome,
        CandidateId = command.CandidateId,
        EvaluationId = evaluationId,
        CandidateVersion = version,
        LastSequence = sequence,
        Appended = decision.Events.Length,
        Differences = decision.Differences,
        Refusal = decision.Refusal,
    };
}

/// <summary>Documents that a command brings, to be stored if its events name them.</summary>
internal sealed class NamedContents(ContentStore store, IReadOnlyCollection<DocumentContent> contents)
{
    /// <summary>Whether all of them are so small that they go into the events' own transaction, and away with it where that fails.</summary>
    public bool GoWithTheirEvents => contents.All(ContentStore.GoesWithItsEvents);

    public Task StoreWithAsync(IDocumentSession session, IEnumerable<CandidateEvent> events, CancellationToken cancellation)
    {
        var named = events.OfType<ArtifactEmitted>().Select(emitted => emitted.Sha256).ToHashSet();
        return store.StoreWithAsync(session, [.. contents.Where(content => named.Contains(content.Sha256))], cancellation);
    }
}
