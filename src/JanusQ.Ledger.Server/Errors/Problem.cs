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

    /// <summary>The document of a problem.</summary>
    public static JsonObject DocumentOf(Refusal refusal, string correlationId)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new JsonObject(
        [
            new("type", ProblemTypes.Prefix + refusal.Code),
            new("title", refusal.Code.Replace('_', ' ')),
            new("status", ProblemTypes.StatusOf(refusal)),
            new("detail", refusal.Explanation),
            .. refusal.ToJson().Members,
            new("correlation_id", correlationId),
        ]);
    }

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var document = DocumentOf(Refusal, httpContext.CorrelationId());
        httpContext.NoteRefusal(Refusal.Code);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = MediaType;
        if (Status == StatusCodes.Status401Unauthorized) httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await httpContext.Response.Body.WriteAsync(FileJson.Bytes(document), httpContext.RequestAborted).ConfigureAwait(false);
    }
}
