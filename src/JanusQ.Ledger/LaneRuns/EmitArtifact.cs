using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>A document with the path under which an evaluation emits it. Hash and size come from the bytes.</summary>
/// <param name="Path">Path relative to the artifact root, with <c>/</c>.</param>
/// <param name="Content">The bytes.</param>
/// <param name="MediaType">Media type.</param>
/// <param name="SchemaVersion">Schema version of a Janus artifact, else none.</param>
/// <param name="ManifestHash">Manifest hash of a Janus artifact, else none.</param>
public sealed record SubmittedArtifact(
    string Path, DocumentContent Content, string MediaType, string? SchemaVersion = null, Sha256Hash? ManifestHash = null)
{
    /// <summary>A document as an evaluation emits it: what a Janus artifact says of itself is taken from its bytes.</summary>
    /// <param name="path">Path relative to the artifact root, with <c>/</c>.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">Media type.</param>
    public static SubmittedArtifact Of(string path, DocumentContent content, string mediaType)
    {
        ArgumentNullException.ThrowIfNull(content);
        var document = IsJanusArtifact(path) && JsonValue.TryRead(content.Bytes.ToArray(), out var value, out _)
            ? value as JsonObject
            : null;
        return Of(path, content, mediaType, document);
    }

    /// <summary>Whether a document at a path is one that carries a schema version and a manifest hash.</summary>
    public static bool IsJanusArtifact(string path) => path is LanePaths.EventCar or LanePaths.Reward;

    internal static SubmittedArtifact Of(string path, DocumentContent content, string mediaType, JsonObject? document)
    {
        var schema = IsJanusArtifact(path) ? (document?["schema_version"] as JsonText)?.Value : null;
        var manifest = schema is null ? null : ArtifactVerification.ManifestHashOf(document);
        return new SubmittedArtifact(path, content, mediaType, schema, Sha256Hash.TryParse(manifest, out var hash) ? hash : null);
    }

    /// <summary>Several of them as a set.</summary>
    /// <exception cref="RefusedException"><c>command_invalid</c>: a path stands twice.</exception>
    internal static ArtifactSet SetOf(IReadOnlyCollection<SubmittedArtifact> artifacts)
    {
        var twice = artifacts.GroupBy(artifact => artifact.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any());
        return twice is null
            ? ArtifactSet.Of(artifacts.Select(artifact => artifact.ToArtifact()))
            : throw new RefusedException(CommandValidation.Invalid("path", "every path once").With("path", twice.Key));
    }

    internal Artifact ToArtifact() => new(Path, Content.Sha256, Content.Size, MediaType, SchemaVersion, ManifestHash);
}

/// <summary>Record a document of an evaluation, with its bytes.</summary>
/// <param name="CandidateId">The candidate.</param>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="Artifact">The document.</param>
/// <param name="By">Who asks.</param>
public sealed record SubmitArtifact(string CandidateId, string EvaluationId, SubmittedArtifact Artifact, Submitter By)
{
    /// <summary>The key of the candidate's stream.</summary>
    public string Stream => CandidateIdentity.StreamAskedFor(CandidateId);
}

/// <summary>Stores a document of an evaluation and records it, in one transaction. Rule: <see cref="CandidateDecider"/>.</summary>
public static class EmitArtifactHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="RefusedException"><c>content_too_large</c>: nothing is recorded.</exception>
    public static Task<Recording> Handle(
        SubmitArtifact command,
        [WriteAggregate(nameof(SubmitArtifact.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        ContentStore store,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(store);
        store.RefuseTooLarge(command.Artifact.Content);
        var emit = new EmitArtifact
        {
            CandidateId = command.CandidateId,
            EvaluationId = command.EvaluationId,
            Artifact = command.Artifact.ToArtifact(),
            By = command.By,
        };
        var contents = new NamedContents(store, [command.Artifact.Content]);
        return CandidateStream.DecideAsync(session, stream, emit, clock, command.EvaluationId, contents, cancellation);
    }
}
