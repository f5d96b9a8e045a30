using static JanusQ.Ledger.Core.Gates.GateIds;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// The members of <c>gate-inputs-v1</c> that checks take (gates-and-policy.md section 3): the single source of names, types, ranges and of
/// the reasons they raise. There are no defaults (D4).
/// </summary>
internal static class GateInputs
{
    private const string Evidence = "profitability_evidence.";

    public static readonly TextInput FeatureSchemaVersion = new("feature_schema_version", DataIntegrity);
    public static readonly DecimalInput RequiredFeatureNullRate = new("required_feature_null_rate", DataIntegrity, 0, 1);
    public static readonly CountInput StalenessMsP95 = new("staleness_ms_p95", DataIntegrity);
    public static readonly CountInput SymbolCoverage = new("symbol_coverage", DataIntegrity);

    public static readonly BlockInput MetricsOfGate1 = new("metrics", StatisticalRobustness);
    public static readonly CountInput DecisionCount = new("metrics.decision_count", StatisticalRobustness);
    public static readonly CountInput TradeCount = new("metrics.trade_count", StatisticalRobustness);
    public static readonly DecimalInput NetPnl = new("metrics.net_pnl", StatisticalRobustness);
    public static readonly BlockInput Robustness = new("robustness", StatisticalRobustness);
    public static readonly CountInput FoldCount = new("robustness.fold_count", StatisticalRobustness);
    public static readonly CountInput NegativeFoldCount = new("robustness.negative_fold_count", StatisticalRobustness);
    public static readonly DecimalInput NetPnlCv = new("robustness.net_pnl_cv", StatisticalRobustness, 0);

    public static readonly BlockInput MetricsOfGate2 = new("metrics", RiskCapacity);
    public static readonly DecimalInput MaxDrawdown = new("metrics.max_drawdown", RiskCapacity, 0);
    public static readonly DecimalInput TurnoverRatio = new("metrics.turnover_ratio", RiskCapacity, 0);
    public static readonly DecimalInput CostBps = new("metrics.cost_bps", RiskCapacity, 0);
    public static readonly DecimalInput FragilityScore = new("fragility_score", RiskCapacity, 0, 1);
    public static readonly TextInput FragilityState = new("fragility_state", RiskCapacity);
    public static readonly FlagInput StabilityModeActive = new("stability_mode_active", RiskCapacity, GateReasons.StabilityModeInactive);
    public static readonly BlockInput TcaMetrics = new("tca_metrics", RiskCapacity);
    public static readonly CountInput OrderCount = new("tca_metrics.order_count", RiskCapacity);
    public static readonly DecimalInput AvgSlippageBps = new("tca_metrics.avg_slippage_bps", RiskCapacity);
    public static readonly DecimalInput AvgShortfallNotional = new("tca_metrics.avg_shortfall_notional", RiskCapacity);
    public static readonly DecimalInput AvgChurnRatio = new("tca_metrics.avg_churn_ratio", RiskCapacity, 0);

    public static readonly BlockInput LlmMetrics = new("llm_metrics", ShadowPaperQuality);
    public static readonly DecimalInput ErrorRatio = new("llm_metrics.error_ratio", ShadowPaperQuality, 0, 1);
    public static readonly BlockInput ForecastMetrics = new("forecast_metrics", ShadowPaperQuality);
    public static readonly DecimalInput FallbackRate = new(
        "forecast_metrics.fallback_rate", ShadowPaperQuality, 0, 1, "forecast_fallback_rate_missing");
    public static readonly DecimalInput InferenceLatencyMsP95 = new(
        "forecast_metrics.inference_latency_ms_p95", ShadowPaperQuality, 0, null, "forecast_inference_latency_p95_missing");
    public static readonly DecimalInput CalibrationScoreMin = new(
        "forecast_metrics.calibration_score_min", ShadowPaperQuality, 0, 1, "forecast_calibration_score_missing");

    public static readonly FlagInput OperationalReady = new("operational_ready", OperationalReadiness, GateReasons.OperationsNotReady);
    public static readonly FlagInput RunbookValidated = new("runbook_validated", OperationalReadiness, GateReasons.RunbookNotValidated);
    public static readonly FlagInput KillSwitchDryRunPassed = new(
        "kill_switch_dry_run_passed", OperationalReadiness, GateReasons.KillSwitchDryRunFailed);
    public static readonly FlagInput RollbackDryRunPassed = new(
        "rollback_dry_run_passed", OperationalReadiness, GateReasons.RollbackDryRunFailed);

