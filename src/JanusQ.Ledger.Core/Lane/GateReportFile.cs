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
    public const int StressCases = GateReportParts.StressCases;

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
        var metrics = evaluation.Metrics.ToJson();
        _measured = GateReportParts.Measured(
            report, identity.RunId, GateReportParts.Throughput(signalCount, metrics, 1, GateReportParts.StressCases));
        _evidence = JsonObject.Of(
            ("fold_metrics", GateReportParts.FoldMetrics(evaluation.Robustness.ToJson())),
            ("stress_metrics", GateReportParts.StressMetrics(metrics)),
            ("janus_q", GateReportParts.Janus(eventCar.Summary.EventCount, reward.Summary.RewardCount, summary)));
        Draft = GateReportParts.Draft(_measured, _evidence, report);
        TraceId = ((JsonText)((JsonObject)Draft["provenance"]!)["gate_report_trace_id"]!).Value;
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
}
