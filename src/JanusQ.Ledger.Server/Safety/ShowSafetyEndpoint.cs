using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Safety;

/// <summary>The kill switch and the latest rehearsal of each safety control.</summary>
public static class ShowSafetyEndpoint
{
    /// <summary><c>GET /v1/safety</c>.</summary>
    [WolverineGet("/v1/safety")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument(
        "Whether the kill switch is engaged, since when and why, and the latest rehearsal of each check.",
        Answer = nameof(AnswerSchemas.Safety))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var read = await ledger.Snapshots.SafetyAsync(context.RequestAborted).ConfigureAwait(false);
        return QueryAnswer.Of(read, SafetyDocument.Of, controls => controls.StreamVersion);
    }
}
