using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Reading;

/// <summary>A document about the ledger that no event sequence bounds, and that nobody keeps.</summary>
/// <param name="document">The document.</param>
internal sealed class DocumentAnswer(JsonObject document) : IResult
{
    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        var bytes = FileJson.Bytes(document);
        response.Headers.CacheControl = "private, no-store";
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
