using System.Collections.Immutable;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Record several documents of an evaluation with their bytes, all or nothing.</summary>
/// <param name="CandidateId">The candidate.</param>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="Artifacts">The documents, each path once.</param>
/// <param name="By">Who asks.</param>
public sealed record SubmitArtifacts(string CandidateId, string EvaluationId, ImmutableArray<SubmittedArtifact> Artifacts, Submitter By)
{
    /// <summary>The key of the candidate's stream.</summary>
    public string Stream => CandidateIdentity.StreamAskedFor(CandidateId);
}

/// <summary>
/// Stores several documents of an evaluation and records those that are not recorded yet, in one transaction. Rule:
/// <see cref="CandidateDecider"/>.
/// </summary>
public static class EmitArtifactsHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="Core.RefusedException"><c>content_too_large</c>, <c>command_invalid</c>: nothing is recorded.</exception>
    public static Task<Recording> Handle(
        SubmitArtifacts command,
        [WriteAggregate(nameof(SubmitArtifacts.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        ContentStore store,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(store);
        foreach (var artifact in command.Artifacts) store.RefuseTooLarge(artifact.Content);
        var emit = new EmitArtifacts
        {
            CandidateId = command.CandidateId,
            EvaluationId = command.EvaluationId,
            Artifacts = SubmittedArtifact.SetOf(command.Artifacts),
            By = command.By,
        };
        var contents = new NamedContents(store, [.. command.Artifacts.Select(artifact => artifact.Content)]);
        return CandidateStream.DecideAsync(session, stream, emit, clock, command.EvaluationId, contents, cancellation);
    }
}
