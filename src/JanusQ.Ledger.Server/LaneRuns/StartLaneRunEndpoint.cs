using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.LaneRuns;

/// <summary>Begins an evaluation of a lane run. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class StartLaneRunEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/evaluations</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/evaluations")]
    [Authorize(Policy = AccessPolicies.Work)]
    [Takes<StartLaneRunRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "submission_conflicted", "evaluation_failed")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<StartLaneRunRequest>(context).ConfigureAwait(false);
        var by = context.Submitter();
        var command = new StartLaneRun
        {
            CandidateId = candidateId,
            By = by,
            RunId = request.RunId,
            Target = RequestBody.Target("target", request.Target),
            SignalsSha256 = RequestBody.Hash("signals_sha256", request.SignalsSha256),
            StrategyConfigSha256 = RequestBody.Hash("strategy_config_sha256", request.StrategyConfigSha256),
            GatePolicySha256 = RequestBody.Hash("gate_policy_sha256", request.GatePolicySha256),
            Documents = DocumentsOf(request.Documents),
            CodeVersion = request.CodeVersion,
            EvaluatedAt = RequestBody.Instant("evaluated_at", request.EvaluatedAt),
            Worker = by.Actor,
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }

    private static OptionalDocuments DocumentsOf(OptionalDocumentHashes? hashes) => hashes is null
        ? OptionalDocuments.None
        : new OptionalDocuments
        {
            StrategyConfigmap = RequestBody.OptionalHash("documents.strategy_configmap", hashes.StrategyConfigmap),
            ForecastMetrics = RequestBody.OptionalHash("documents.forecast_metrics", hashes.ForecastMetrics),
            RollbackReadiness = RequestBody.OptionalHash("documents.rollback_readiness", hashes.RollbackReadiness),
            TcaMetrics = RequestBody.OptionalHash("documents.tca_metrics", hashes.TcaMetrics),
            LlmMetrics = RequestBody.OptionalHash("documents.llm_metrics", hashes.LlmMetrics),
            DriftEvidence = RequestBody.OptionalHash("documents.drift_evidence", hashes.DriftEvidence),
        };
}
