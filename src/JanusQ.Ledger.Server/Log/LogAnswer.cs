using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Reading;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JanusQ.Ledger.Server.Log;

/// <summary>A resource of the log, as C2SP tlog-tiles serves it.</summary>
/// <param name="bytes">Its bytes.</param>
/// <param name="mediaType">Its media type.</param>
/// <param name="isImmutable">Whether it never changes: then it may be kept for good, else it is asked for anew each time.</param>
/// <param name="tag">Its entity tag, or none.</param>
/// <param name="sequence">The event sequence up to which it is complete; none where it is the same for ever.</param>
internal sealed class LogAnswer(
    byte[] bytes, string mediaType, bool isImmutable, EntityTagHeaderValue? tag = null, long? sequence = null) : IResult
{
    /// <summary>The media type of checkpoints and proofs.</summary>
    public const string Text = "text/plain; charset=utf-8";

    /// <summary>The media type of proofs as documents.</summary>
    public const string Json = "application/json";

    /// <summary>The media type of tiles and of bundles of leaves.</summary>
    public const string Bytes = "application/octet-stream";

    /// <summary>A proof as a document, with the sequence that every query tells.</summary>
    public static LogAnswer OfProof(EventProof proof, long sequence)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return new(FileJson.Bytes(proof.ToJson().With(QueryAnswer.SequenceMember, sequence)), Json, false, sequence: sequence);
    }

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        var isPublic = httpContext.RequestServices.GetRequiredService<IOptions<LogServing>>().Value.LogIsPublic;
        response.Headers.CacheControl = (isPublic ? "public, " : "private, ") + (isImmutable ? "max-age=31536000, immutable" : "no-cache");
        response.Headers.XContentTypeOptions = "nosniff";
        if (sequence is { } complete) QueryAnswer.SetSequence(response, complete);
        if (tag is not null && EntityTag.IsKnown(httpContext, tag)) return;
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
