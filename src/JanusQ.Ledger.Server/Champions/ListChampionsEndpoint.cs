using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Champions;

/// <summary>Who is champion of each target, now or at an instant.</summary>
public static class ListChampionsEndpoint
{
    /// <summary><c>GET /v1/champions</c>.</summary>
    [WolverineGet("/v1/champions")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery(QueryParameters.At, QueryForms.AtText, Forms.Instant)]
    [GivesDocument("The place of each target's champion, with who had it before.", Answer = nameof(AnswerSchemas.PlaceList))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var at = QueryParameters.Of(context).Moment(QueryParameters.At);
        return QueryAnswer.Of(await ledger.Snapshots.ChampionsAsync(at, context.RequestAborted).ConfigureAwait(false), ChampionDocument.Of);
    }
}
