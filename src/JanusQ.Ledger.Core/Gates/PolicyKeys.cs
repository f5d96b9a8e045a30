using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using static JanusQ.Ledger.Core.Gates.PolicySection;
using static JanusQ.Ledger.Core.Gates.PolicyStrictness;
using static JanusQ.Ledger.Core.Gates.PolicyTypes;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// The keys of policy documents (gates-and-policy.md 2.1 and 2.2): the single source of names, types, defaults, floors and meanings.
/// Loading, the effective policy, the difference of two policies and the published JSON Schema all follow it.
/// </summary>
public static class PolicyKeys
{
    private static readonly List<PolicyKey> Table = [];

    internal static readonly PolicyKey<string> PolicyVersion = Add(
        "policy_version", Matrix, Text, "v3-gates-1", None, "Label of the policy, copied into the gate report.");
    internal static readonly PolicyKey<string> RequiredFeatureSchemaVersion = Add(
        "required_feature_schema_version", Matrix, Text, "3.0.0", None, "Schema version of features that gate 0 accepts.");
    internal static readonly PolicyKey<Decimal28> Gate0MaxNullRate = Add(
        "gate0_max_null_rate", Matrix, Amount, Decimal28.Of("0.01"), Lower, "Largest share of missing required features.");
    internal static readonly PolicyKey<int> Gate0MaxStalenessMs = Add(
        "gate0_max_staleness_ms", Matrix, Int, 120000, Lower, "Largest 95th percentile of feature staleness, in milliseconds.");
    internal static readonly PolicyKey<int> Gate0MinSymbolCoverage = Add(
        "gate0_min_symbol_coverage", Matrix, Int, 1, Higher, "Fewest symbols.");
    internal static readonly PolicyKey<int> Gate1MinDecisionCount = Add(
        "gate1_min_decision_count", Matrix, Int, 1, Higher, "Fewest decisions.");
    internal static readonly PolicyKey<int> Gate1MinTradeCount = Add("gate1_min_trade_count", Matrix, Int, 1, Higher, "Fewest trades.");
    internal static readonly PolicyKey<Decimal28> Gate1MinNetPnl = Add(
        "gate1_min_net_pnl", Matrix, Amount, Decimal28.Of("0"), Higher, "Lowest net profit.");
    internal static readonly PolicyKey<Decimal28> Gate1MaxNegativeFoldRatio = Add(
        "gate1_max_negative_fold_ratio", Matrix, Amount, Decimal28.Of("0.5"), Lower, "Largest share of losing folds.");
    internal static readonly PolicyKey<Decimal28> Gate1MaxNetPnlCv = Add(
        "gate1_max_net_pnl_cv", Matrix, Amount, Decimal28.Of("2.0"), Lower, "Largest coefficient of variation of the profit of folds.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxDrawdown = Add(
        "gate2_max_drawdown", Matrix, Amount, Decimal28.Of("250"), Lower, "Largest drawdown.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxTurnoverRatio = Add(
        "gate2_max_turnover_ratio", Matrix, Amount, Decimal28.Of("8.0"), Lower, "Largest turnover ratio.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxCostBps = Add(
        "gate2_max_cost_bps", Matrix, Amount, Decimal28.Of("35"), Lower, "Largest cost, in basis points.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxTcaSlippageBps = Add(
        "gate2_max_tca_slippage_bps", Matrix, Amount, Decimal28.Of("25"), Lower, "Largest average slippage of orders, in basis points.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxTcaShortfallNotional = Add(
        "gate2_max_tca_shortfall_notional", Matrix, Amount, Decimal28.Of("25"), Lower,
        "Largest average shortfall of orders, in notional.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxTcaChurnRatio = Add(
        "gate2_max_tca_churn_ratio", Matrix, Amount, Decimal28.Of("0.75"), Lower, "Largest average churn of orders.");
    internal static readonly PolicyKey<Decimal28> Gate2MaxFragilityScore = Add(
        "gate2_max_fragility_score", Matrix, Amount, Decimal28.Of("0.85"), Lower, "Largest fragility score.");
    internal static readonly PolicyKey<int> Gate2MaxFragilityStateRank = Add(
        "gate2_max_fragility_state_rank", Matrix, Int, 2, Lower,
        "Highest rank of the fragility state: normal 0, elevated 1, stress 2, crisis 3.");
    internal static readonly PolicyKey<bool> Gate2RequireStabilityModeUnderStress = Add(
        "gate2_require_stability_mode_under_stress", Matrix, Bool, true, True, "Whether stress and crisis need stability mode.");
    internal static readonly PolicyKey<Decimal28> Gate3MaxLlmErrorRatio = Add(
        "gate3_max_llm_error_ratio", Matrix, Amount, Decimal28.Of("0.10"), Lower, "Largest share of failed language model calls.");
    internal static readonly PolicyKey<Decimal28> Gate3MaxForecastFallbackRate = Add(
        "gate3_max_forecast_fallback_rate", Matrix, Amount, Decimal28.Of("0.05"), Lower, "Largest share of forecasts that fell back.");
    internal static readonly PolicyKey<int> Gate3MaxForecastLatencyMsP95 = Add(
        "gate3_max_forecast_latency_ms_p95", Matrix, Int, 200, Lower, "Largest 95th percentile of forecast latency, in milliseconds.");
    internal static readonly PolicyKey<Decimal28> Gate3MinForecastCalibrationScore = Add(
        "gate3_min_forecast_calibration_score", Matrix, Amount, Decimal28.Of("0.85"), Higher, "Lowest calibration score of forecasts.");
    internal static readonly PolicyKey<bool> Gate6RequireProfitabilityEvidence = Add(
        "gate6_require_profitability_evidence", Matrix, Bool, true, True,
        "Whether profitability evidence is asked for; off, gates 6 and 7 pass unlooked, and its prerequisites and those of Janus go.");
    internal static readonly PolicyKey<Decimal28> Gate6MinMarketNetPnlDelta = Add(
        "gate6_min_market_net_pnl_delta", Matrix, Amount, Decimal28.Of("0"), Higher, "Lowest profit above the baseline over the market.");
    internal static readonly PolicyKey<Decimal28> Gate6MinRegimeSlicePassRatio = Add(
        "gate6_min_regime_slice_pass_ratio", Matrix, Amount, Decimal28.Of("0.50"), Higher,
        "Lowest share of regimes in which the baseline is matched.");
    internal static readonly PolicyKey<Decimal28> Gate6MinReturnOverDrawdown = Add(
        "gate6_min_return_over_drawdown", Matrix, Amount, Decimal28.Of("0"), Higher, "Lowest profit over drawdown.");
    internal static readonly PolicyKey<Decimal28> Gate6MaxCostBps = Add(
        "gate6_max_cost_bps", Matrix, Amount, Decimal28.Of("35"), Lower, "Largest cost in the profitability evidence, in basis points.");
    internal static readonly PolicyKey<Decimal28> Gate6MaxCalibrationError = Add(
        "gate6_max_calibration_error", Matrix, Amount, Decimal28.Of("0.45"), Lower, "Largest error of confidence against outcome.");
    internal static readonly PolicyKey<int> Gate6MinReproducibilityHashes = Add(
        "gate6_min_reproducibility_hashes", Matrix, Int, 5, Higher, "Fewest hashes of inputs and artifacts.");
    internal static readonly PolicyKey<bool> Gate6RequireJanusEvidence = Add(
        "gate6_require_janus_evidence", Matrix, Bool, true, True, "Whether Janus evidence is asked for by gate 6 and the prerequisites.");
    internal static readonly PolicyKey<int> Gate6MinJanusEventCount = Add(
        "gate6_min_janus_event_count", Matrix, Int, 1, Higher, "Fewest Janus events in the evidence summary.");
    internal static readonly PolicyKey<int> Gate6MinJanusRewardCount = Add(
        "gate6_min_janus_reward_count", Matrix, Int, 1, Higher, "Fewest Janus rewards in the evidence summary.");
    internal static readonly PolicyKey<Decimal28> Gate7TargetCoverage = Add(
        "gate7_target_coverage", Matrix, Amount, Decimal28.Of("0.90"), None,
        "Coverage that the uncertainty values must have been computed for.");
    internal static readonly PolicyKey<Decimal28> Gate7MaxCoverageErrorPass = Add(
        "gate7_max_coverage_error_pass", Matrix, Amount, Decimal28.Of("0.03"), Lower,
        "Coverage error above which the uncertainty gate degrades.");
    internal static readonly PolicyKey<Decimal28> Gate7MaxCoverageErrorDegrade = Add(
        "gate7_max_coverage_error_degrade", Matrix, Amount, Decimal28.Of("0.05"), Lower,
        "Coverage error above which the uncertainty gate degrades, named as such.");
    internal static readonly PolicyKey<Decimal28> Gate7MaxCoverageErrorAbstain = Add(
        "gate7_max_coverage_error_abstain", Matrix, Amount, Decimal28.Of("0.08"), Lower,
        "Coverage error above which the uncertainty gate abstains.");
    internal static readonly PolicyKey<Decimal28> Gate7ShiftScoreDegrade = Add(
        "gate7_shift_score_degrade", Matrix, Amount, Decimal28.Of("0.60"), Lower,
        "Regime shift from which the uncertainty gate degrades.");
    internal static readonly PolicyKey<Decimal28> Gate7ShiftScoreAbstain = Add(
        "gate7_shift_score_abstain", Matrix, Amount, Decimal28.Of("0.80"), Lower,
        "Regime shift from which the uncertainty gate abstains.");
    internal static readonly PolicyKey<Decimal28> Gate7ShiftScoreFail = Add(
        "gate7_shift_score_fail", Matrix, Amount, Decimal28.Of("0.95"), Lower, "Regime shift from which the uncertainty gate fails.");
    internal static readonly PolicyKey<Decimal28> Gate7MaxIntervalWidthPass = Add(
        "gate7_max_interval_width_pass", Matrix, Amount, Decimal28.Of("1.25"), Lower,
        "Interval width above which the uncertainty gate degrades.");
    internal static readonly PolicyKey<Decimal28> Gate7MaxIntervalWidthDegrade = Add(
        "gate7_max_interval_width_degrade", Matrix, Amount, Decimal28.Of("1.75"), Lower,
        "Interval width above which the uncertainty gate abstains.");
    internal static readonly PolicyKey<bool> Gate5LiveEnabled = Add(
        "gate5_live_enabled", Matrix, Bool, false, False, "Whether anything may reach live.");
    internal static readonly PolicyKey<bool> Gate5RequireApprovalToken = Add(
        "gate5_require_approval_token", Matrix, Bool, true, True, "Whether live needs an approval.");

