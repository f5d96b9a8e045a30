using System.Collections.Immutable;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using Marten;
using Wolverine;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Record a whole finished evaluation with the bytes of all its artifacts.</summary>
/// <param name="Start">Its start, which names candidate, run and submitter.</param>
/// <param name="Artifacts">All its artifacts.</param>
public sealed record SubmitLaneRun(StartLaneRun Start, ImmutableArray<SubmittedArtifact> Artifacts)
{
    /// <summary>The key of the candidate's stream.</summary>
    public string Stream => Start.Stream;
}

/// <summary>
/// Records a finished evaluation in one transaction: start, artifacts with their bytes, completion. What an earlier attempt left is
/// completed, not doubled. Rule: <see cref="CandidateDecider"/>.
/// </summary>
public static class RecordLaneRunHandler
{
    /// <summary>
    /// Handles the command. A run is nearly always its candidate's first, so at first it is decided without asking: where the candidate is
    /// there already nothing of that attempt stays, and the retry decides on what is recorded.
    /// </summary>
    /// <exception cref="Core.RefusedException"><c>content_too_large</c>, <c>command_invalid</c>: nothing is recorded.</exception>
    public static async Task<Recording> Handle(
        SubmitLaneRun command,
        Envelope envelope,
        IDocumentSession session,
        ContentStore store,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(store);
        foreach (var artifact in command.Artifacts) store.RefuseTooLarge(artifact.Content);
        var record = new RecordLaneRun
        {
            CandidateId = command.Start.CandidateId,
            Start = command.Start,
            Artifacts = SubmittedArtifact.SetOf(command.Artifacts),
            By = command.Start.By,
        };
        var contents = new NamedContents(store, [.. command.Artifacts.Select(artifact => artifact.Content)]);
        if (envelope.Attempts <= 1 && contents.GoWithTheirEvents
            && await CandidateStream.TryBeginAsync(session, record, clock, command.Start.EvaluationId, contents, cancellation) is { } begun)
            return begun;
        var stream = await session.Events.FetchForWriting<Candidate>(command.Stream, cancellation);
        return await CandidateStream.DecideAsync(session, stream, record, clock, command.Start.EvaluationId, contents, cancellation);
    }
}
