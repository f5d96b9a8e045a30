using System.Collections.Immutable;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>
/// Several artifacts in one request: <c>multipart/form-data</c>, one part an artifact, its name the path, with a <c>Content-Digest</c> of
/// its own and perhaps a <c>Content-Type</c>.
/// </summary>
internal static class ArtifactParts
{
    private const int LongestBoundary = 200;

    /// <summary>Reads all of them and compares each with its digest.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">Bytes of the request at most.</param>
    /// <exception cref="RefusedException">
    /// <c>media_type_unsupported</c>, <c>content_too_large</c>, <c>request_invalid</c>, <c>command_invalid</c>,
    /// <c>content_digest_missing</c>, <c>content_hash_mismatch</c>: with the path of the part, where it is about one.
    /// </exception>
    public static async Task<ImmutableArray<SubmittedArtifact>> ReadAsync(HttpContext context, long limit)
    {
        var body = new BodyStream(context.Request.Body);
        await using var closing = body.ConfigureAwait(false);
        var reader = new MultipartReader(BoundaryOf(context.Request), body);
        UploadedBytes.Limit(context, limit);
        var artifacts = ImmutableArray.CreateBuilder<SubmittedArtifact>();
        var left = limit;
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted).ConfigureAwait(false) is { } part)
            {
                if (artifacts.Count == CommandValidation.MostArtifacts)
                    throw RequestBody.Invalid("parts", $"1 to {CommandValidation.MostArtifacts} parts");
                var artifact = await ReadAsync(part, left, limit, context.RequestAborted).ConfigureAwait(false);
                left -= artifact.Content.Size;
                artifacts.Add(artifact);
            }
        }
        catch (Exception malformed) when (malformed is InvalidDataException
            or (IOException and not (BadHttpRequestException or ConnectionResetException)))
        {
            throw RequestBody.Invalid("body", "multipart/form-data that is complete and well formed");
        }

        return artifacts.Count > 0
            ? artifacts.ToImmutable()
            : throw RequestBody.Invalid("parts", $"1 to {CommandValidation.MostArtifacts} parts");
    }

    private static async Task<SubmittedArtifact> ReadAsync(MultipartSection part, long left, long limit, CancellationToken cancellation)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            throw RequestBody.Invalid("Content-Disposition", "form-data with the artifact's path as the name of every part");
        var path = HeaderUtilities.UnescapeAsQuotedString(disposition.Name).ToString();

        // Where the bytes of a name were no UTF-8 this stands for them: two names would be one path.
        var isText = !path.Contains('\uFFFD', StringComparison.Ordinal);
        if (!isText || !CommandValidation.IsArtifactPath(path)) throw new RefusedException(PathRefusal(path));
        try
        {
            if (ContentCoding.Check(part.Headers?.GetValueOrDefault("Content-Encoding").ToString() ?? "") is { } packed)
                throw new RefusedException(packed);
            var claimed = ContentDigest.Read(part.Headers?.GetValueOrDefault(ContentDigest.Header) ?? default);
            var bytes = await UploadedBytes.ReadAllAsync(
                part.Body, left, () => UploadedBytes.TooLarge(limit), cancellation).ConfigureAwait(false);
            var mediaType = string.IsNullOrEmpty(part.ContentType) ? MediaTypes.OfPath(path) : part.ContentType;
            return SubmittedArtifact.Of(path, new DocumentContent(bytes, claimed), mediaType);
        }
        catch (RefusedException refused)
        {
            throw new RefusedException(refused.Refusal.With("path", path));
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        var isMultipart = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!isMultipart)
        {
            throw new RefusedException(
                new Refusal("media_type_unsupported", "Send several artifacts as multipart/form-data, one part each."));
        }

        var boundary = HeaderUtilities.RemoveQuotes(type!.Boundary).ToString();
        return boundary is { Length: >= 1 and <= LongestBoundary }
            ? boundary
            : throw RequestBody.Invalid("Content-Type", "a boundary of 1 to 200 characters");
    }

    /// <summary>The refusal of a path, in the words of the command.</summary>
    public static Refusal PathRefusal(string path) =>
        CommandValidation.Invalid(
            "path", "a relative path of at most 512 characters in UTF-8 with / and without empty, . or .. parts, \\ and :")
            .With("path", path.Length <= 200 ? path : path[..200]);
}
