using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Profitability;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The four checks of a run and the recommendation that follows from them (lane.md section 21).</summary>
internal sealed record PromotionChecks(
    GateReport Gates,
    JsonObject CandidateState,
    PrerequisitesResult Prerequisites,
    RollbackReadiness Rollback,
    DriftGate Drift,
    PromotionRecommendation Recommendation)
{
    /// <summary>What the checks read of the candidate.</summary>
    public static JsonObject StateOf(string candidateId, string runId, bool paused, JsonValue rollbackReadiness) => JsonObject.Of(
        ("candidateId", candidateId),
        ("runId", runId),
        ("activeStage", "gate-evaluation"),
        ("paused", paused),
        ("datasetSnapshotRef", "signals_window"),
        ("noSignalReason", JsonValue.Null),
        ("rollbackReadiness", rollbackReadiness));

    public static PromotionChecks Of(
        AcceptedInputs inputs, LaneIdentity identity, GateReport gates, JsonObject draft, LaneArtifacts artifacts)
    {
        var state = StateOf(
            identity.CandidateId, identity.RunId, false, inputs.RollbackReadiness?["rollbackReadiness"] ?? JsonObject.Empty);
        var prerequisites = Promotion.Prerequisites.Evaluate(inputs.Policy, draft, state, inputs.Target, artifacts);
        var rollback = RollbackReadiness.Evaluate(inputs.Policy, state, inputs.EvaluatedAt);
        var drift = DriftGate.Evaluate(inputs.Target, inputs.DriftEvidence);
        var recommendation = PromotionRecommendation.Derive(RecommendationBasis.Of(
            identity.RunId,
            identity.CandidateId,
            inputs.Target,
            new CheckOutcome(gates.PromotionAllowed, [.. gates.Reasons]),
            gates.RecommendedMode,
            new CheckOutcome(prerequisites.Allowed, prerequisites.Reasons),
            new CheckOutcome(rollback.Ready, rollback.Reasons),
            new CheckOutcome(drift.Allowed, drift.Reasons),
            1,
            GateReportFile.StressCases));
        return new PromotionChecks(gates, state, prerequisites, rollback, drift, recommendation);
    }

    /// <summary>The file <c>gates/promotion-evidence-gate.json</c>.</summary>
    public JsonObject ToEvidenceGate(EvidenceValidation validation, EvidenceSummary janus)
    {
        string[] refs =
        [
            LanePaths.Prerequisites, LanePaths.RollbackReadiness, LanePaths.GateReport, LanePaths.Benchmark, LanePaths.Evidence,
            LanePaths.Validation, LanePaths.EventCar, LanePaths.Reward, LanePaths.Recalibration, .. Drift.ArtifactRefs,
        ];
        return JsonObject.Of(
            ("allowed", Recommendation.Eligible),
            ("recommended_mode", Recommendation.Basis.RecommendedMode.Name()),
            ("reasons", JsonArray.OfTexts(Recommendation.Reasons)),
            ("checks", JsonObject.Of(
                ("gate_matrix", JsonObject.Of(
                    ("allowed", Gates.PromotionAllowed),
                    ("reasons", JsonArray.OfTexts(Gates.Reasons)),
                    ("artifact_refs", JsonArray.OfTexts(
                    [
                        LanePaths.GateReport, LanePaths.Evidence, LanePaths.Validation, LanePaths.EventCar, LanePaths.Reward,
                        LanePaths.Recalibration,
                    ])))),
                ("promotion_prerequisites", Prerequisites.ToJson()),
                ("rollback_readiness", Rollback.ToJson()),
                ("profitability_validation", validation.ToJson()),
                ("janus_q", janus.Json),
                ("drift_governance", Drift.ToJson()),
                ("evidence_requirements", Recommendation.EvidenceToJson()))),
            ("recommendation", Recommendation.ToJson()),
            ("artifact_refs", JsonArray.OfTexts(ContractValue.SortedUnique(refs))));
    }
}
