using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Description;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>
/// Whether callers should be sent here: the database answers, the log has not stopped, and neither it nor a projection is too far behind.
/// </summary>
public static class ReadyEndpoint
{
    /// <summary><c>GET /health/ready</c>.</summary>
    [WolverineGet("/health/ready")]
    [AllowAnonymous]
    [DisableRateLimiting]
    [Gives<HealthResponse>]
    [GivesAlso<HealthResponse>(StatusCodes.Status503ServiceUnavailable, "No; the checks say what is wrong.")]
    public static async Task<IResult> Handle(HttpContext context, LedgerWatch watch)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(watch);
        var health = await watch.AskAsync(context.RequestAborted).ConfigureAwait(false);
        var isReady = health.Status == HealthResponse.Passed;
        return Results.Json(
            health, ApiJson.Options, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
