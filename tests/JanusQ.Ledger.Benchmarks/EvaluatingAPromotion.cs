using System.Text;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// One full evaluation of a promotion that passes to live, so every check is made: gate matrix, prerequisites, rollback readiness, drift,
/// recommendation with its trace id. Target: under 50 microseconds apart from reading the artifacts.
/// </summary>
[MemoryDiagnoser]
public class EvaluatingAPromotion
{
    private const string Inputs =
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
        """;

    private const string State =
        """
        {"candidateId":"cand-1","runId":"run-1","paused":false,"datasetSnapshotRef":"signals_window","noSignalReason":null,
         "rollbackReadiness":{"killSwitchDryRunPassed":true,"gitopsRevertDryRunPassed":true,"strategyDisableDryRunPassed":true,
          "dryRunCompletedAt":"2026-02-26T11:00:00Z","humanApproved":true,"rollbackTarget":"main@deadbeef"}}
        """;

    private const string ReportExtras =
        """
        {"run_id":"run-1","throughput":{"signal_count":12,"decision_count":3,"trade_count":3,"no_signal_window":false,
        "no_signal_reason":null},
         "promotion_evidence":{"fold_metrics":{"count":1,"items":[{"fold_name":"fold-1"}],"artifact_ref":"backtest/evaluation-report.json"},
          "stress_metrics":{"count":4,"items":[{"case":"spread"},{"case":"volatility"},{"case":"liquidity"},{"case":"halt"}],
          "artifact_ref":"db:stress"},
          "janus_q":{"event_car":{"count":12,"artifact_ref":"gates/janus-event-car-v1.json"},
           "hgrm_reward":{"count":1,"artifact_ref":"gates/janus-hgrm-reward-v1.json"},"evidence_complete":true,"reasons":[]},
          "promotion_rationale":{"requested_target":"live","gate_recommended_mode":"live","gate_reasons":[],
          "rationale_text":"Gate matrix recommendation."}}}
        """;

    private readonly Instant _now = Instant.Parse("2026-02-26T12:00:00Z");
    private readonly JsonObject _policyDocument = JsonObject.Of(("gate5_live_enabled", true));
    private GatePolicy _policy = PolicyDocument.Load(JsonObject.Empty).Policy;
    private readonly JsonObject _inputs = Read(Inputs);
    private readonly JsonObject _state = Read(State);
    private readonly JsonObject _extras = Read(ReportExtras);
    private readonly JsonObject _drift = JsonObject.Of(("eligible_for_live_promotion", true), ("reasons", JsonArray.Empty));
    private RunArtifacts _documents = RunArtifacts.None;
    private PromotionArtifacts? _artifacts;

    /// <summary>Builds a run of 1000 signals and one decision, and reads its artifacts.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var signals = Enumerable.Range(0, 1000).Select(i =>
            $$"""
            {"event_ts":"2026-01-05T{{14 + (i / 600)}}:{{i / 10 % 60:00}}:00Z","symbol":"S{{i % 10}}",
             "payload":{"price":"{{100 + (i * i % 7)}}.5"},"seq":{{i}}}
            """);
        var sorted = SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', signals)}]")));
        var eventCar = EventCarArtifact.Build("run-1", sorted, _now);
        var decisions = (JsonArray)JsonValue.Read(
            """[{"strategy_id":"a","symbol":"S0","event_ts":"2026-01-05T14:30:00Z","action":"buy","rationale":"r"}]"""u8.ToArray());
        var reward = HgrmRewardArtifact.Build("cand-1", eventCar, RewardedDecision.Read(decisions), _now);
        const string EventCarPath = "gates/janus-event-car-v1.json";
        const string RewardPath = "gates/janus-hgrm-reward-v1.json";
        var janus = EvidenceSummary.Of(eventCar, EventCarPath, reward, RewardPath).Json;
        var evidence = JsonObject.Of(("run_id", "run-1"), ("candidate_id", "cand-1"), ("janus_q", janus));
        _documents = new RunArtifacts(new Dictionary<string, byte[]>
        {
            ["research/candidate-spec.json"] = "{}"u8.ToArray(),
            ["backtest/evaluation-report.json"] = "{}"u8.ToArray(),
            ["gates/gate-evaluation.json"] = "{}"u8.ToArray(),
            ["gates/recalibration-report.json"] = "{}"u8.ToArray(),
            ["paper-candidate/strategy-configmap-patch.yaml"] = "a: b"u8.ToArray(),
            ["gates/profitability-evidence-validation.json"] = """{"passed":true}"""u8.ToArray(),
            ["gates/profitability-benchmark-v4.json"] = """{"slices":[{"slice_type":"regime"}]}"""u8.ToArray(),
            ["gates/profitability-evidence-v4.json"] = FileJson.Bytes(evidence),
            [EventCarPath] = eventCar.ToBytes(),
            [RewardPath] = reward.ToBytes(),
        });
        _policy = PolicyDocument.Load(_policyDocument).Policy;
        _artifacts = ReadArtifacts();
        if (!Evaluate().Eligible) throw new InvalidOperationException($"The promotion must pass: {Evaluate().ToJson()}");
    }

    /// <summary>The evaluation over artifacts that were read.</summary>
    [Benchmark(Baseline = true)]
    public PromotionRecommendation Evaluate()
    {
        var report = GateEvaluators.Current.Evaluate(_policy, _inputs, PromotionTarget.Live, _now, "code-1");
        var draft = report.ToJson();
        foreach (var (name, value) in _extras.Members) draft = draft.With(name, value);
        var prerequisites = Prerequisites.Evaluate(_policy, draft, _state, _artifacts!);
        var rollback = RollbackReadiness.Evaluate(_policy, _state, _now);
        var drift = DriftGate.Evaluate(PromotionTarget.Live, _drift);
        return PromotionRecommendation.Derive(RecommendationBasis.Of(
            "run-1",
            "cand-1",
            PromotionTarget.Live,
            new CheckOutcome(report.PromotionAllowed, [.. report.Reasons]),
            report.RecommendedMode,
            new CheckOutcome(prerequisites.Allowed, prerequisites.Reasons),
            new CheckOutcome(rollback.Ready, rollback.Reasons),
            new CheckOutcome(drift.Allowed, drift.Reasons),
            1,
            4));
    }

    /// <summary>The gate matrix alone.</summary>
    [Benchmark]
    public GateReport GateMatrix() => GateEvaluators.Current.Evaluate(_policy, _inputs, PromotionTarget.Live, _now, "code-1");

    /// <summary>Reading the artifacts and recomputing hash and summary of 1000 records.</summary>
    [Benchmark]
    public PromotionArtifacts ReadArtifacts() => PromotionArtifacts.Read(_policy, PromotionTarget.Live, _documents);

    /// <summary>Validating a policy document.</summary>
    [Benchmark]
    public PolicyDocument LoadPolicy() => PolicyDocument.Load(_policyDocument);

    private static JsonObject Read(string json) => (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(json));
}
