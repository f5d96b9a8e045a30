using System.Text;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Core.Tests.Gates;

namespace JanusQ.Ledger.Core.Tests.Promotion;

/// <summary>Everything that a promotion to live rests on, true in every part, and the whole way from there to the recommendation.</summary>
internal sealed record PassingRun
{
    public const string EventCarPath = "gates/janus-event-car-v1.json";
    public const string RewardPath = "gates/janus-hgrm-reward-v1.json";
    public const string EvidencePath = "gates/profitability-evidence-v4.json";
    public const string ValidationPath = "gates/profitability-evidence-validation.json";
    public const string BenchmarkPath = "gates/profitability-benchmark-v4.json";

    public static readonly Instant Now = PassingInputs.EvaluatedAt;

    public static readonly PassingRun Live = Build();

    public required JsonObject Policy { get; init; }

    public required JsonObject Inputs { get; init; }

    public required JsonObject State { get; init; }

    public required JsonObject Artifacts { get; init; }

    public required JsonValue Drift { get; init; }

    public PromotionTarget Target { get; init; } = PromotionTarget.Live;

    /// <summary>A gate report to use in place of the one that the gates give.</summary>
    public JsonObject? Report { get; init; }

    public GatePolicy EffectivePolicy => PolicyDocument.Load(Policy).Policy;

    public IRunArtifacts RunArtifacts => ArtifactsOf(Artifacts);

    public PrerequisitesResult Prerequisites() =>
        Core.Promotion.Prerequisites.Evaluate(EffectivePolicy, Report ?? MakeReport(), State, Target, RunArtifacts);

    public RollbackReadiness Rollback() => RollbackReadiness.Evaluate(EffectivePolicy, State, Now);

    /// <summary>The gate report as a lane writes its draft.</summary>
    public JsonObject MakeReport()
    {
        var report = GateEvaluators.Current.Evaluate(EffectivePolicy, Inputs, Target, Now, "code-1").ToJson();
        return report
            .With("run_id", "run-1")
            .With("throughput", PassingInputs.Read(
                """
                {"signal_count":12,"decision_count":3,"trade_count":3,"no_signal_window":false,"no_signal_reason":null,
                 "fold_metrics_count":1,"stress_metrics_count":4}
                """))
            .With("promotion_evidence", PassingInputs.Read(
                """
                {"fold_metrics":{"count":1,"items":[{"fold_name":"fold-1"}],"artifact_ref":"backtest/evaluation-report.json"},
                 "stress_metrics":{"count":4,"items":[{"case":"spread"},{"case":"volatility"},{"case":"liquidity"},{"case":"halt"}],
                 "artifact_ref":"db:stress"},
                 "janus_q":{"event_car":{"count":12,"artifact_ref":"gates/janus-event-car-v1.json"},
                  "hgrm_reward":{"count":2,"artifact_ref":"gates/janus-hgrm-reward-v1.json"},"evidence_complete":true,"reasons":[]}}
                """).With("promotion_rationale", JsonObject.Of(
                    ("requested_target", Target.Name()),
                    ("gate_recommended_mode", report["recommended_mode"]!),
                    ("gate_reasons", report["reasons"]!),
                    ("rationale_text", "Gate matrix recommendation."))));
    }

    public PromotionRecommendation Recommend()
    {
        var report = Report ?? MakeReport();
        var prerequisites = Prerequisites();
        var rollback = Rollback();
        var drift = DriftGate.Evaluate(Target, Drift);
        return PromotionRecommendation.Derive(RecommendationBasis.Of(
            "run-1",
            "cand-1",
            Target,
            new CheckOutcome(
                ((JsonBoolean)report["promotion_allowed"]!).Value,
                [.. ((JsonArray)report["reasons"]!).Elements.Cast<JsonText>().Select(text => text.Value)]),
            PromotionTargets.Read(report["recommended_mode"]),
            new CheckOutcome(prerequisites.Allowed, prerequisites.Reasons),
            new CheckOutcome(rollback.Ready, rollback.Reasons),
            new CheckOutcome(drift.Allowed, drift.Reasons),
            1,
            4));
    }

    public static RunArtifacts ArtifactsOf(JsonObject documents) =>
        new(documents.Members.ToDictionary(document => document.Key, document => FileJson.Bytes(document.Value)));

    /// <summary>The Janus artifacts of a run of 12 signals and 2 decisions.</summary>
    public static (EventCarArtifact EventCar, HgrmRewardArtifact Reward) BuildJanus(string run, string candidate)
    {
        var signals = Enumerable.Range(0, 12).Select(i =>
            $$"""
            {"event_ts":"2026-01-05T14:{{30 + (i / 3)}}:00Z","symbol":"S{{i % 3}}","payload":{"price":"{{100 + (i * i % 7)}}.5","rsi":1},
             "seq":{{i}}}
            """);
        var sorted = SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', signals)}]")));
        var eventCar = EventCarArtifact.Build(run, sorted, Now);
        var decisions = (JsonArray)JsonValue.Read(
            """
            [{"strategy_id":"a","symbol":"S0","event_ts":"2026-01-05T14:30:00Z","action":"buy","rationale":"r"},
             {"strategy_id":"a","symbol":"S1","event_ts":"2026-01-05T14:31:00Z","action":"sell",
             "params":{"event_type":"technical_indicator"}}]
            """u8.ToArray());
        return (eventCar, HgrmRewardArtifact.Build(candidate, eventCar, RewardedDecision.Read(decisions), Now));
    }

    private static PassingRun Build()
    {
        var built = BuildJanus("run-1", "cand-1");
        var eventCar = (JsonObject)JsonValue.Read(built.EventCar.ToBytes());
        var reward = (JsonObject)JsonValue.Read(built.Reward.ToBytes());
        var janus = EvidenceSummary.Of(eventCar, EventCarPath, reward, RewardPath).Json;
        return new PassingRun
        {
            Policy = PassingInputs.LivePolicy,
            Inputs = PassingInputs.Document,
            State = PassingInputs.Read(
                """
                {"candidateId":"cand-1","runId":"run-1","paused":false,"datasetSnapshotRef":"signals_window","noSignalReason":null,
                 "rollbackReadiness":{"killSwitchDryRunPassed":true,"gitopsRevertDryRunPassed":true,"strategyDisableDryRunPassed":true,
                  "dryRunCompletedAt":"2026-02-26T11:00:00Z","humanApproved":true,"rollbackTarget":"main@deadbeef"}}
                """),
            Artifacts = JsonObject.Of(
                ("research/candidate-spec.json", JsonObject.Empty),
                ("backtest/evaluation-report.json", JsonObject.Empty),
                ("gates/gate-evaluation.json", JsonObject.Empty),
                ("gates/recalibration-report.json", JsonObject.Empty),
                ("paper-candidate/strategy-configmap-patch.yaml", "apiVersion: v1"),
                (ValidationPath, PassingInputs.Read("""{"passed":true}""")),
                (BenchmarkPath, PassingInputs.Read("""{"slices":[{"slice_type":"regime"}]}""")),
                (EvidencePath, JsonObject.Of(
                    ("run_id", "run-1"),
                    ("candidate_id", "cand-1"),
                    ("janus_q", janus))),
                (EventCarPath, eventCar),
                (RewardPath, reward)),
            Drift = PassingInputs.Read(
                """{"eligible_for_live_promotion":true,"reasons":[],"reason_codes":[],"evidence_artifact_refs":["drift/a.json"]}"""),
        };
    }
}
