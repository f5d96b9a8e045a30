using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;

namespace JanusQ.Ledger.Server.Contents;

/// <summary>
/// The bytes of a stored document. A browser never shows or runs them, whatever they are; nothing is complete that does not hash to
/// what was asked for.
/// </summary>
/// <param name="contents">Where it is stored.</param>
/// <param name="sha256">Its hash.</param>
internal sealed class ContentAnswer(ContentStore contents, Sha256Hash sha256) : IResult
{
    private const int LargestInMemory = 4 * 1024 * 1024;
    private const int ChunkBytes = 128 * 1024;
    private const string NeverChanges = "private, max-age=31536000, immutable";

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var cancellation = httpContext.RequestAborted;
        var stream = await contents.OpenAsync(sha256, cancellation).ConfigureAwait(false);
        if (stream is null)
        {
            var refusal = new Refusal("unknown_artifact", $"No document {sha256} is stored.").With("sha256", sha256);
            await new Problem(refusal).ExecuteAsync(httpContext).ConfigureAwait(false);
            return;
        }

        var size = stream.Length;
        if (size <= LargestInMemory)
        {
            var bytes = await ReadAsync(stream, (int)size, cancellation).ConfigureAwait(false);
            await SendAsync(httpContext, bytes).ConfigureAwait(false);
            return;
        }

        await SendLargeAsync(httpContext, stream).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int size, CancellationToken cancellation)
    {
        await using var closing = stream.ConfigureAwait(false);
        using var bytes = new MemoryStream(size);
        await stream.CopyToAsync(bytes, cancellation).ConfigureAwait(false);
        return bytes.ToArray();
    }

    private async Task SendAsync(HttpContext context, byte[] bytes)
    {
        if (Begin(context, bytes.Length)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task SendLargeAsync(HttpContext context, Stream stream)
    {
        await using var closing = stream.ConfigureAwait(false);
        if (Begin(context, stream.Length)) await CopyAsync(context, stream).ConfigureAwait(false);
    }

    private static async Task CopyAsync(HttpContext context, Stream stream)
    {
        var (held, next) = (new byte[ChunkBytes], new byte[ChunkBytes]);
        var length = 0;
        int read;
        while ((read = await stream.ReadAsync(next, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            // One chunk is held back: the read that says "end" is the one that fails where the hash is another.
            await context.Response.Body.WriteAsync(held.AsMemory(0, length), context.RequestAborted).ConfigureAwait(false);
            (held, next, length) = (next, held, read);
        }

        await context.Response.Body.WriteAsync(held.AsMemory(0, length), context.RequestAborted).ConfigureAwait(false);
    }

    private Microsoft.Net.Http.Headers.EntityTagHeaderValue Tag => EntityTag.Of(sha256.ToString());

    private bool Begin(HttpContext context, long size)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = NeverChanges;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.ContentDisposition = $"attachment; filename=\"{sha256}\"";
        if (EntityTag.IsKnown(context, Tag)) return false;
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = size;
        return true;
    }
}
