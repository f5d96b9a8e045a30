using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>
/// Stores and records many small documents of an evaluation in one request, all or nothing. Rule: <see cref="CandidateDecider"/>.
/// </summary>
public static class PostArtifactsEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/evaluations/{evaluationId}/artifacts</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/evaluations/{evaluationId}/artifacts")]
    [Authorize(Policy = AccessPolicies.Work)]
    [TakesBytes("multipart/form-data")]
    [Gives<RecordingResponse>]
    [Refuses(
        "command_invalid", "content_digest_missing", "content_hash_mismatch", "content_too_large", "media_type_unsupported",
        "unknown_evaluation", "submission_conflicted", "evaluation_completed", "evaluation_failed", "too_many_artifacts",
        UploadPlaces.TooManyUploads)]
    public static async Task<IResult> Handle(
        string candidateId, string evaluationId, HttpContext context, LedgerHost ledger, UploadLimits limits, UploadPlaces places)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(places);
        using var place = places.Take(context, limits.Batch);
        var artifacts = await ArtifactParts.ReadAsync(context, limits.Batch).ConfigureAwait(false);
        var command = new SubmitArtifacts(candidateId, evaluationId, artifacts, context.Submitter());
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
