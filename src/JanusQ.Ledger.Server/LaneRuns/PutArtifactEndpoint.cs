using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>
/// Stores and records a document of an evaluation: its bytes as they are, with their digest. Rule: <see cref="CandidateDecider"/>.
/// </summary>
public static class PutArtifactEndpoint
{
    /// <summary><c>PUT /v1/candidates/{candidateId}/evaluations/{evaluationId}/artifacts/{path}</c>.</summary>
    [WolverinePut("/v1/candidates/{candidateId}/evaluations/{evaluationId}/artifacts/{**path}")]
    [Authorize(Policy = AccessPolicies.Work)]
    [TakesBytes("application/json", "application/yaml", "text/csv", "text/markdown", "text/plain", "application/octet-stream")]
    [Gives<RecordingResponse>]
    [Refuses(
        "command_invalid", "content_digest_missing", "content_hash_mismatch", "content_too_large", "unknown_evaluation",
        "submission_conflicted", "evaluation_completed", "evaluation_failed", "too_many_artifacts", UploadPlaces.TooManyUploads)]
    public static async Task<IResult> Handle(
        string candidateId, string evaluationId, string path, HttpContext context, LedgerHost ledger, UploadLimits limits,
        UploadPlaces places)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(places);

        // A part of a document is none (RFC 9110, 14.5).
        if (context.Request.Headers.ContentRange.Count > 0)
            return new Problem(RequestBody.Invalid("Content-Range", "a whole document, without it").Refusal);
        var claimed = ContentDigest.Read(context.Request.Headers[ContentDigest.Header]);
        var mediaType = string.IsNullOrEmpty(context.Request.ContentType) ? MediaTypes.OfPath(path) : context.Request.ContentType;
        var emit = new EmitArtifact
        {
            CandidateId = candidateId,
            EvaluationId = evaluationId,
            Artifact = new Artifact(path, claimed, 0, mediaType),
            By = context.Submitter(),
        };

        // What cannot be recorded anyhow is not received first.
        if (HasHiddenSlash(context) || !CommandValidation.IsArtifactPath(path)) return new Problem(ArtifactParts.PathRefusal(path));
        if (CommandValidation.Check(emit) is { } refusal) return new Problem(refusal);
        using var place = places.Take(context, ledger.Content.LargestContent);
        var recording = context.Request.ContentLength <= limits.InMemory || SubmittedArtifact.IsJanusArtifact(path)
            ? await InMemoryAsync(emit, context, ledger).ConfigureAwait(false)
            : await WhileItArrivesAsync(emit, claimed, context, ledger).ConfigureAwait(false);
        return Answers.Of(recording, context);
    }

    // An escaped slash is the one character that stays escaped in a route's value: two addresses would name one path.
    private static bool HasHiddenSlash(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Contains("%2F", StringComparison.OrdinalIgnoreCase);

    private static async Task<Recording> InMemoryAsync(EmitArtifact emit, HttpContext context, LedgerHost ledger)
    {
        var content = await UploadedBytes.ReadAsync(context, ledger.Content.LargestContent).ConfigureAwait(false);
        var artifact = SubmittedArtifact.Of(emit.Artifact.Path, content, emit.Artifact.MediaType);
        return await ledger.SendAsync(new SubmitArtifact(emit.CandidateId, emit.EvaluationId, artifact, emit.By), context.RequestAborted)
            .ConfigureAwait(false);
    }

    private static async Task<Recording> WhileItArrivesAsync(EmitArtifact emit, Sha256Hash claimed, HttpContext context, LedgerHost ledger)
    {
        var body = new BodyStream(context.Request.Body);
        await using var counted = body.ConfigureAwait(false);
        await ledger.Content.PutAsync(body, claimed, context.RequestAborted).ConfigureAwait(false);
        var stored = emit with { Artifact = emit.Artifact with { Size = body.Count } };
        return await ledger.SendAsync(new EmitStoredArtifact(stored), context.RequestAborted).ConfigureAwait(false);
    }
}
