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
            session.LastModifiedBy = command.By.Actor;
            session.SetHeader(LedgerStore.RoleHeader, command.By.Role);
            session.CorrelationId = command.By.CorrelationId ?? session.CorrelationId;
            session.CausationId = command.By.CausationId ?? session.CausationId;
            if (contents is not null) await contents.StoreWithAsync(session, decision.Events, cancellation);
            stream.AppendMany(decision.Events.AsEnumerable<object>());
            var appended = stream.Events;
            await session.SaveChangesAsync(cancellation);
            version += decision.Events.Length;
            sequence = appended[^1].Sequence;
        }

        return new Recording
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
}

/// <summary>Documents that a command brings, to be stored if its events name them.</summary>
internal sealed class NamedContents(ContentStore store, IReadOnlyCollection<DocumentContent> contents)
{
    public Task StoreWithAsync(IDocumentSession session, IEnumerable<CandidateEvent> events, CancellationToken cancellation)
    {
        var named = events.OfType<ArtifactEmitted>().Select(emitted => emitted.Sha256).ToHashSet();
        return store.StoreWithAsync(session, [.. contents.Where(content => named.Contains(content.Sha256))], cancellation);
    }
}
