using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>The reasons of prerequisites, rollback readiness, drift and recommendation (gates-and-policy.md sections 6 to 9).</summary>
internal static class PromotionReasons
{
    private const string Prerequisites = "promotion_prerequisites";
    private const string Rollback = "rollback_readiness";
    private const string Drift = "drift_governance";
    private const string Recommendation = "recommendation";

    private static readonly List<ReasonCode> Declared = [];

    public static readonly ReasonCode ArtifactsMissing = Add("required_artifacts_missing", Prerequisites,
        "An artifact that the policy requires is not there.", "Emit the artifacts listed in missing_artifacts.");

    public static readonly ReasonCode CandidatePaused = Add("candidate_paused_for_review", Prerequisites,
        "The candidate is paused.", "Finish the review and resume the candidate.");
    public static readonly ReasonCode NotPromotable = Add("gate_report_not_promotable", Prerequisites,
        "The gate report does not allow the promotion.", "See the reasons of the gates.");
    public static readonly ReasonCode ModeBelowTarget = Add("gate_recommended_mode_below_target", Prerequisites,
        "The gates recommend a lower mode than was asked for.", "Ask for the recommended mode, or see the reasons of the gates.");
    public static readonly ReasonCode ReportInconsistent = Add("gate_report_inconsistent", Prerequisites,
        "The gate report allows the promotion and contradicts that elsewhere.", "Evaluate the gates again; do not edit a report.");
    public static readonly ReasonCode Gate0NotPassed = NotPassed(GateIds.DataIntegrity);
    public static readonly ReasonCode Gate1NotPassed = NotPassed(GateIds.StatisticalRobustness);
    public static readonly ReasonCode Gate2NotPassed = NotPassed(GateIds.RiskCapacity);
    public static readonly ReasonCode Gate7NotPassed = NotPassed(GateIds.UncertaintyCalibration);

    public static readonly ReasonCode UncertaintyNotPass = Add("uncertainty_gate_not_pass", Prerequisites,
        "The action of the uncertainty gate is not pass.", "Recalibrate and evaluate again.");
    public static readonly ReasonCode UncertaintySloFailed = Add("uncertainty_calibration_slo_failed", Prerequisites,
        "The coverage error is missing or above the maximum for promotions.", "Recalibrate and evaluate again.");
    public static readonly ReasonCode RecalibrationRunMissing = Add("uncertainty_recalibration_run_missing", Prerequisites,
        "The calibration is not good and no recalibration run is named.", "Request a recalibration and name its run.");

    public static readonly ReasonCode NoSignalWindow = Add("no_signal_window_detected", Prerequisites,
        "The run covers a window without signals.", "Run the lane on a window with signals.");
    public static readonly ReasonCode ThroughputMissing = Add("throughput_missing", Prerequisites,
        "The gate report does not say how many signals, decisions and trades there were.", "Emit the gate report with its throughput.");
    public static readonly ReasonCode SignalCountBelow = Add("signal_count_below_minimum_for_progression", Prerequisites,
        "There were too few signals.", "Run the lane on a longer window.");
    public static readonly ReasonCode DecisionCountBelow = Add("decision_count_below_minimum_for_progression", Prerequisites,
        "There were too few decisions.", "Run the lane on a longer window.");
    public static readonly ReasonCode TradeCountBelow = Add("trade_count_below_minimum_for_progression", Prerequisites,
        "There were too few trades.", "Run the lane on a longer window.");

    public static readonly ReasonCode RunIdMismatch = Add("run_id_mismatch_between_state_and_gate_report", Prerequisites,
        "Candidate state and gate report do not name the same run.", "Submit the state and the report of one run.");
    public static readonly ReasonCode ValidationMissing = Add("profitability_evidence_validation_missing", Prerequisites,
        "The validation of the profitability evidence is missing or cannot be read.", "Emit the validation with the run.");
    public static readonly ReasonCode ValidationFailed = Add("profitability_evidence_validation_failed", Prerequisites,
        "The validation of the profitability evidence did not pass.", "See validation_reasons in the details.");
    public static readonly ReasonCode BenchmarkMissing = Add("profitability_benchmark_missing", Prerequisites,
        "The profitability benchmark is missing or cannot be read.", "Emit the benchmark with the run.");
    public static readonly ReasonCode RegimeCoverageInsufficient = Add(
        "profitability_benchmark_regime_coverage_insufficient", Prerequisites,
        "The benchmark compares too few regimes.", "Run the lane on a window with more regimes.");

