using System.Buffers;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using Microsoft.AspNetCore.Http.Features;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>Bodies that are no JSON: bytes with a digest, up to a limit.</summary>
internal static class UploadedBytes
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Lets a body have so many bytes, and refuses at once one that says that it has more.</summary>
    /// <exception cref="RefusedException"><c>content_too_large</c>.</exception>
    public static void Limit(HttpContext context, long limit)
    {
        if (context.Request.ContentLength > limit) throw TooLarge(limit);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
    }

    /// <summary>Reads the body of a request to its end and compares it with its digest.</summary>
    /// <exception cref="RefusedException">
    /// <c>content_digest_missing</c>, <c>content_hash_mismatch</c>, <c>content_too_large</c>, <c>request_invalid</c>.
    /// </exception>
    public static async Task<DocumentContent> ReadAsync(HttpContext context, long limit)
    {
        var claimed = ContentDigest.Read(context.Request.Headers[ContentDigest.Header]);
        Limit(context, limit);
        var bytes = await ReadAsync(context.Request.Body, limit, () => TooLarge(limit), context.RequestAborted).ConfigureAwait(false);
        return new DocumentContent(bytes, claimed);
    }

    /// <summary>Reads the stream of a body to its end.</summary>
    /// <exception cref="BadHttpRequestException">The body is malformed, too large, or too slow.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream source, long limit, Func<Exception> tooLarge, CancellationToken cancellation)
    {
        var body = new BodyStream(source);
        await using var closing = body.ConfigureAwait(false);
        return await ReadAllAsync(body, limit, tooLarge, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads any stream to its end.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAllAsync(
        Stream source, long limit, Func<Exception> tooLarge, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();

        // Most documents are far smaller than the buffer, which would be most of the garbage of a request.
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                if (bytes.Length + read > limit) throw tooLarge();
                bytes.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>The refusal of a body.</summary>
    public static RefusedException TooLarge(long limit) =>
        new(new Refusal("content_too_large", $"At most {limit} bytes are taken here.").With("limit", limit));
}
