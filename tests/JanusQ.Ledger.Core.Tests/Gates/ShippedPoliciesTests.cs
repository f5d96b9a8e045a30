using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Gates;

/// <summary>The two shipped policies are pinned value by value (gates-and-policy.md 2.1 and 2.2).</summary>
public class ShippedPoliciesTests
{
    private const string AutonomyGatesV3 =
        """
        {
         "policy_version": "v3-gates-1",
         "required_feature_schema_version": "3.0.0",
         "gate0_max_null_rate": "0.01",
         "gate0_max_staleness_ms": 120000,
         "gate0_min_symbol_coverage": 1,
         "gate1_min_decision_count": 1,
         "gate1_min_trade_count": 1,
         "gate1_min_net_pnl": "0",
         "gate1_max_negative_fold_ratio": "0.50",
         "gate1_max_net_pnl_cv": "2.0",
         "gate2_max_drawdown": "250",
         "gate2_max_turnover_ratio": "8.0",
         "gate2_max_cost_bps": "35",
         "gate2_max_fragility_score": "0.85",
         "gate2_max_fragility_state_rank": 2,
         "gate2_require_stability_mode_under_stress": true,
         "gate3_max_llm_error_ratio": "0.10",
         "gate3_max_forecast_fallback_rate": "0.05",
         "gate3_max_forecast_latency_ms_p95": 200,
         "gate3_min_forecast_calibration_score": "0.85",
         "gate6_require_janus_evidence": true,
         "gate6_min_janus_event_count": 1,
         "gate6_min_janus_reward_count": 1,
         "gate6_max_calibration_error": "0.45",
         "gate7_target_coverage": "0.90",
         "gate7_max_coverage_error_pass": "0.03",
         "gate7_max_coverage_error_degrade": "0.05",
         "gate7_max_coverage_error_abstain": "0.08",
         "gate7_shift_score_degrade": "0.60",
         "gate7_shift_score_abstain": "0.80",
         "gate7_shift_score_fail": "0.95",
         "gate7_max_interval_width_pass": "1.25",
         "gate7_max_interval_width_degrade": "1.75",
         "promotion_uncertainty_max_coverage_error": "0.03",
         "gate5_live_enabled": false,
         "gate5_require_approval_token": true,
         "promotion_required_artifacts": ["research/candidate-spec.json", "backtest/evaluation-report.json", "gates/gate-evaluation.json"],
         "promotion_require_patch_targets": ["paper", "live"],
         "promotion_profitability_required_artifacts": ["gates/profitability-evidence-v4.json", "gates/profitability-benchmark-v4.json",
         "gates/profitability-evidence-validation.json", "gates/recalibration-report.json"],
         "promotion_janus_required_targets": ["paper", "live"],
         "promotion_janus_required_artifacts": ["gates/janus-event-car-v1.json", "gates/janus-hgrm-reward-v1.json"],
         "promotion_require_janus_evidence": true,
         "promotion_janus_event_car_artifact": "gates/janus-event-car-v1.json",
         "promotion_janus_hgrm_reward_artifact": "gates/janus-hgrm-reward-v1.json",
         "promotion_min_janus_event_count": 1,
         "promotion_min_janus_reward_count": 1,
         "rollback_required_checks": ["killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"],
         "rollback_dry_run_max_age_hours": 72,
         "rollback_require_human_approval": true
        }
        """;

    private const string AutonomousGatePolicy =
        """
        {
         "policy_version": "v3-gates-1",
         "required_feature_schema_version": "3.0.0",
         "gate0_max_null_rate": "0.01",
         "gate0_max_staleness_ms": 120000,
         "gate0_min_symbol_coverage": 1,
         "gate1_min_decision_count": 1,
         "gate1_min_trade_count": 1,
         "gate1_min_net_pnl": "0",
         "gate1_max_negative_fold_ratio": "0.50",
         "gate1_max_net_pnl_cv": "2.0",
         "gate2_max_drawdown": "250",
         "gate2_max_turnover_ratio": "8.0",
         "gate2_max_cost_bps": "35",
         "gate2_max_fragility_score": "0.85",
         "gate2_max_fragility_state_rank": 2,
         "gate2_require_stability_mode_under_stress": true,
         "gate3_max_llm_error_ratio": "0.10",
         "gate3_max_forecast_fallback_rate": "0.05",
         "gate3_max_forecast_latency_ms_p95": 200,
         "gate3_min_forecast_calibration_score": "0.85",
         "gate6_require_janus_evidence": true,
         "gate6_min_janus_event_count": 1,
         "gate6_min_janus_reward_count": 1,
         "gate5_live_enabled": false,
         "gate5_require_approval_token": true,
         "promotion_required_artifacts": ["research/candidate-spec.json", "backtest/evaluation-report.json", "gates/gate-evaluation.json"],
         "promotion_require_patch_targets": ["paper", "live"],
         "promotion_janus_required_targets": ["paper", "live"],
         "promotion_janus_required_artifacts": ["gates/janus-event-car-v1.json", "gates/janus-hgrm-reward-v1.json"],
         "promotion_require_janus_evidence": true,
         "promotion_janus_event_car_artifact": "gates/janus-event-car-v1.json",
         "promotion_janus_hgrm_reward_artifact": "gates/janus-hgrm-reward-v1.json",
         "promotion_min_janus_event_count": 1,
         "promotion_min_janus_reward_count": 1,
         "rollback_required_checks": ["killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"],
         "rollback_dry_run_max_age_hours": 72,
         "rollback_require_human_approval": true
        }
        """;

    [Theory]
    [InlineData("gate-policy.json", AutonomyGatesV3)]
    [InlineData("gate-policy-basic.json", AutonomousGatePolicy)]
    public void a_shipped_policy_has_exactly_the_values_of_the_contract(string file, string expected) =>
        Assert.Equal(CanonicalJson.Text(PassingInputs.Read(expected)), CanonicalJson.Text(RepositoryFiles.Json("config", file)));

    [Theory]
    [InlineData("gate-policy.json")]
    [InlineData("gate-policy-basic.json")]
    public void a_shipped_policy_is_valid_knows_no_other_keys_and_does_not_enable_live(string file)
    {
        var policy = PolicyDocument.Read(RepositoryFiles.Bytes("config", file));
        Assert.Empty(policy.UnknownKeys);
        Assert.True(policy.Document.Has("gate5_live_enabled"));
        Assert.False(policy.Policy.EnablesLive);
        Assert.True(policy.Policy.RequiresApprovalToken);
    }
}
