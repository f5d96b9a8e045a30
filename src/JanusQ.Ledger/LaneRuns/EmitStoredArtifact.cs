using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Record a document of an evaluation whose bytes are in the content store already: one too large to be held in memory.</summary>
/// <param name="Emit">What is recorded.</param>
public sealed record EmitStoredArtifact(EmitArtifact Emit)
{
    /// <summary>The key of the candidate's stream.</summary>
    public string Stream => Emit.Stream;
}

/// <summary>Records a document that is stored already. Rule: <see cref="CandidateDecider"/>.</summary>
public static class EmitStoredArtifactHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="Core.RefusedException"><c>content_not_stored</c>: nothing is recorded.</exception>
    public static async Task<Recording> Handle(
        EmitStoredArtifact command,
        [WriteAggregate(nameof(EmitStoredArtifact.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        ContentStore store,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(store);
        var sha256 = command.Emit.Artifact.Sha256;
        var stored = await store.FindStoredAsync([sha256], cancellation);
        if (!stored.Contains(sha256)) throw new Core.RefusedException(ContentRefusals.NotStored(sha256));
        return await CandidateStream.DecideAsync(session, stream, command.Emit, clock, command.Emit.EvaluationId, null, cancellation);
    }
}
