using JanusQ.Ledger.Access;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Keys;

/// <summary>The requests that were refused last, newest first: who asked for what, and why not.</summary>
public static class ReadSecurityLogEndpoint
{
    /// <summary><c>GET /v1/security-log</c>.</summary>
    [WolverineGet("/v1/security-log")]
    [Authorize(Policy = AccessPolicies.Administer)]
    [TakesQuery(QueryParameters.Limit, "Entries at most, 1 to 10000; 50 if not said.", QueryForms.Entries)]
    [GivesDocument("The entries, newest first.", Answer = nameof(AnswerSchemas.SecurityEntries))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var limit = (int)(QueryParameters.Of(context).Number(QueryParameters.Limit, 1, SecurityLog.MostEntries) ?? 50);
        var entries = await ledger.SecurityLog.LatestAsync(limit, context.RequestAborted).ConfigureAwait(false);
        return new DocumentAnswer(JsonObject.Of(("entries", new JsonArray(entries.Select(one => (JsonValue)one.ToDocument())))));
    }
}
