using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// The file <c>gates/gate-evaluation.json</c>, which starts as a draft that the checks read and the trace id covers, and ends with the
/// recommendation (lane.md section 18).
/// </summary>
internal sealed class GateReportFile
{
    public const int StressCases = 4;

    private static readonly string[] StressNames = ["spread", "volatility", "liquidity", "halt"];

    private readonly GateReport _report;
    private readonly LaneIdentity _identity;
    private readonly JsonObject _measured;
    private readonly JsonObject _evidence;

    public GateReportFile(
        GateReport report,
        LaneIdentity identity,
        int signalCount,
        EvaluationReport evaluation,
        EventCarArtifact eventCar,
        HgrmRewardArtifact reward,
        EvidenceSummary summary)
    {
        _report = report;
        _identity = identity;
        SortedReasons = [.. report.Reasons.Order(CodePoints.Order)];
        _measured = JsonObject.Of(
        [
            .. report.ToJson().Members.Select(member => (member.Key, member.Value)),
            ("run_id", identity.RunId),
            ("throughput", Throughput(signalCount, evaluation.Metrics)),
        ]);
        _evidence = JsonObject.Of(
            ("fold_metrics", FoldMetrics(evaluation.Robustness)),
            ("stress_metrics", StressMetrics(evaluation.Metrics)),
            ("janus_q", JsonObject.Of(
                ("event_car", JsonObject.Of(("count", eventCar.Summary.EventCount), ("artifact_ref", LanePaths.EventCar))),
                ("hgrm_reward", JsonObject.Of(("count", reward.Summary.RewardCount), ("artifact_ref", LanePaths.Reward))),
                ("evidence_complete", summary.IsComplete),
                ("reasons", JsonArray.OfTexts(summary.Reasons)))));
        var draft = With(JsonObject.Of(
            ("requested_target", report.Target.Name()),
            ("gate_recommended_mode", report.RecommendedMode.Name()),
            ("gate_reasons", JsonArray.OfTexts(SortedReasons)),
            ("rationale_text", "Gate matrix recommendation captured from deterministic evaluation artifacts.")));
        TraceId = CanonicalJson.Id(draft);
        Draft = draft.With("provenance", JsonObject.Of(("gate_report_trace_id", TraceId)));
    }

    /// <summary>The reasons of the gates, sorted, duplicates kept.</summary>
    public IReadOnlyList<string> SortedReasons { get; }

    /// <summary>The id of the draft.</summary>
    public string TraceId { get; }

    /// <summary>What the checks read.</summary>
    public JsonObject Draft { get; }

    /// <summary>The file as it is emitted.</summary>
    public JsonObject Final(PromotionRecommendation recommendation)
    {
        var mode = recommendation.Basis.RecommendedMode.Name();
        var reasons = JsonArray.OfTexts(recommendation.Reasons);
        return With(JsonObject.Of(
                ("requested_target", _report.Target.Name()),
                ("gate_recommended_mode", _report.RecommendedMode.Name()),
                ("recommended_mode", mode),
                ("promotion_allowed", recommendation.Eligible),
                ("reason_codes", reasons),
                ("recommendation_trace_id", recommendation.TraceId),
                ("rationale_text", "Promotion decision derives from gate, prerequisite, and rollback checks.")))
            .With("provenance", JsonObject.Of(
                ("gate_report_trace_id", TraceId),
                ("recommendation_trace_id", recommendation.TraceId),
                ("profitability_benchmark_artifact", LanePaths.Benchmark),
                ("profitability_evidence_artifact", LanePaths.Evidence),
                ("profitability_validation_artifact", LanePaths.Validation),
                ("janus_event_car_artifact", LanePaths.EventCar),
                ("janus_hgrm_reward_artifact", LanePaths.Reward),
                ("recalibration_artifact", LanePaths.Recalibration),
                ("promotion_gate_artifact", LanePaths.EvidenceGate)))
            .With("promotion_recommendation", recommendation.ToJson())
            .With("promotion_decision", JsonObject.Of(
                ("candidate_id", _identity.CandidateId),
                ("promotion_target", _report.Target.Name()),
                ("recommended_mode", mode),
                ("promotion_allowed", recommendation.Eligible),
                ("reason_codes", reasons),
                ("promotion_gate_artifact", LanePaths.EvidenceGate)));
    }

    private JsonObject With(JsonObject rationale) => _measured.With("promotion_evidence", _evidence.With("promotion_rationale", rationale));

    private static JsonObject Throughput(int signalCount, DecisionMetrics metrics) => JsonObject.Of(
        ("signal_count", signalCount),
        ("decision_count", metrics.DecisionCount),
        ("trade_count", metrics.TradeCount),
        ("no_signal_window", false),
        ("no_signal_reason", JsonValue.Null),
        ("fold_metrics_count", 1),
        ("stress_metrics_count", StressCases));

    private static JsonObject FoldMetrics(FoldStability robustness) => JsonObject.Of(
        ("count", robustness.Folds.Count),
        ("items", new JsonArray(robustness.Folds.Select(fold => JsonObject.Of(
            ("fold_name", fold.Name),
            ("decision_count", fold.Metrics.DecisionCount),
            ("trade_count", fold.Metrics.TradeCount),
            ("net_pnl", fold.Metrics.NetPnl.ToString()),
            ("max_drawdown", fold.Metrics.MaxDrawdown.ToString()),
            ("cost_bps", fold.Metrics.CostBps.ToString()),
            ("regime_label", fold.RegimeLabel))))),
        ("artifact_ref", LanePaths.EvaluationReport));

    /// <summary>No stress is applied: four copies of the plain metrics, to be read as what they are.</summary>
    private static JsonObject StressMetrics(DecisionMetrics metrics) => JsonObject.Of(
        ("count", StressCases),
        ("items", new JsonArray(StressNames.Select(name => JsonObject.Of(
            ("case", name),
            ("max_drawdown", metrics.MaxDrawdown.ToString()),
            ("cost_bps", metrics.CostBps.ToString()),
            ("turnover_ratio", metrics.TurnoverRatio.ToString()),
            ("net_pnl", metrics.NetPnl.ToString()),
            ("gross_pnl", metrics.GrossPnl.ToString()),
            ("decision_count", metrics.DecisionCount),
            ("trade_count", metrics.TradeCount))))),
        ("artifact_ref", "db:research_stress_metrics"));
}
