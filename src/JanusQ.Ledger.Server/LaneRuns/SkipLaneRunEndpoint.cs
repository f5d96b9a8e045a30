using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>Records a window without signals. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class SkipLaneRunEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/skips</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/skips")]
    [Authorize(Policy = AccessPolicies.Work)]
    [Takes<SkipLaneRunRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "submission_conflicted")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<SkipLaneRunRequest>(context).ConfigureAwait(false);
        var command = new SkipLaneRun
        {
            CandidateId = candidateId,
            RunId = request.RunId,
            Reason = request.Reason,
            WindowStart = RequestBody.Instant("window_start", request.WindowStart),
            WindowEnd = RequestBody.Instant("window_end", request.WindowEnd),
            By = context.Submitter(),
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
