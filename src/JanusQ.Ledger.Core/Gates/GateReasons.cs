using static JanusQ.Ledger.Core.Gates.GateIds;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>The reasons of the gates, beside those of taking inputs (gates-and-policy.md section 4).</summary>
internal static class GateReasons
{
    private static readonly List<ReasonCode> Declared = [];

    public static readonly ReasonCode SchemaVersionIncompatible = Add("schema_version_incompatible", DataIntegrity,
        "The features have another schema version than the policy requires.",
        "Produce the features with the required schema, or change the policy.");
    public static readonly ReasonCode NullRateExceeds = Add("required_feature_null_rate_exceeds_threshold", DataIntegrity,
        "Too many required features are missing.", "Repair the source of the features, or leave out the window where they are missing.");
    public static readonly ReasonCode StalenessExceeds = Add("feature_staleness_exceeds_budget", DataIntegrity,
        "The features reach the lane too late.", "Find out what delays ingestion, and run again on fresh signals.");
    public static readonly ReasonCode SymbolCoverageBelow = Add("symbol_coverage_below_minimum", DataIntegrity,
        "The signals cover too few symbols.", "Run the lane on more symbols.");

    public static readonly ReasonCode DecisionCountBelow = Add("decision_count_below_minimum", StatisticalRobustness,
        "There are too few decisions to judge the strategy.", "Run the lane on a longer window.");
    public static readonly ReasonCode TradeCountBelow = Add("trade_count_below_minimum", StatisticalRobustness,
        "There are too few trades to judge the strategy.", "Run the lane on a longer window.");
    public static readonly ReasonCode NetPnlBelow = Add("net_pnl_below_minimum", StatisticalRobustness,
        "The strategy earns less than the policy asks for.", "Improve the strategy; this is what the gate is for.");
    public static readonly ReasonCode FoldCountBelow = Add("fold_count_below_minimum", StatisticalRobustness,
        "There is no fold, so nothing shows that the result holds beyond one window.", "Run the walk-forward with at least one fold.");
    public static readonly ReasonCode NegativeFoldRatioExceeds = Add("negative_fold_ratio_exceeds_threshold", StatisticalRobustness,
        "Too many folds lose money.", "Improve the strategy, or find the regimes in which it should not trade.");
    public static readonly ReasonCode NetPnlCvExceeds = Add("net_pnl_cv_exceeds_threshold", StatisticalRobustness,
        "The profit varies too much from fold to fold.", "Improve the strategy, or find the regimes in which it should not trade.");

    public static readonly ReasonCode DrawdownExceeds = Add("drawdown_exceeds_maximum", RiskCapacity,
        "The largest drawdown is above the limit.", "Reduce position sizes or the number of positions at once.");
    public static readonly ReasonCode TurnoverExceeds = Add("turnover_ratio_exceeds_maximum", RiskCapacity,
        "The strategy trades too much for its size.", "Trade less often, or only on stronger signals.");
    public static readonly ReasonCode CostExceeds = Add("cost_bps_exceeds_maximum", RiskCapacity,
        "Trading costs too much.", "Trade less often, or in more liquid symbols.");
    public static readonly ReasonCode FragilityScoreExceeds = Add("fragility_score_exceeds_maximum", RiskCapacity,
        "The market is more fragile than the policy allows.", "Wait, or reduce exposure.");
    public static readonly ReasonCode FragilityStateUnknown = Add("fragility_state_unknown", RiskCapacity,
        "The fragility state is none of normal, elevated, stress and crisis.", "Correct what the allocator reports.");
    public static readonly ReasonCode FragilityStateExceeds = Add("fragility_state_exceeds_maximum", RiskCapacity,
        "The fragility state is worse than the policy allows.", "Wait for calmer markets.");
    public static readonly ReasonCode StabilityModeInactive = Add("fragility_stability_mode_inactive", RiskCapacity,
        "The market is under stress and stability mode is not active.", "Activate stability mode and run again.");
    public static readonly ReasonCode TcaSlippageExceeds = Add("tca_slippage_exceeds_maximum", RiskCapacity,
        "Orders slip more than the policy allows.", "Review execution: order types, sizes and times.");
    public static readonly ReasonCode TcaShortfallExceeds = Add("tca_shortfall_exceeds_maximum", RiskCapacity,
        "Orders fall short of their decision price by more than the policy allows.", "Review execution: order types, sizes and times.");
    public static readonly ReasonCode TcaChurnExceeds = Add("tca_churn_ratio_exceeds_maximum", RiskCapacity,
        "Orders are replaced and cancelled too often.", "Review how orders are managed.");

