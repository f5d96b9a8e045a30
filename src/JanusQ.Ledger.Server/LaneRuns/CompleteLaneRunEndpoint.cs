using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>Says that all artifacts of an evaluation are there. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class CompleteLaneRunEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/evaluations/{evaluationId}/complete</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/evaluations/{evaluationId}/complete")]
    [Authorize(Policy = AccessPolicies.Work)]
    [Takes<CompleteLaneRunRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "unknown_evaluation", "submission_conflicted", "artifacts_incomplete")]
    public static async Task<IResult> Handle(string candidateId, string evaluationId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<CompleteLaneRunRequest>(context).ConfigureAwait(false);
        var command = new CompleteLaneRun
        {
            CandidateId = candidateId,
            EvaluationId = evaluationId,
            ArtifactCount = request.ArtifactCount,
            ArtifactSetSha256 = RequestBody.Hash("artifact_set_sha256", request.ArtifactSetSha256),
            By = context.Submitter(),
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
