using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Policies;

/// <summary>The policies of all names, with their versions.</summary>
public static class ListPoliciesEndpoint
{
    /// <summary><c>GET /v1/policies</c>.</summary>
    [WolverineGet("/v1/policies")]
    [Authorize(Policy = AccessPolicies.Read)]
    [GivesDocument("All names in order, each with its versions and the one that is active.", Answer = nameof(AnswerSchemas.PolicyList))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        return QueryAnswer.Of(await ledger.Snapshots.PoliciesAsync(context.RequestAborted).ConfigureAwait(false), PolicyBookDocument.Of);
    }
}