    public static readonly ReasonCode EventCarMissing = Add("janus_event_car_artifact_missing", Prerequisites,
        "The event/CAR artifact is missing or cannot be read.", "Emit the event/CAR artifact with the run.");
    public static readonly ReasonCode EventCarSchema = Add("janus_event_car_schema_invalid", Prerequisites,
        "The event/CAR artifact is not of schema janus-event-car-v1.", "Produce it with a lane of this version.");
    public static readonly ReasonCode EventCarCountBelow = Add("janus_event_car_count_below_minimum", Prerequisites,
        "The event/CAR artifact has too few records.", "Run the lane on a longer window.");
    public static readonly ReasonCode EventCarSummary = Add("janus_event_car_summary_mismatch", Prerequisites,
        "The summary of the event/CAR artifact is not what its records give.", "Produce the artifact again; do not edit it.");
    public static readonly ReasonCode EventCarManifest = Add("janus_event_car_manifest_mismatch", Prerequisites,
        "The manifest hash of the event/CAR artifact is not the hash of its records.", "Produce the artifact again; do not edit it.");
    public static readonly ReasonCode EventCarRun = Add("janus_event_car_run_mismatch", Prerequisites,
        "The event/CAR artifact belongs to another run.", "Submit the artifact of this run.");
    public static readonly ReasonCode RewardMissing = Add("janus_hgrm_reward_artifact_missing", Prerequisites,
        "The reward artifact is missing or cannot be read.", "Emit the reward artifact with the run.");
    public static readonly ReasonCode RewardSchema = Add("janus_hgrm_reward_schema_invalid", Prerequisites,
        "The reward artifact is not of schema janus-hgrm-reward-v1.", "Produce it with a lane of this version.");
    public static readonly ReasonCode RewardCountBelow = Add("janus_hgrm_reward_count_below_minimum", Prerequisites,
        "The reward artifact has too few rewards.", "Run the lane on a window with more decisions.");
    public static readonly ReasonCode RewardSummary = Add("janus_hgrm_reward_summary_mismatch", Prerequisites,
        "The summary of the reward artifact is not what its rewards and the events give.", "Produce the artifact again; do not edit it.");
    public static readonly ReasonCode RewardManifest = Add("janus_hgrm_reward_manifest_mismatch", Prerequisites,
        "The manifest hash of the reward artifact is not the hash of its rewards.", "Produce the artifact again; do not edit it.");
    public static readonly ReasonCode RewardRun = Add("janus_hgrm_reward_run_mismatch", Prerequisites,
        "The reward artifact belongs to another run or candidate.", "Submit the artifact of this run and candidate.");
    public static readonly ReasonCode JanusBlockMismatch = Add("janus_q_evidence_manifest_mismatch", Prerequisites,
        "The Janus block of the evidence does not agree with the artifacts that it stands for.",
        "Produce the evidence again from the artifacts.");

