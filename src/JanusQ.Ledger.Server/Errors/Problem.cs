using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Access;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>
/// A refusal as the body of an answer: problem details (RFC 9457) with a stable type, the code and its members, and the correlation id.
/// </summary>
internal sealed class Problem(Refusal refusal) : IResult
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Why.</summary>
    public Refusal Refusal { get; } = refusal;

    /// <summary>The status.</summary>
    public int Status => ProblemTypes.StatusOf(Refusal);

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var document = new JsonObject(
        [
            new("type", ProblemTypes.Prefix + Refusal.Code),
            new("title", Refusal.Code.Replace('_', ' ')),
            new("status", Status),
            new("detail", Refusal.Explanation),
            .. Refusal.ToJson().Members,
            new("correlation_id", httpContext.CorrelationId()),
        ]);
        httpContext.NoteRefusal(Refusal.Code);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = MediaType;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await httpContext.Response.Body.WriteAsync(FileJson.Bytes(document), httpContext.RequestAborted).ConfigureAwait(false);
    }
}
