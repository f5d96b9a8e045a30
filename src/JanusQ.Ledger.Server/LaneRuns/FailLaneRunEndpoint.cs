using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>Says that a lane run ended without a result. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class FailLaneRunEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/failures</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/failures")]
    [Authorize(Policy = AccessPolicies.Work)]
    [Takes<FailLaneRunRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "unknown_evaluation", "submission_conflicted")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<FailLaneRunRequest>(context).ConfigureAwait(false);
        var command = new FailLaneRun
        {
            CandidateId = candidateId,
            RunId = request.RunId,
            EvaluationId = request.EvaluationId,
            ErrorCode = request.ErrorCode,
            Message = request.Message,
            By = context.Submitter(),
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
