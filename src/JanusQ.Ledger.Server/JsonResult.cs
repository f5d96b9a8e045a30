using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server;

/// <summary>A document of the ledger as the body of an answer, in file form.</summary>
internal sealed class JsonResult(JsonValue document) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        return httpContext.Response.Body.WriteAsync(FileJson.Bytes(document), httpContext.RequestAborted).AsTask();
    }
}
