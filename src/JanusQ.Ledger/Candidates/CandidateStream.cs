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
        var position = await LedgerStream.AppendAsync(session, stream, decision, command.By, contents, cancellation);
        return Answer(decision, command, evaluationId, position);
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
        var position = await LedgerStream.BeginAsync<Candidate, CandidateEvent>(
            session, command.Stream, decision, command.By, contents, cancellation);
        return Answer(decision, command, evaluationId, position);
    }

    private static Recording Answer(
        CandidateDecision decision, CandidateCommand command, string? evaluationId, StreamPosition position) => new()
        {
            Outcome = decision.Outcome,
            CandidateId = command.CandidateId,
            EvaluationId = evaluationId,
            ApprovalId = decision.ApprovalId,
            CandidateVersion = position.Version,
            LastSequence = position.LastSequence,
            Appended = decision.Events.Length,
            Differences = decision.Differences,
            Refusal = decision.Refusal,
        };
}
