using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Promotions;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Ingest;

/// <summary>
/// Records a finished run from a zip archive, whatever language its lane is written in, and decides. What the archive may hold:
/// <see cref="LaneArchive"/>; its layout: <see cref="LaneLayout"/>; what is checked: <see cref="FinishedLane"/>.
/// </summary>
public static class IngestLaneEndpoint
{
    private const string ZipType = "application/zip";

    // An unpacked archive is the largest thing that the server holds in memory, so few are at a time and the others wait.
    private static readonly SemaphoreSlim Unpacking = new(2);

    /// <summary><c>POST /v1/lanes</c>.</summary>
    [WolverinePost("/v1/lanes")]
    [Authorize(Policy = AccessPolicies.Work)]
    [TakesBytes(ZipType)]
    [Gives<LaneIngestResponse>]
    [Refuses(
        "content_digest_missing", "content_hash_mismatch", "content_too_large", "media_type_unsupported", "lane_archive_invalid",
        "lane_archive_path_invalid", "lane_archive_path_repeated", "lane_archive_too_many_entries", "lane_archive_too_large",
        "lane_layout_invalid", "lane_incomplete", "lane_report_invalid", "lane_input_unknown", "lane_hash_mismatch",
        "lane_identity_mismatch", "lane_manifest_mismatch", "command_invalid", "submission_conflicted",
        UploadPlaces.TooManyUploads)]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger, UploadLimits limits, UploadPlaces places)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(places);
        if (!string.Equals(context.Request.ContentType, ZipType, StringComparison.OrdinalIgnoreCase))
            return new Problem(new Core.Refusal("media_type_unsupported", $"The body is a zip archive: send it as {ZipType}."));
        using var place = places.Take(context, limits.LaneArchive.Archive);
        var zip = await UploadedBytes.ReadAsync(context, limits.LaneArchive.Archive).ConfigureAwait(false);
        await Unpacking.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var lane = LaneArchive.Read(zip.Bytes, limits.LaneArchive);
            var (recording, promotion) = await ledger.IngestAsync(lane, context.Submitter(), context.RequestAborted).ConfigureAwait(false);
            if (Answers.ProblemOf(recording) is { } problem) return problem;
            if (promotion!.Refusal is { } refusal) return new Problem(refusal);
            var document = new LaneIngestResponse
            {
                Run = Answers.DocumentOf(recording),
                RunId = lane.RunId,
                Target = lane.Target.Name(),
                Promotion = PromotionAnswers.DocumentOf(promotion),
            };
            return Answers.Versioned(document, promotion.CandidateVersion, context);
        }
        finally
        {
            Unpacking.Release();
        }
    }
}