    public static readonly ReasonCode FoldsInsufficient = Add("fold_metrics_evidence_insufficient", Prerequisites,
        "Too few folds are evidenced.", "Emit the metrics of every fold, each under its own name.");
    public static readonly ReasonCode StressInsufficient = Add("stress_metrics_evidence_insufficient", Prerequisites,
        "Too few stress cases are evidenced.", "Emit the metrics of every stress case, each under its own name.");
    public static readonly ReasonCode JanusBlockMissing = Add("janus_q_evidence_missing", Prerequisites,
        "The promotion evidence has no Janus block.", "Emit the gate report with its Janus evidence.");
    public static readonly ReasonCode EventCarInsufficient = Add("janus_event_car_evidence_insufficient", Prerequisites,
        "The promotion evidence counts too few Janus events.", "Run the lane on a longer window.");
    public static readonly ReasonCode RewardInsufficient = Add("janus_hgrm_reward_evidence_insufficient", Prerequisites,
        "The promotion evidence counts too few Janus rewards.", "Run the lane on a window with more decisions.");
    public static readonly ReasonCode JanusIncomplete = Add("janus_q_evidence_incomplete", Prerequisites,
        "The promotion evidence says that the Janus evidence is incomplete, or gives reasons against it.", "See reasons in the details.");
    public static readonly ReasonCode RationaleMissing = Add("promotion_rationale_missing", Prerequisites,
        "Nobody says why the candidate should be promoted.", "Give reason codes or a text as the rationale.");
    public static readonly ReasonCode RationaleTarget = Add("promotion_rationale_target_mismatch", Prerequisites,
        "The rationale was written for another target.", "Write the rationale for the target asked for.");
    public static readonly ReasonCode RationaleMode = Add("promotion_rationale_recommended_mode_mismatch", Prerequisites,
        "The rationale names another recommended mode than the gate report.", "Write the rationale from the gate report.");

    public static readonly ReasonCode ChecksFailed = Add("rollback_checks_missing_or_failed", Rollback,
        "A rehearsal that the policy requires has not passed.", "Rehearse what missing_checks lists and record the drills.");
    public static readonly ReasonCode DryRunMissing = Add("rollback_dry_run_timestamp_missing", Rollback,
        "It is not known when the rollback was rehearsed.", "Record the drill with its time.");
    public static readonly ReasonCode DryRunInFuture = Add("rollback_dry_run_timestamp_in_future", Rollback,
        "The rehearsal claims to be later than now.", "Correct the clock, and record the drill again.");
    public static readonly ReasonCode DryRunStale = Add("rollback_dry_run_stale", Rollback,
        "The rehearsal is older than the policy allows.", "Rehearse the rollback again and record the drill.");
    public static readonly ReasonCode ApprovalMissing = Add("rollback_human_approval_missing", Rollback,
        "No human has approved the rollback plan.", "Have an approver approve it.");
    public static readonly ReasonCode TargetMissing = Add("rollback_target_missing", Rollback,
        "It is not known what to roll back to.", "Record the drill with its rollback target.");

    public static readonly ReasonCode DriftInvalid = Add("drift_promotion_evidence_invalid", Drift,
        "The drift evidence is not an object, or its reasons are not texts.", "Submit the evidence as the drift monitor writes it.");
    public static readonly ReasonCode DriftMissing = Add("drift_promotion_evidence_missing", Drift,
        "There is no drift evidence, which live needs.", "Run the drift monitor and submit what it says.");
    public static readonly ReasonCode DriftNotEligible = Add("drift_promotion_evidence_not_eligible", Drift,
        "The drift monitor does not call the candidate eligible for live.", "Wait until the drift is resolved.");
    public static readonly ReasonCode DriftContradictory = Add("drift_promotion_evidence_contradictory", Drift,
        "The drift monitor calls the candidate eligible and gives reasons against it.", "Find out which is true, and submit new evidence.");

    public static readonly ReasonCode FoldsMissing = Add("fold_metrics_missing", Recommendation,
        "No fold is evidenced.", "Run the walk-forward with at least one fold.");
    public static readonly ReasonCode StressMissing = Add("stress_metrics_missing", Recommendation,
        "No stress case is evidenced.", "Emit the metrics of the stress cases.");
    public static readonly ReasonCode RecommendationRationaleMissing = Add(RationaleMissing.Code, Recommendation,
        "The recommendation has no rationale.", "Give reason codes or a text as the rationale.");
    public static readonly ReasonCode ModeExceedsRequested = Add("recommended_mode_exceeds_requested_mode", Recommendation,
        "The recommended mode is above the one asked for.", "Ask for the higher mode in a request of its own.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReasonCode> All => Declared;

    private static ReasonCode NotPassed(string gate) => Add(gate + "_not_passed", Prerequisites,
        $"The gate report does not say that {gate} passed.", "See the reasons of that gate.");

    private static ReasonCode Add(string code, string check, string explanation, string remedy)
    {
        var reason = new ReasonCode(code, check, explanation, remedy);
        Declared.Add(reason);
        return reason;
    }
}