    public static readonly ReasonCode LlmErrorRatioExceeds = Add("llm_error_ratio_exceeds_threshold", ShadowPaperQuality,
        "Too many calls of the language model fail.", "Repair the language model's service, or switch it off.");
    public static readonly ReasonCode ForecastFallbackExceeds = Add("forecast_fallback_rate_exceeds_threshold", ShadowPaperQuality,
        "Too many forecasts fell back to a simpler model.", "Find out why the forecast model was not available.");
    public static readonly ReasonCode ForecastLatencyExceeds = Add("forecast_inference_latency_exceeds_threshold", ShadowPaperQuality,
        "Forecasts take too long.", "Give the forecast model more capacity, or make it smaller.");
    public static readonly ReasonCode ForecastCalibrationBelow = Add("forecast_calibration_score_below_threshold", ShadowPaperQuality,
        "The forecasts are badly calibrated.", "Recalibrate the forecast model.");

    public static readonly ReasonCode OperationsNotReady = Add("operational_readiness_incomplete", OperationalReadiness,
        "Operations have not declared themselves ready.", "Complete the readiness checklist and record it.");
    public static readonly ReasonCode RunbookNotValidated = Add("runbook_not_validated", OperationalReadiness,
        "The runbook was not validated.", "Walk through the runbook and record it.");
    public static readonly ReasonCode KillSwitchDryRunFailed = Add("kill_switch_dry_run_failed", OperationalReadiness,
        "The rehearsal of the kill switch failed.", "Repair the kill switch, rehearse it again and record the drill.");
    public static readonly ReasonCode RollbackDryRunFailed = Add("rollback_dry_run_failed", OperationalReadiness,
        "The rehearsal of the rollback failed.", "Repair the rollback, rehearse it again and record the drill.");

    public static readonly ReasonCode EvidenceMissing = Add("profitability_evidence_missing", ProfitabilityEvidence,
        "There is no profitability evidence.", "Run the lane so that it emits gates/profitability-evidence-v4.json.");
    public static readonly ReasonCode EvidenceInvalid = Add("profitability_evidence_invalid", ProfitabilityEvidence,
        "The profitability evidence is not an object.", "Submit the evidence document as the lane emits it.");
    public static readonly ReasonCode EvidenceSchemaInvalid = Add("profitability_evidence_schema_invalid", ProfitabilityEvidence,
        "The profitability evidence is not of schema profitability-evidence-v4.", "Produce it with a lane of this version.");
    public static readonly ReasonCode BenchmarkSchemaInvalid = Add("profitability_benchmark_schema_invalid", ProfitabilityEvidence,
        "The benchmark in the evidence is not of schema profitability-benchmark-v4.", "Produce it with a lane of this version.");
    public static readonly ReasonCode EvidenceValidationFailed = Add("profitability_evidence_validation_failed", ProfitabilityEvidence,
        "The validation of the evidence did not pass.", "Read the reasons in gates/profitability-evidence-validation.json.");
    public static readonly ReasonCode MarketDeltaBelow = Add("profitability_market_net_pnl_delta_below_threshold", ProfitabilityEvidence,
        "The candidate does not beat the baseline by what the policy asks for.", "Improve the strategy; this is what the gate is for.");
    public static readonly ReasonCode RegimeSliceRatioBelow = Add("profitability_regime_slice_ratio_below_threshold", ProfitabilityEvidence,
        "The candidate is worse than the baseline in too many regimes.", "Find the regimes in which it should not trade.");
    public static readonly ReasonCode ReturnOverDrawdownBelow = Add(
        "profitability_return_over_drawdown_below_threshold", ProfitabilityEvidence,
        "The profit is too small for the drawdown it takes.", "Reduce the drawdown, or earn more for it.");
    public static readonly ReasonCode EvidenceCostExceeds = Add("profitability_cost_bps_exceeds_threshold", ProfitabilityEvidence,
        "Trading costs too much in the profitability evidence.", "Trade less often, or in more liquid symbols.");
    public static readonly ReasonCode CalibrationErrorExceeds = Add(
        "profitability_calibration_error_exceeds_threshold", ProfitabilityEvidence,
        "The confidence of decisions is too far from their outcome.", "Recalibrate the confidence.");
    public static readonly ReasonCode HashesMissing = Add("artifact_hashes_missing", ProfitabilityEvidence,
        "The evidence lists no hashes of its inputs and artifacts.", "Produce the evidence with a lane that hashes what it used.");
    public static readonly ReasonCode HashesInvalid = Add("artifact_hashes_invalid", ProfitabilityEvidence,
        "The hashes of inputs and artifacts are not an object.", "Produce the evidence with a lane of this version.");
    public static readonly ReasonCode HashesBelow = Add("profitability_reproducibility_hashes_below_threshold", ProfitabilityEvidence,
        "Too few inputs and artifacts are hashed to reproduce the evidence.", "Produce the evidence with a lane that hashes all it used.");
    public static readonly ReasonCode JanusSchemaInvalid = Add("janus_q_evidence_schema_invalid", ProfitabilityEvidence,
        "The Janus block of the evidence is missing or not of schema janus-q-evidence-v1.",
        "Emit the Janus evidence summary with the evidence.");
    public static readonly ReasonCode JanusIncomplete = Add("janus_q_evidence_incomplete", ProfitabilityEvidence,
        "The Janus evidence is incomplete, or says it is complete and contradicts itself.",
        "Map every reward to its event, and produce both again.");
    public static readonly ReasonCode EventCarSchemaInvalid = Add("janus_event_car_schema_invalid", ProfitabilityEvidence,
        "The event/CAR evidence is not of schema janus-event-car-v1.", "Produce the event/CAR artifact with a lane of this version.");
    public static readonly ReasonCode EventCarCountBelow = Add("janus_event_car_count_below_threshold", ProfitabilityEvidence,
        "There are too few Janus events.", "Run the lane on a longer window.");
    public static readonly ReasonCode RewardSchemaInvalid = Add("janus_hgrm_reward_schema_invalid", ProfitabilityEvidence,
        "The reward evidence is not of schema janus-hgrm-reward-v1.", "Produce the reward artifact with a lane of this version.");
    public static readonly ReasonCode RewardCountBelow = Add("janus_hgrm_reward_count_below_threshold", ProfitabilityEvidence,
        "There are too few Janus rewards.", "Run the lane on a window with more decisions.");