    public static readonly BlockInput RiskAdjustedMetrics = new("risk_adjusted_metrics", ProfitabilityEvidence);
    public static readonly DecimalInput MarketNetPnlDelta = new(
        Evidence + "risk_adjusted_metrics.market_net_pnl_delta", ProfitabilityEvidence);
    public static readonly DecimalInput RegimeSlicePassRatio = new(
        Evidence + "risk_adjusted_metrics.regime_slice_pass_ratio", ProfitabilityEvidence, 0, 1);
    public static readonly DecimalInput ReturnOverDrawdown = new(
        Evidence + "risk_adjusted_metrics.return_over_drawdown", ProfitabilityEvidence);
    public static readonly BlockInput CostFillRealism = new("cost_fill_realism", ProfitabilityEvidence);
    public static readonly DecimalInput EvidenceCostBps = new(Evidence + "cost_fill_realism.cost_bps", ProfitabilityEvidence, 0);
    public static readonly BlockInput ConfidenceCalibration = new("confidence_calibration", ProfitabilityEvidence);
    public static readonly DecimalInput CalibrationError = new(
        Evidence + "confidence_calibration.calibration_error", ProfitabilityEvidence, 0);
    public static readonly BlockInput Reproducibility = new("reproducibility", ProfitabilityEvidence);
    public static readonly CountInput EventCount = new(Evidence + "janus_q.event_car.event_count", ProfitabilityEvidence);
    public static readonly CountInput RewardCount = new(Evidence + "janus_q.hgrm_reward.reward_count", ProfitabilityEvidence);

    public static readonly DecimalInput CoverageError = new(Evidence + "confidence_calibration.coverage_error", UncertaintyCalibration, 0);
    public static readonly DecimalInput AvgIntervalWidth = new(
        Evidence + "confidence_calibration.avg_interval_width", UncertaintyCalibration, 0);
    public static readonly DecimalInput ShiftScore = new(Evidence + "confidence_calibration.shift_score", UncertaintyCalibration, 0, 1);
    public static readonly DecimalInput TargetCoverage = new(
        Evidence + "confidence_calibration.target_coverage", UncertaintyCalibration, 0, 1);
    public static readonly DecimalInput ObservedCoverage = new(
        Evidence + "confidence_calibration.observed_coverage", UncertaintyCalibration, 0, 1);

    public static readonly TextInput ApprovalToken = new("approval_token", LiveRampReadiness);

    /// <summary>All inputs that are taken by themselves, in the order of the gates.</summary>
    public static readonly IReadOnlyList<GateInput> All =
    [
        FeatureSchemaVersion, RequiredFeatureNullRate, StalenessMsP95, SymbolCoverage,
        DecisionCount, TradeCount, NetPnl, FoldCount, NegativeFoldCount, NetPnlCv,
        MaxDrawdown, TurnoverRatio, CostBps, FragilityScore, FragilityState, StabilityModeActive,
        OrderCount, AvgSlippageBps, AvgShortfallNotional, AvgChurnRatio,
        ErrorRatio, FallbackRate, InferenceLatencyMsP95, CalibrationScoreMin,
        OperationalReady, RunbookValidated, KillSwitchDryRunPassed, RollbackDryRunPassed,
        MarketNetPnlDelta, RegimeSlicePassRatio, ReturnOverDrawdown, EvidenceCostBps, CalibrationError, EventCount, RewardCount,
        ApprovalToken,
    ];

    /// <summary>The uncertainty values, which gate 7 takes together: its reasons do not name them one by one.</summary>
    public static readonly IReadOnlyList<DecimalInput> Uncertainty =
        [CoverageError, ShiftScore, AvgIntervalWidth, TargetCoverage, ObservedCoverage];

    /// <summary>All blocks.</summary>
    public static readonly IReadOnlyList<BlockInput> Blocks =
    [
        MetricsOfGate1, Robustness, MetricsOfGate2, TcaMetrics, LlmMetrics, ForecastMetrics, RiskAdjustedMetrics, CostFillRealism,
        ConfidenceCalibration, Reproducibility,
    ];

    /// <summary>Every reason that taking inputs can raise.</summary>
    public static IEnumerable<ReasonCode> Reasons => All.SelectMany(input => input.Reasons).Concat(Blocks.Select(block => block.Invalid));
}
