using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The file <c>research/candidate-spec.json</c>: what the candidate is, and what was recommended (lane.md section 19).</summary>
internal static class CandidateSpec
{
    /// <summary>The parameters of all strategies in order, disabled ones too: what the candidate hash covers.</summary>
    public static JsonArray ParameterSet(IReadOnlyList<Strategy> strategies) => new(strategies.Select(strategy => JsonObject.Of(
        ("strategy_id", strategy.StrategyId.Value),
        ("strategy_type", strategy.StrategyType),
        ("version", strategy.Version),
        ("priority", new JsonInteger(strategy.Priority)),
        ("base_timeframe", strategy.BaseTimeframe),
        ("enabled", strategy.Enabled),
        ("params", strategy.Params))));

    public static JsonObject Build(
        LaneIdentity identity,
        string candidateHash,
        PromotionTarget target,
        SignalPass pass,
        IReadOnlyList<Strategy> strategies,
        PromotionRecommendation recommendation) => JsonObject.Of(
        ("run_id", identity.RunId),
        ("candidate_id", identity.CandidateId),
        ("candidate_hash", candidateHash),
        ("promotion_target", target.Name()),
        ("bounded_llm", JsonObject.Of(
            ("enabled", false),
            ("actuation_allowed", false),
            ("notes", "LLM path is advisory only. Deterministic risk/firewall are final authority."))),
        ("runtime_errors", Sorted(pass.Candidate.Errors)),
        ("baseline_runtime_errors", Sorted(pass.Baseline.Errors)),
        ("artifacts", JsonObject.Of(
            ("walkforward_results", LanePaths.WalkForwardResults),
            ("evaluation_report", LanePaths.EvaluationReport),
            ("baseline_evaluation_report", LanePaths.BaselineReport),
            ("gate_report", LanePaths.GateReport),
            ("profitability_benchmark", LanePaths.Benchmark),
            ("profitability_evidence", LanePaths.Evidence),
            ("profitability_validation", LanePaths.Validation),
            ("janus_event_car", LanePaths.EventCar),
            ("janus_hgrm_reward", LanePaths.Reward),
            ("recalibration_report", LanePaths.Recalibration))),
        ("candidate_spec", JsonObject.Of(
            ("runtime_strategies", new JsonArray(strategies.Select(strategy => JsonObject.Of(
                ("strategy_id", strategy.StrategyId.Value),
                ("strategy_type", strategy.StrategyType),
                ("version", strategy.Version),
                ("params", strategy.Params),
                ("enabled", strategy.Enabled))))))),
        ("promotion_recommendation", recommendation.ToJson()),
        ("promotion_evidence_requirements", JsonObject.Of(
            ("fold_metrics_count", 1),
            ("stress_case_count", GateReportFile.StressCases),
            ("rationale_required", true),
            ("rationale_reason_codes", JsonArray.OfTexts(recommendation.Reasons)))));

    private static JsonArray Sorted(IEnumerable<string> errors) => JsonArray.OfTexts(errors.Order(CodePoints.Order));
}