    public static readonly ReasonCode UncertaintyInputsInvalid = Add("uncertainty_inputs_missing_or_invalid", UncertaintyCalibration,
        "One of coverage error, shift score, interval width, target and observed coverage is missing or no decimal.",
        "Submit all five with the confidence calibration.");
    public static readonly ReasonCode UncertaintyInputsOutOfRange = Add("uncertainty_inputs_out_of_range", UncertaintyCalibration,
        "One of the five uncertainty values is outside its range.", "Find out how it was computed: such a value cannot be.");
    public static readonly ReasonCode UncertaintyInputsInconsistent = Add("uncertainty_inputs_inconsistent", UncertaintyCalibration,
        "The observed coverage is further below the target than the coverage error admits.", "Compute the three from the same sample.");
    public static readonly ReasonCode TargetCoverageMismatch = Add("uncertainty_target_coverage_mismatch", UncertaintyCalibration,
        "The uncertainty values were computed for another target coverage than the policy's.",
        "Compute them for the policy's target coverage.");
    public static readonly ReasonCode ShiftScoreFails = Add("regime_shift_score_fail_threshold_exceeded", UncertaintyCalibration,
        "The regime has shifted so far that the calibration no longer means anything.", "Recalibrate on the current regime.");
    public static readonly ReasonCode AbstainThresholdExceeded = Add("uncertainty_abstain_threshold_exceeded", UncertaintyCalibration,
        "Coverage error, regime shift or interval width is so large that the gate abstains.", "Recalibrate on the current regime.");
    public static readonly ReasonCode DegradeThresholdExceeded = Add("uncertainty_degrade_threshold_exceeded", UncertaintyCalibration,
        "Coverage error, regime shift or interval width is so large that the gate degrades.", "Recalibrate on the current regime.");
    public static readonly ReasonCode CoverageErrorSloExceeded = Add("coverage_error_slo_exceeded", UncertaintyCalibration,
        "The coverage error is above its objective.", "Recalibrate.");
    public static readonly ReasonCode RecalibrationRunMissing = Add("recalibration_run_id_missing", UncertaintyCalibration,
        "The calibration is not good and no recalibration was requested.", "Request a recalibration and submit its run id.");
    public static readonly ReasonCode RecalibrationArtifactMissing = Add("recalibration_artifact_missing", UncertaintyCalibration,
        "The calibration is not good and no recalibration report is named.", "Submit the path of the recalibration report.");
    public static readonly ReasonCode ActionDegrade = Add("uncertainty_gate_action_degrade", UncertaintyCalibration,
        "The uncertainty gate degrades.", "See the reason beside it.");
    public static readonly ReasonCode ActionAbstain = Add("uncertainty_gate_action_abstain", UncertaintyCalibration,
        "The uncertainty gate abstains.", "See the reason beside it.");
    public static readonly ReasonCode ActionFail = Add("uncertainty_gate_action_fail", UncertaintyCalibration,
        "The uncertainty gate fails.", "See the reason beside it.");

    public static readonly ReasonCode LiveDisabled = Add("live_rollout_disabled_by_policy", LiveRampReadiness,
        "The policy lets nothing reach live.", "Activate a policy that enables live; that needs another actor's approval.");

    /// <summary>All of them, with those of taking inputs.</summary>
    public static IEnumerable<ReasonCode> All => Declared.Concat(GateInputs.Reasons);

    private static ReasonCode Add(string code, string gate, string explanation, string remedy)
    {
        var reason = new ReasonCode(code, gate, explanation, remedy);
        Declared.Add(reason);
        return reason;
    }
}
