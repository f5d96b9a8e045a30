using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Gates;

/// <summary>Gate inputs that pass every gate up to live, of which every member is consulted, and policies to evaluate them under.</summary>
internal static class PassingInputs
{
    public static readonly Instant EvaluatedAt = Instant.Parse("2026-02-26T12:00:00Z");

    /// <summary>Every default, but live is enabled.</summary>
    public static readonly JsonObject LivePolicy = JsonObject.Of(("gate5_live_enabled", true));

    public static readonly JsonObject Document = Read(
        """
        {"feature_schema_version":"3.0.0","required_feature_null_rate":"0.005","staleness_ms_p95":1000,"symbol_coverage":3,
         "metrics":{"decision_count":20,"trade_count":10,"net_pnl":"50","max_drawdown":"100","turnover_ratio":"1.5","cost_bps":"5"},
         "robustness":{"fold_count":4,"negative_fold_count":1,"net_pnl_cv":"0.3"},
         "fragility_score":"0.5","fragility_state":"stress","stability_mode_active":true,
         "tca_metrics":{"order_count":3,"avg_slippage_bps":"2","avg_shortfall_notional":"1","avg_churn_ratio":"0.1"},
         "llm_metrics":{"error_ratio":"0"},
         "forecast_metrics":{"fallback_rate":"0.0100","inference_latency_ms_p95":"50","calibration_score_min":"0.9500"},
         "operational_ready":true,"runbook_validated":true,"kill_switch_dry_run_passed":true,"rollback_dry_run_passed":true,
         "profitability_evidence":{"schema_version":"profitability-evidence-v4",
          "risk_adjusted_metrics":{"market_net_pnl_delta":"1","regime_slice_pass_ratio":"1","return_over_drawdown":"0.5"},
          "cost_fill_realism":{"cost_bps":"5"},
          "confidence_calibration":{"calibration_error":"0.20","target_coverage":"0.90","observed_coverage":"0.8840",
           "coverage_error":"0.0160","avg_interval_width":"0.70","shift_score":"0.20"},
          "reproducibility":{"artifact_hashes":{"signals":"a","strategy_config":"b","gate_policy":"c","candidate_report":"d",
          "baseline_report":"e"}},
          "benchmark":{"schema_version":"profitability-benchmark-v4"},
          "validation":{"passed":true},
          "janus_q":{"schema_version":"janus-q-evidence-v1","evidence_complete":true,
           "event_car":{"schema_version":"janus-event-car-v1","event_count":12},
           "hgrm_reward":{"schema_version":"janus-hgrm-reward-v1","reward_count":3}}},
         "approval_token":"approval-1"}
        """);

    public static JsonObject Read(string json) => (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(json));

    public static GatePolicy Policy(JsonObject document) => PolicyDocument.Load(document).Policy;

    public static GateReport Evaluate(JsonValue inputs, JsonObject? policy = null, PromotionTarget target = PromotionTarget.Live) =>
        GateEvaluators.Current.Evaluate(Policy(policy ?? LivePolicy), (JsonObject)inputs, target, EvaluatedAt, "code-1");

    public static IReadOnlyList<string> ReasonsWith(
        string path, JsonValue value, JsonObject? policy = null, PromotionTarget target = PromotionTarget.Live) =>
        [.. Evaluate(Set(Document, path, value), policy, target).Reasons];

    public static IReadOnlyList<string> ReasonsWithout(
        string path, JsonObject? policy = null, PromotionTarget target = PromotionTarget.Live) =>
        [.. Evaluate(JsonPlaces.Remove(Document, [.. path.Split('.')]), policy, target).Reasons];

    /// <summary>The document with a member set, also where it was not there.</summary>
    public static JsonObject Set(JsonObject document, string path, JsonValue value)
    {
        var names = path.Split('.', 2);
        return document.With(
            names[0], names.Length == 1 ? value : Set(document[names[0]] as JsonObject ?? JsonObject.Empty, names[1], value));
    }
}