    internal static readonly PolicyKey<int> Gate6MinConfidenceSamples = Add(
        "gate6_min_confidence_samples", PromotionChecks, Int, 1, Higher,
        "Fewest decisions with a confidence (validation of the evidence).");
    internal static readonly PolicyKey<ImmutableArray<string>> PromotionRequiredArtifacts = Add(
        "promotion_required_artifacts", PromotionChecks, FilePaths,
        [
            "research/candidate-spec.json",
            "backtest/evaluation-report.json",
            "gates/gate-evaluation.json",
        ], More,
        "Artifacts that every promotion needs.");
    internal static readonly PolicyKey<ImmutableArray<PromotionTarget>> PromotionRequirePatchTargets = Add(
        "promotion_require_patch_targets", PromotionChecks, Targets, [PromotionTarget.Paper, PromotionTarget.Live], More,
        "Targets that need the paper patch.");
    internal static readonly PolicyKey<ImmutableArray<PromotionTarget>> PromotionProfitabilityRequiredTargets = Add(
        "promotion_profitability_required_targets", PromotionChecks, Targets, [PromotionTarget.Paper, PromotionTarget.Live], More,
        "Targets whose prerequisites ask for profitability evidence.");
    internal static readonly PolicyKey<ImmutableArray<string>> PromotionProfitabilityRequiredArtifacts = Add(
        "promotion_profitability_required_artifacts", PromotionChecks, FilePaths,
        [
            "gates/profitability-evidence-v4.json",
            "gates/profitability-benchmark-v4.json",
            "gates/profitability-evidence-validation.json",
            "gates/recalibration-report.json",
        ], More,
        "Artifacts that profitability evidence consists of.");
    internal static readonly PolicyKey<string> PromotionProfitabilityEvidenceArtifact = Add(
        "promotion_profitability_evidence_artifact", PromotionChecks, FilePath, "gates/profitability-evidence-v4.json", None,
        "Where the evidence with its Janus block is read.");
    internal static readonly PolicyKey<string> PromotionProfitabilityValidationArtifact = Add(
        "promotion_profitability_validation_artifact", PromotionChecks, FilePath, "gates/profitability-evidence-validation.json", None,
        "Where the validation of the evidence is read.");
    internal static readonly PolicyKey<string> PromotionProfitabilityBenchmarkArtifact = Add(
        "promotion_profitability_benchmark_artifact", PromotionChecks, FilePath, "gates/profitability-benchmark-v4.json", None,
        "Where the benchmark is read.");
    internal static readonly PolicyKey<int> PromotionProfitabilityMinRegimeSlices = Add(
        "promotion_profitability_min_regime_slices", PromotionChecks, Int, 1, Higher, "Fewest regime slices in the benchmark.");
    internal static readonly PolicyKey<ImmutableArray<PromotionTarget>> PromotionJanusRequiredTargets = Add(
        "promotion_janus_required_targets", PromotionChecks, Targets, [PromotionTarget.Paper, PromotionTarget.Live], More,
        "Targets whose prerequisites ask for Janus artifacts.");
    internal static readonly PolicyKey<ImmutableArray<string>> PromotionJanusRequiredArtifacts = Add(
        "promotion_janus_required_artifacts", PromotionChecks, FilePaths,
        ["gates/janus-event-car-v1.json", "gates/janus-hgrm-reward-v1.json"], More,
        "Artifacts that Janus evidence consists of.");
    internal static readonly PolicyKey<string> PromotionJanusEventCarArtifact = Add(
        "promotion_janus_event_car_artifact", PromotionChecks, FilePath, "gates/janus-event-car-v1.json", None,
        "Where the event/CAR artifact is read.");
    internal static readonly PolicyKey<string> PromotionJanusHgrmRewardArtifact = Add(
        "promotion_janus_hgrm_reward_artifact", PromotionChecks, FilePath, "gates/janus-hgrm-reward-v1.json", None,
        "Where the reward artifact is read.");
    internal static readonly PolicyKey<bool> PromotionRequireJanusEvidence = Add(
        "promotion_require_janus_evidence", PromotionChecks, Bool, true, True,
        "Whether the Janus block of the promotion evidence is looked at.");
    internal static readonly PolicyKey<int> PromotionMinJanusEventCount = Add(
        "promotion_min_janus_event_count", PromotionChecks, Int, 1, Higher, "Fewest records in the event/CAR artifact.", 1);
    internal static readonly PolicyKey<int> PromotionMinJanusRewardCount = Add(
        "promotion_min_janus_reward_count", PromotionChecks, Int, 1, Higher, "Fewest rewards in the reward artifact.", 1);
    internal static readonly PolicyKey<int> PromotionMinSignalCount = Add(
        "promotion_min_signal_count", PromotionChecks, Int, 1, Higher, "Fewest signals.", 1);
    internal static readonly PolicyKey<int> PromotionMinDecisionCount = Add(
        "promotion_min_decision_count", PromotionChecks, Int, 1, Higher, "Fewest decisions.", 1);
    internal static readonly PolicyKey<int> PromotionMinTradeCount = Add(
        "promotion_min_trade_count", PromotionChecks, Int, 0, Higher, "Fewest trades.", 0);
    internal static readonly PolicyKey<int> PromotionMinFoldMetricsCount = Add(
        "promotion_min_fold_metrics_count", PromotionChecks, Int, 1, Higher, "Fewest folds with metrics.", 1);
    internal static readonly PolicyKey<int> PromotionMinStressCaseCount = Add(
        "promotion_min_stress_case_count", PromotionChecks, Int, 4, Higher, "Fewest stress cases.", 1);
    internal static readonly PolicyKey<bool> PromotionRequireRationale = Add(
        "promotion_require_rationale", PromotionChecks, Bool, true, True, "Whether a rationale is asked for.");
    internal static readonly PolicyKey<Decimal28> PromotionUncertaintyMaxCoverageError = Add(
        "promotion_uncertainty_max_coverage_error", PromotionChecks, Amount, Decimal28.Of("0.03"), Lower,
        "Largest coverage error that the prerequisites accept.");
    internal static readonly PolicyKey<ImmutableArray<string>> RollbackRequiredChecks = Add(
        "rollback_required_checks", PromotionChecks, Texts,
        [
            "killSwitchDryRunPassed",
            "gitopsRevertDryRunPassed",
            "strategyDisableDryRunPassed",
        ], More,
        "Rehearsals that must have passed.");
    internal static readonly PolicyKey<int> RollbackDryRunMaxAgeHours = Add(
        "rollback_dry_run_max_age_hours", PromotionChecks, Int, 72, Lower, "Oldest rehearsal, in hours.");
    internal static readonly PolicyKey<bool> RollbackRequireHumanApproval = Add(
        "rollback_require_human_approval", PromotionChecks, Bool, true, True, "Whether a human must have approved the rollback plan.");

    /// <summary>All keys in contract order: first those of the matrix.</summary>
    public static IReadOnlyList<PolicyKey> All { get; } = [.. Table];

    private static readonly Dictionary<string, PolicyKey> ByName = Table.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>The key of that name, or null if there is none.</summary>
    public static PolicyKey? Find(string name) => ByName.GetValueOrDefault(name);

    private static PolicyKey<T> Add<T>(
        string name, PolicySection section, PolicyType<T> type, T whenAbsent, PolicyStrictness strictness, string meaning,
        int? floor = null)
        where T : notnull
    {
        var key = new PolicyKey<T>(Table.Count, name, section, type, whenAbsent, strictness, meaning, floor);
        Table.Add(key);
        return key;
    }
}
