using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Maintenance;

/// <summary>Everything in which the server's database is not what its program expects: tables, rights and triggers included.</summary>
public static class FindSchemaDifferencesEndpoint
{
    /// <summary><c>GET /v1/schema/differences</c>.</summary>
    [WolverineGet("/v1/schema/differences")]
    [Authorize(Policy = AccessPolicies.InspectSchema)]
    [GivesDocument("Whether the database is as expected, and every difference.", Answer = nameof(AnswerSchemas.SchemaDifferences))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var differences = await ledger.FindSchemaDifferencesAsync(context.RequestAborted).ConfigureAwait(false);
        return new DocumentAnswer(SchemaAssertion.DocumentOf(differences));
    }
}
