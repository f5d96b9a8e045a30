using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using JanusQ.Ledger.Server.Work;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Maintenance;

/// <summary>
/// Makes projections anew from the events, without holding up who reads them, and says what was not as the events say; or only compares.
/// </summary>
public static class RebuildProjectionsEndpoint
{
    /// <summary><c>POST /v1/projections/rebuild</c>.</summary>
    [WolverinePost("/v1/projections/rebuild")]
    [Authorize(Policy = AccessPolicies.Administer)]
    [Takes<RebuildRequest>]
    [GivesDocument("What was found in each projection, and whether it was put right.", Answer = nameof(AnswerSchemas.ProjectionComparison))]
    [Refuses(HeavyWork.RebuildRunning, "projection_not_found", "projections_behind")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger, HeavyWork work)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(work);
        var request = await RequestBody.ReadAsync<RebuildRequest>(context).ConfigureAwait(false);
        if (request.Projection is { Length: < 1 or > 100 }) throw RequestBody.Invalid("projection", "1 to 100 characters");
        var compared = await work.Rebuilds.RunAsync(
            context,
            cancellation => ledger.Projections.PutRightAsync(request.Projection, request.Compare, cancellation)).ConfigureAwait(false);
        return new DocumentAnswer(ProjectionComparison.DocumentOf(compared, !request.Compare));
    }
}
