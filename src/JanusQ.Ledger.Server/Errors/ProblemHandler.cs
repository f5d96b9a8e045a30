using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>Turns whatever an endpoint throws into a problem. What was not expected is logged, and nothing of it is told.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);

        if (httpContext.RequestAborted.IsCancellationRequested) return true;

        // Nobody is there to be told, which is known here before the request counts as aborted.
        if (exception is ConnectionResetException)
        {
            httpContext.Abort();
            return true;
        }

        // Where a malformed body ends nobody knows: what follows it is no request.
        if (exception is BadHttpRequestException) httpContext.Response.Headers.Connection = "close";
        var problem = new Problem(Explain(exception));
        if (problem.Status >= StatusCodes.Status500InternalServerError) LogFailure(problem.Refusal.Code, exception);
        if (problem.Refusal.Members.FirstOrDefault(member => member.Key == "retry_after_seconds").Value is JsonInteger seconds)
            httpContext.Response.Headers.RetryAfter = seconds.Value.ToString(CultureInfo.InvariantCulture);
        await problem.ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    private static Refusal Explain(Exception exception) => exception switch
    {
        RefusedException refused => refused.Refusal,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new Refusal("content_too_large", "The body is larger than this endpoint takes."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new Refusal("request_too_slow", "The body arrives too slowly."),
        BadHttpRequestException => new Refusal("request_invalid", "The request is not well-formed HTTP."),
        IntegrityException or LogStoppedException =>
            new Refusal("integrity_violation", "What is stored is not what was recorded. The operator was told."),
        NpgsqlException { IsTransient: true } or TimeoutException =>
            new Refusal("database_unavailable", "The database does not answer now; the same request may be sent again."),
        _ => new Refusal("unexpected_error", "Something went wrong inside; the operator finds it by the correlation id."),
    };

    [LoggerMessage(LogLevel.Error, "A request failed ({Code})")]
    private partial void LogFailure(string code, Exception failure);
}
