using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Description;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>Whether the start-up checks passed and the background work began.</summary>
public static class StartedEndpoint
{
    /// <summary><c>GET /health/started</c>.</summary>
    [WolverineGet("/health/started")]
    [AllowAnonymous]
    [DisableRateLimiting]
    [Gives<HealthResponse>]
    [GivesAlso<HealthResponse>(StatusCodes.Status503ServiceUnavailable, "Not yet.")]
    public static IResult Handle(LedgerWatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var health = Readiness.OfOne("started", watch.HasStarted, "The server is starting.");
        return Results.Json(
            health, ApiJson.Options, statusCode: watch.HasStarted ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
