using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Description;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>Whether the server answers at all: where it does not, it is to be started again.</summary>
public static class LiveEndpoint
{
    /// <summary><c>GET /health/live</c>.</summary>
    [WolverineGet("/health/live")]
    [AllowAnonymous]
    [DisableRateLimiting]
    [Gives<HealthResponse>]
    public static IResult Handle() => Results.Json(Readiness.OfOne("live", true, ""), ApiJson.Options);
}
