using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>One lane run: every execution of it with its status, times and artifacts.</summary>
public static class ShowLaneRunEndpoint
{
    /// <summary><c>GET /v1/runs/{runId}</c>.</summary>
    [WolverineGet("/v1/runs/{runId}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [GivesDocument("The executions of the run, each with its artifacts.", Answer = nameof(AnswerSchemas.LaneRun))]
    [Refuses("unknown_run")]
    public static async Task<IResult> Handle(string runId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        if (!CandidateIdentity.IsId(runId)) return Unknown(runId);
        var read = await ledger.Compliance
            .ExecutionsOfAsync(runId, ledger.CatchesUpWhenAsked, context.RequestAborted).ConfigureAwait(false);
        return read.Value.Count == 0
            ? Unknown(runId)
            : QueryAnswer.Of(read, executions => JsonObject.Of(("run_id", runId), ("executions", new JsonArray(executions))));
    }

    private static Problem Unknown(string runId) =>
        new(new Refusal("unknown_run", $"Nothing is recorded about a run {runId}.").With("run_id", runId));
}
