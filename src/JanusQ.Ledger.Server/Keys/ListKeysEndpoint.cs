using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Keys;

/// <summary>All API keys that were ever made, revoked and expired ones too; never the keys themselves.</summary>
public static class ListKeysEndpoint
{
    /// <summary><c>GET /v1/keys</c>.</summary>
    [WolverineGet("/v1/keys")]
    [Authorize(Policy = AccessPolicies.Administer)]
    [Gives<KeyListResponse>]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var keys = await ledger.Keys.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var now = ledger.Clock.GetUtcNow();
        return KeyAnswers.Of(new KeyListResponse { Keys = [.. keys.Select(key => KeyAnswers.DocumentOf(key, now))] }, context);
    }
}
