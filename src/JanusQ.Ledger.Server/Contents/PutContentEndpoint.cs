using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Contents;

/// <summary>
/// Stores a document that events name by its hash, before the event that does: signals, a strategy configuration, a gate policy. It is
/// stored only if its bytes hash to its address.
/// </summary>
public static class PutContentEndpoint
{
    /// <summary><c>PUT /v1/contents/{sha256}</c>.</summary>
    [WolverinePut("/v1/contents/{sha256}")]
    [Authorize(Policy = AccessPolicies.Work)]
    [TakesBytes("application/octet-stream", "application/json", "application/yaml")]
    [TakesParameter(
        ParameterPlace.Header, ContentDigest.Header, "^sha-256=:[A-Za-z0-9+/]{43}=:$",
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
        "What the body hashes to (RFC 9530). The address says it already; what is sent must say the same.")]
    [Gives<ContentResponse>]
    [Refuses("content_hash_mismatch", "content_too_large", UploadPlaces.TooManyUploads)]
    public static async Task<IResult> Handle(
        string sha256, HttpContext context, LedgerHost ledger, UploadLimits limits, UploadPlaces places)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(places);
        var claimed = RequestBody.Hash("sha256", sha256);
        RefuseOtherDigest(context, claimed);
        using var place = places.Take(context, ledger.Content.LargestContent);
        var isNew = await PutAsync(claimed, context, ledger.Content, limits).ConfigureAwait(false);
        var outcome = isNew ? RecordingResponse.Recorded : RecordingResponse.Unchanged;
        return Results.Json(new ContentResponse { Outcome = outcome, Sha256 = sha256 }, ApiJson.Options);
    }

    private static async Task<bool> PutAsync(Sha256Hash claimed, HttpContext context, ContentStore contents, UploadLimits limits)
    {
        var limit = contents.LargestContent;
        try
        {
            if (context.Request.ContentLength is not { } length || length > limits.InMemory)
            {
                var body = new BodyStream(context.Request.Body);
                await using var closing = body.ConfigureAwait(false);
                return await contents.PutAsync(body, claimed, context.RequestAborted).ConfigureAwait(false);
            }

            var bytes = await UploadedBytes.ReadAsync(
                context.Request.Body, limit, () => UploadedBytes.TooLarge(limit), context.RequestAborted).ConfigureAwait(false);
            return await contents.PutAsync(new DocumentContent(bytes, claimed), context.RequestAborted).ConfigureAwait(false);
        }
        catch (RefusedException refused) when (refused.Refusal.Code == "content_hash_mismatch")
        {
            throw new RefusedException(refused.Refusal.With("field", "sha256"));
        }
    }

    private static void RefuseOtherDigest(HttpContext context, Sha256Hash claimed)
    {
        var header = context.Request.Headers[ContentDigest.Header];
        if (header.Count == 0) return;
        Sha256Hash digest;
        try
        {
            digest = ContentDigest.Read(header);
        }
        catch (RefusedException missing) when (missing.Refusal.Code == "content_digest_missing")
        {
            // Digests of other algorithms alone: elsewhere the one that is needed is missing, here none has to be there.
            throw RequestBody.Invalid(ContentDigest.Header, "a digest by sha-256, or no such header");
        }

        if (digest == claimed) return;
        throw new RefusedException(
            new Refusal("content_hash_mismatch", $"{ContentDigest.Header}: the header says {digest}, the address {claimed}.")
                .With("field", ContentDigest.Header).With("claimed", claimed).With("actual", digest));
    }
}
