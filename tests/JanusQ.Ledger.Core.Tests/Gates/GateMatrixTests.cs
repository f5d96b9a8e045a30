using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Tests.Gates.PassingInputs;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class GateMatrixTests
{
    private const string Calibration = "profitability_evidence.confidence_calibration.";

    private static readonly object[][] Places = [.. JsonPlaces.Below(Document)];

    /// <summary>Values that no check accepts where the passing inputs have another kind.</summary>
    private static readonly JsonValue[] Junk =
    [
        JsonValue.Null, JsonArray.Empty, JsonObject.Empty, new JsonArray([JsonValue.Null]), "", " ", "NaN", "Infinity", "1_0", " 1",
        "junk", false,
    ];

    [Fact]
    public void the_passing_inputs_reach_live_where_the_policy_enables_it()
    {
        var report = Evaluate(Document);
        Assert.Empty(report.Reasons);
        Assert.True(report.PromotionAllowed);
        Assert.Equal(PromotionTarget.Live, report.RecommendedMode);
    }

    [Fact]
    public void removing_any_one_member_denies_and_names_it_or_its_gate()
    {
        foreach (var place in Places)
        {
            var report = Evaluate(JsonPlaces.Remove(Document, place));
            AssertNamed(report, place);
        }
    }

    [Fact]
    public void corrupting_any_one_member_denies_and_names_it_or_its_gate()
    {
        foreach (var place in Places)
        {
            if (IsHash(place)) continue;
            foreach (var junk in Junk)
            {
                if (IsToken(place, junk)) continue;
                var report = Evaluate(JsonPlaces.Replace(Document, place, junk));
                AssertNamed(report, place);
            }
        }
    }

    [Fact]
    public void a_value_of_any_shape_in_place_of_a_member_is_denied_unless_it_is_of_that_members_kind() =>
        Gen.Select(Gen.Int[0, Places.Length - 1], AnyJson.Value).Sample(
            (at, value) =>
            {
                var place = Places[at];
                var original = JsonPlaces.At(Document, place);
                if (IsHash(place) || IsToken(place, value) || (Class(value) == Class(original) && Class(value) != "text")) return;
                if (CanonicalJson.Text(value) == CanonicalJson.Text(original)) return;
                var report = Evaluate(JsonPlaces.Replace(Document, place, value));
                AssertNamed(report, place);
            },
            iter: Iterations.Of(3000));

    [Fact]
    public void evaluation_answers_for_any_inputs_whatsoever() => AnyInputs.Sample(
        inputs =>
        {
            foreach (var target in PromotionTargets.All)
            {
                var report = Evaluate(inputs, null, target);
                Assert.Equal(GateIds.InOrder, report.Gates.Select(gate => gate.GateId));
                Assert.True(JsonValue.TryRead(FileJson.Bytes(report.ToJson()), out var again, out _));
                Assert.Equal(CanonicalJson.Text(report.ToJson()), CanonicalJson.Text(again));
                var gate7 = report.Gates[6].Reasons;
                Assert.Equal(gate7.Distinct().Order(CodePoints.Order), gate7);
                Assert.Equal(report.PromotionAllowed && target == PromotionTarget.Live, report.RecommendedMode == PromotionTarget.Live);
                if (report.PromotionAllowed)
                    Assert.True(report.Gates.Take(target == PromotionTarget.Live ? 8 : 7).All(gate => gate.Passed));
                else Assert.NotEmpty(report.Reasons);
            }
        },
        iter: Iterations.Of(2000));

    [Fact]
    public void live_is_never_reached_under_a_shipped_policy()
    {
        JsonObject[] shipped =
            [RepositoryFiles.Json("config", "gate-policy.json"), RepositoryFiles.Json("config", "gate-policy-basic.json")];
        foreach (var policy in shipped) Assert.Equal(PromotionTarget.Paper, Evaluate(Document, policy).RecommendedMode);
        AnyInputs.Sample(
            inputs =>
            {
                foreach (var policy in shipped)
                {
                    foreach (var target in PromotionTargets.All)
                    {
                        var report = Evaluate(inputs, policy, target);
                        Assert.NotEqual(PromotionTarget.Live, report.RecommendedMode);
                        if (target != PromotionTarget.Live) continue;
                        Assert.False(report.PromotionAllowed);
                        Assert.Contains("live_rollout_disabled_by_policy", report.Reasons);
                    }
                }
            },
            iter: Iterations.Of(1000));
    }

    [Theory]
    [InlineData("paper", "paper")]
    [InlineData("shadow", "shadow")]
    [InlineData("live", "live")]
    public void a_target_that_passes_is_the_recommended_mode(string target, string mode)
    {
        Assert.True(PromotionTargets.TryParse(target, out var parsed));
        var report = Evaluate(Document, null, parsed);
        Assert.True(report.PromotionAllowed);
        Assert.Equal(mode, report.RecommendedMode.Name());
    }

    [Fact]
    public void a_target_that_is_none_is_never_evaluated() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(Document, null, (PromotionTarget)4));

    [Fact]
    public void live_without_an_approval_is_recommended_for_paper()
    {
        foreach (var token in new JsonValue[] { JsonValue.Null, "", " \u00a0\t" })
            Assert.Equal(["approval_token_missing"], ReasonsWith("approval_token", token));
        Assert.Equal(["approval_token_invalid"], ReasonsWith("approval_token", 5));
        Assert.Equal(PromotionTarget.Paper, Evaluate(Set(Document, "approval_token", 5)).RecommendedMode);
        Assert.Empty(ReasonsWith("approval_token", JsonValue.Null, LivePolicy.With("gate5_require_approval_token", false)));
        Assert.Empty(ReasonsWith("approval_token", 5, null, PromotionTarget.Paper));
    }

    [Theory]
    [InlineData("required_feature_null_rate", "0.01", "0.0100000000000000000000000000001", "required_feature_null_rate_exceeds_threshold")]
    [InlineData("metrics.max_drawdown", "250", "250.0000000000000000000000000000001", "drawdown_exceeds_maximum")]
    [InlineData("metrics.net_pnl", "0", "-1E-999999", "net_pnl_below_minimum")]
    [InlineData("robustness.net_pnl_cv", "2", "2.0000000000000000000000000000000001", "net_pnl_cv_exceeds_threshold")]
    [InlineData("forecast_metrics.inference_latency_ms_p95", "200", "200.1", "forecast_inference_latency_exceeds_threshold")]
    [InlineData(
        "forecast_metrics.calibration_score_min",
        "0.85",
        "0.8499999999999999999999999999999999",
        "forecast_calibration_score_below_threshold")]
    [InlineData("tca_metrics.avg_churn_ratio", "0.75", "0.76", "tca_churn_ratio_exceeds_maximum")]
    [InlineData(
        "profitability_evidence.confidence_calibration.calibration_error",
        "0.45",
        "0.451",
        "profitability_calibration_error_exceeds_threshold")]
    public void a_value_at_its_limit_passes_and_the_next_one_does_not(string path, string limit, string beyond, string reason)
    {
        Assert.Empty(ReasonsWith(path, limit));
        Assert.Equal([reason], ReasonsWith(path, beyond));
    }

    [Theory]
    [InlineData("staleness_ms_p95", 120000, 120001, "feature_staleness_exceeds_budget")]
    [InlineData("symbol_coverage", 1, 0, "symbol_coverage_below_minimum")]
    [InlineData("metrics.decision_count", 1, 0, "decision_count_below_minimum")]
    [InlineData("metrics.trade_count", 1, 0, "trade_count_below_minimum")]
    [InlineData("profitability_evidence.janus_q.event_car.event_count", 1, 0, "janus_event_car_count_below_threshold")]
    [InlineData("profitability_evidence.janus_q.hgrm_reward.reward_count", 1, 0, "janus_hgrm_reward_count_below_threshold")]
    public void a_count_at_its_limit_passes_and_the_next_one_does_not(string path, int limit, int beyond, string reason)
    {
        Assert.Empty(ReasonsWith(path, limit));
        Assert.Equal([reason], ReasonsWith(path, beyond));
    }

    [Fact]
    public void zero_folds_are_denied_and_no_ratio_is_formed()
    {
        var inputs = Set(Set(Document, "robustness.fold_count", 0), "robustness.negative_fold_count", 0);
        Assert.Equal(["fold_count_below_minimum"], Evaluate(inputs).Reasons);
    }

    [Fact]
    public void the_ratio_of_losing_folds_is_rounded_to_28_digits()
    {
        var inputs = Set(Set(Document, "robustness.fold_count", 3), "robustness.negative_fold_count", 1);
        var rounded = LivePolicy.With("gate1_max_negative_fold_ratio", "0." + new string('3', 28));
        var less = LivePolicy.With("gate1_max_negative_fold_ratio", "0." + new string('3', 27));
        Assert.Empty(Evaluate(inputs, rounded).Reasons);
        Assert.Equal(["negative_fold_ratio_exceeds_threshold"], Evaluate(inputs, less).Reasons);
        Assert.Equal(["negative_fold_count_out_of_range"], ReasonsWith("robustness.negative_fold_count", 5));
        Assert.Empty(ReasonsWith("robustness.negative_fold_count", 4, LivePolicy.With("gate1_max_negative_fold_ratio", 1)));
    }

    [Fact]
    public void a_missing_coefficient_of_variation_is_excused_only_where_nothing_varies_around_zero()
    {
        var missing = (JsonObject)JsonPlaces.Remove(Document, ["robustness", "net_pnl_cv"]);
        var still = Set(Set(missing, "robustness.net_pnl_mean", "0.00"), "robustness.net_pnl_std", 0);
        Assert.Empty(Evaluate(still).Reasons);
        Assert.Empty(Evaluate(Set(still, "robustness.net_pnl_cv", JsonValue.Null)).Reasons);
        Assert.Equal(["net_pnl_cv_missing"], Evaluate(Set(still, "robustness.net_pnl_std", "1E-9")).Reasons);
        Assert.Equal(["net_pnl_cv_missing"], Evaluate(Set(still, "robustness.net_pnl_mean", "1E-9")).Reasons);
        Assert.Equal(["net_pnl_cv_missing"], Evaluate(Set(still, "robustness.net_pnl_mean", JsonValue.Null)).Reasons);
        Assert.Equal(["net_pnl_cv_invalid"], Evaluate(Set(still, "robustness.net_pnl_cv", "x")).Reasons);
    }

    [Fact]
    public void fragility_states_are_known_in_any_ascii_case_and_nothing_else_is()
    {
        Assert.Empty(ReasonsWith("fragility_state", " STRESS\t"));
        Assert.Equal(["fragility_state_unknown"], ReasonsWith("fragility_state", "\u017ftress"));
        Assert.Equal(
            ["fragility_state_unknown"],
            ReasonsWith("fragility_state", "calm", LivePolicy.With("gate2_max_fragility_state_rank", -2)));
        Assert.Equal(["fragility_state_exceeds_maximum"], ReasonsWith("fragility_state", "Crisis"));
        var inactive = Set(Document, "stability_mode_active", false);
        Assert.Equal(["fragility_stability_mode_inactive"], Evaluate(inactive).Reasons);
        Assert.Equal(["stability_mode_active_invalid"], ReasonsWith("stability_mode_active", "true"));
        Assert.Empty(Evaluate(Set(inactive, "fragility_state", "elevated")).Reasons);
        Assert.Empty(Evaluate(inactive, LivePolicy.With("gate2_require_stability_mode_under_stress", false)).Reasons);
    }

    [Fact]
    public void order_quality_is_looked_at_only_where_there_were_orders()
    {
        Assert.Empty(ReasonsWith("tca_metrics", JsonObject.Of(("order_count", 0), ("avg_slippage_bps", "junk"))));
        Assert.Equal(
            ["avg_slippage_bps_missing", "avg_shortfall_notional_missing", "avg_churn_ratio_missing"],
            ReasonsWith("tca_metrics", JsonObject.Of(("order_count", 1))));
        Assert.Equal(["tca_metrics_invalid"], ReasonsWith("tca_metrics", JsonArray.Empty));
    }

    [Fact]
    public void a_block_that_is_no_object_is_one_reason_in_each_gate_that_needs_it()
    {
        Assert.Equal(["metrics_invalid", "metrics_invalid"], ReasonsWith("metrics", 5));
        Assert.Equal(
            ["confidence_calibration_invalid", "recalibration_artifact_missing"], ReasonsWith(Calibration.TrimEnd('.'), "x").Take(2));
    }

    [Fact]
    public void a_claim_of_completeness_that_contradicts_itself_is_incomplete()
    {
        const string Janus = "profitability_evidence.janus_q.";
        Assert.Equal(["janus_q_evidence_incomplete"], ReasonsWith(Janus + "reasons", new JsonArray(["x"])));
        Assert.Equal(["janus_q_evidence_incomplete"], ReasonsWith(Janus + "reasons", "x"));
        Assert.Empty(ReasonsWith(Janus + "reasons", JsonArray.Empty));
        Assert.Empty(ReasonsWith(Janus + "hgrm_reward.event_mapped_count", 3));
        Assert.Empty(ReasonsWith(Janus + "hgrm_reward.event_mapped_count", JsonValue.Null));
        foreach (var wrong in new JsonValue[] { 2, 4, "3", new JsonReal(3), false })
            Assert.Equal(["janus_q_evidence_incomplete"], ReasonsWith(Janus + "hgrm_reward.event_mapped_count", wrong));
    }

    [Theory]
    [InlineData("0.95", UncertaintyAction.Fail, "regime_shift_score_fail_threshold_exceeded")]
    [InlineData("0.949", UncertaintyAction.Abstain, "uncertainty_abstain_threshold_exceeded")]
    [InlineData("0.80", UncertaintyAction.Abstain, "uncertainty_abstain_threshold_exceeded")]
    [InlineData("0.799", UncertaintyAction.Degrade, "uncertainty_degrade_threshold_exceeded")]
    [InlineData("0.60", UncertaintyAction.Degrade, "uncertainty_degrade_threshold_exceeded")]
    public void the_shift_of_the_regime_decides_what_the_uncertainty_gate_does(string shift, UncertaintyAction action, string reason)
    {
        var report = Evaluate(Set(Document, Calibration + "shift_score", shift));
        Assert.Equal(action, report.Uncertainty.Action);
        Assert.Equal(PromotionTarget.Shadow, report.RecommendedMode);
        Assert.Equal(
            new[] { "recalibration_artifact_missing", "recalibration_run_id_missing", reason, "uncertainty_gate_action_" + action.Name() }
                .Order(StringComparer.Ordinal),
            report.Reasons);
    }

    [Fact]
    public void a_recalibration_is_named_whatever_the_action()
    {
        var inputs = Set(
            Set(Document, Calibration + "recalibration_run_id", " run "), Calibration + "recalibration_artifact_ref", "\tref ");
        var report = Evaluate(inputs);
        Assert.Equal("run", report.Uncertainty.RecalibrationRunId);
        Assert.Equal(["ref"], report.Gates[6].ArtifactRefs);
        var degraded = Evaluate(Set(Set(inputs, Calibration + "coverage_error", "0.04"), Calibration + "observed_coverage", "0.86"));
        Assert.Equal(["coverage_error_slo_exceeded", "uncertainty_gate_action_degrade"], degraded.Reasons);
    }

    [Fact]
    public void a_coverage_that_falls_short_by_more_than_the_claimed_error_is_inconsistent()
    {
        Assert.Empty(Evaluate(Set(Document, Calibration + "observed_coverage", "0.883999")).Reasons);
        Assert.Contains("uncertainty_inputs_inconsistent", Evaluate(Set(Document, Calibration + "observed_coverage", "0.8839989")).Reasons);
        var huge = "9." + new string('9', 40) + "E+999999";
        var beyond = Evaluate(Set(Document, Calibration + "coverage_error", huge));
        Assert.Equal(UncertaintyAction.Abstain, beyond.Uncertainty.Action);
        Assert.Contains("uncertainty_inputs_inconsistent", beyond.Reasons);
    }

    [Fact]
    public void evidence_that_is_empty_is_missing_and_evidence_of_another_kind_is_invalid()
    {
        Assert.Equal("profitability_evidence_missing", ReasonsWith("profitability_evidence", JsonObject.Empty)[0]);
        Assert.Equal("profitability_evidence_missing", ReasonsWithout("profitability_evidence")[0]);
        Assert.Equal("profitability_evidence_invalid", ReasonsWith("profitability_evidence", JsonArray.Empty)[0]);
        Assert.Empty(ReasonsWith("profitability_evidence", JsonArray.Empty, null, PromotionTarget.Shadow));
        Assert.Empty(ReasonsWith("profitability_evidence", 5, LivePolicy.With("gate6_require_profitability_evidence", false)));
    }

    [Fact]
    public void blank_hashes_and_blank_names_do_not_count()
    {
        const string Hashes = "profitability_evidence.reproducibility.artifact_hashes";
        string[] below = ["profitability_reproducibility_hashes_below_threshold"];
        Assert.Equal(below, ReasonsWith(Hashes + ".signals", " "));
        Assert.Equal(below, ReasonsWith(Hashes + ".signals", 5));
        Assert.Equal(below, Evaluate(JsonPlaces.Remove(Set(Document, Hashes + ". ", "x"), [.. (Hashes + ".signals").Split('.')])).Reasons);
        Assert.Equal(["artifact_hashes_invalid"], ReasonsWith(Hashes, JsonArray.Empty));
        Assert.Equal(["artifact_hashes_missing"], ReasonsWith(Hashes, JsonValue.Null));
    }

    [Fact]
    public void old_versions_stay_callable_by_their_name()
    {
        Assert.True(GateEvaluators.TryFind("gate-matrix-1", out var evaluator));
        Assert.Contains(evaluator, GateEvaluators.Versions);
        Assert.Same(GateEvaluators.Current, GateEvaluators.Versions[^1]);
        Assert.Equal(GateEvaluators.Versions.Count, GateEvaluators.Versions.Select(version => version.Version).Distinct().Count());
        Assert.False(GateEvaluators.TryFind("gate-matrix-0", out _));
    }

    /// <summary>The passing inputs with up to four members replaced by values of any shape, or any object at all.</summary>
    internal static Gen<JsonObject> AnyInputs { get; } = Gen.Frequency(
        (6, Changed(Document)),
        (1, AnyJson.Value.Select(value => value as JsonObject ?? JsonObject.Of(("metrics", value), ("profitability_evidence", value)))));

    internal static Gen<JsonObject> Changed(JsonObject document)
    {
        object[][] places = [.. JsonPlaces.Below(document)];
        return Gen.Select(Gen.Int[0, places.Length - 1], AnyJson.Value, Gen.Bool).Array[0, 4].Select(changes =>
        {
            JsonValue changed = document;
            foreach (var (at, value, remove) in changes)
            {
                try
                {
                    changed = remove ? JsonPlaces.Remove(changed, places[at]) : JsonPlaces.Replace(changed, places[at], value);
                }
                catch (Exception gone) when (
                    gone is InvalidCastException or NullReferenceException or ArgumentOutOfRangeException or IndexOutOfRangeException)
                {
                    // An earlier change took the place away.
                }
            }

            return (JsonObject)changed;
        });
    }

    /// <summary>Whether the value is a token: which one it must be is the ledger's business, not the gate's.</summary>
    private static bool IsToken(object[] place, JsonValue value) =>
        place is ["approval_token"] && value is JsonText token && !CodePoints.IsBlank(token.Value);

    private static bool IsHash(object[] place) => place.Contains("artifact_hashes") && place.Length > 3;

    private static string Class(JsonValue value) => value switch
    {
        JsonText text when !Decimal28.TryParse(text.Value, out _) => "text",
        JsonText or JsonReal or JsonInteger => "number",
        _ => value.Kind.ToString(),
    };

    private static void AssertNamed(GateReport report, object[] place)
    {
        var name = (string)place[^1];
        Assert.False(report.PromotionAllowed, $"{JsonPlaces.Name(place)} does not count");
        var named = report.Reasons.Any(reason => reason.Contains(name, StringComparison.Ordinal));
        Assert.True(
            named || report.Gates.Any(gate => !gate.Passed && GatesOf(place).Contains(gate.GateId)),
            $"{JsonPlaces.Name(place)} is not named");
    }

    private static string[] GatesOf(object[] place) => place[0] switch
    {
        "feature_schema_version" or "required_feature_null_rate" or "staleness_ms_p95" or "symbol_coverage" => [GateIds.DataIntegrity],
        "metrics" => [GateIds.StatisticalRobustness, GateIds.RiskCapacity],
        "robustness" => [GateIds.StatisticalRobustness],
        "fragility_score" or "fragility_state" or "stability_mode_active" or "tca_metrics" => [GateIds.RiskCapacity],
        "llm_metrics" or "forecast_metrics" => [GateIds.ShadowPaperQuality],
        "profitability_evidence" => [GateIds.ProfitabilityEvidence, GateIds.UncertaintyCalibration],
        "approval_token" => [GateIds.LiveRampReadiness],
        _ => [GateIds.OperationalReadiness],
    };
}
