using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What a dry run looks at.</summary>
public sealed record PolicyDryRunRequest
{
    /// <summary>The policy.</summary>
    public required PolicyDocument Policy { get; init; }

    /// <summary>A gate report, draft or final.</summary>
    public required JsonObject GateReport { get; init; }

    /// <summary>The target to ask for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The run's artifacts.</summary>
    public required IRunArtifacts Artifacts { get; init; }

    /// <summary>The instant to evaluate at.</summary>
    public required Instant Now { get; init; }

    /// <summary>The candidate state; null assumes a candidate of the report's run that is not paused and fully rehearsed now.</summary>
    public JsonObject? CandidateState { get; init; }

    /// <summary>Drift evidence, which live needs; null for none.</summary>
    public JsonValue? DriftEvidence { get; init; }

    /// <summary>The path of an artifact that is left out; null for none.</summary>
    public string? SimulateMissingArtifact { get; init; }

    /// <summary>Whether the rehearsal is made an hour older than the policy allows.</summary>
    public bool SimulateStaleRollback { get; init; }
}

/// <summary>
/// Shows what a policy would enforce on a gate report, touching nothing: the checks of a promotion after the gates, with what they require,
/// what they would say and why. The gate report is taken as it stands; whether it is true only a decision of the ledger shows.
/// </summary>
public static class PolicyDryRun
{
    private const long MicrosPerHour = 3_600_000_000;
    private const string CandidateSpec = "research/candidate-spec.json";

    /// <summary>
    /// Evaluates. Members of the document: <c>policy_hash</c>, <c>policy_version</c>, <c>promotion_target</c>, <c>evaluated_at</c>,
    /// <c>simulated</c> {<c>missing_artifact</c>, <c>stale_rollback</c>, <c>candidate_state</c>}, <c>would_allow</c>, <c>action</c>,
    /// <c>enforced</c> (<see cref="PolicyRequirements"/>), <c>gate_matrix</c> {<c>allowed</c>, <c>recommended_mode</c>, <c>reasons</c>},
    /// <c>promotion_prerequisites</c>, <c>rollback_readiness</c>, <c>drift_governance</c>, <c>recommendation</c> (null where the report
    /// recommends no known mode), <c>explanations</c>: for every reason its <see cref="CatalogueEntry"/>.
    /// </summary>
    public static JsonObject Evaluate(PolicyDryRunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var policy = request.Policy.Policy;
        var report = request.GateReport;
        var artifacts = request.SimulateMissingArtifact is { } path ? new RunArtifactsWithout(request.Artifacts, path) : request.Artifacts;
        var state = StateOf(request, policy);
        var gates = new CheckOutcome(report["promotion_allowed"].IsTrue(), [.. report["reasons"].TextsOf()]);
        var prerequisites = Prerequisites.Evaluate(policy, report, state, request.Target, artifacts);
        var rollback = RollbackReadiness.Evaluate(policy, state, request.Now);
        var drift = DriftGate.Evaluate(request.Target, request.DriftEvidence);
        var recommendation = Recommend(request, state, gates, prerequisites, rollback, drift);
        var reasons = ContractValue.SortedUnique(
            [.. gates.Reasons, .. prerequisites.Reasons, .. rollback.Reasons, .. drift.Reasons, .. recommendation?.Reasons ?? []]);
        return JsonObject.Of(
            ("policy_hash", request.Policy.Hash),
            ("policy_version", policy.Version),
            ("promotion_target", request.Target.Name()),
            ("evaluated_at", request.Now.ToString()),
            ("simulated", JsonObject.Of(
                ("missing_artifact", request.SimulateMissingArtifact),
                ("stale_rollback", request.SimulateStaleRollback),
                ("candidate_state", request.CandidateState is null))),
            ("would_allow", recommendation?.Eligible ?? false),
            ("action", (recommendation?.Action ?? PromotionAction.Deny).Name()),
            ("enforced", PolicyRequirements.Of(policy, request.Target).ToJson()),
            ("gate_matrix", JsonObject.Of(
                ("allowed", gates.Allowed),
                ("recommended_mode", report["recommended_mode"] ?? JsonValue.Null),
                ("reasons", JsonArray.OfTexts(gates.Reasons)))),
            ("promotion_prerequisites", prerequisites.ToJson()),
            ("rollback_readiness", rollback.ToJson()),
            ("drift_governance", drift.ToJson()),
            ("recommendation", recommendation is null ? JsonValue.Null : recommendation.ToJson()),
            ("explanations", new JsonArray(reasons.Select(Explain))));
    }

    private static JsonObject Explain(string reason) =>
        ReasonCatalogue.Find(reason)?.ToJson() ?? JsonObject.Of(("code", reason), ("meanings", JsonArray.Empty));

    private static PromotionRecommendation? Recommend(
        PolicyDryRunRequest request,
        JsonObject state,
        CheckOutcome gates,
        PrerequisitesResult prerequisites,
        RollbackReadiness rollback,
        DriftGate drift)
    {
        if (!PromotionTargets.TryRead(request.GateReport["recommended_mode"], out var mode)) return null;
        var throughput = request.GateReport["throughput"].ObjectOrEmpty();
        return PromotionRecommendation.Derive(RecommendationBasis.Of(
            request.GateReport["run_id"].TextOf(),
            state["candidateId"].TextOf(),
            request.Target,
            gates,
            mode,
            new CheckOutcome(prerequisites.Allowed, prerequisites.Reasons),
            new CheckOutcome(rollback.Ready, rollback.Reasons),
            new CheckOutcome(drift.Allowed, drift.Reasons),
            throughput["fold_metrics_count"].IntegerOrZero(),
            throughput["stress_metrics_count"].IntegerOrZero()));
    }

    private static JsonObject StateOf(PolicyDryRunRequest request, GatePolicy policy)
    {
        var state = request.CandidateState ?? Assume(request, policy);
        if (!request.SimulateStaleRollback) return state;
        var age = (Math.Max(policy.RollbackMaxAgeHours, 0) + 1L) * MicrosPerHour;
        var stale = Instant.Of(new DateTimeOffset(Math.Max(0, request.Now.Micros - age) * 10, TimeSpan.Zero));
        return state.With("rollbackReadiness", state["rollbackReadiness"].ObjectOrEmpty().With("dryRunCompletedAt", stale.ToString()));
    }

    private static JsonObject Assume(PolicyDryRunRequest request, GatePolicy policy)
    {
        var readiness = JsonObject.Of(
            ("dryRunCompletedAt", request.Now.ToString()), ("humanApproved", true), ("rollbackTarget", "assumed"));
        foreach (var check in policy.RequiredRollbackChecks) readiness = readiness.With(check, true);
        var candidate = request.GateReport["promotion_decision"].ObjectOrEmpty()["candidate_id"]
            ?? request.Artifacts.FindObject(CandidateSpec)?["candidate_id"]
            ?? JsonValue.Null;
        return JsonObject.Of(
            ("candidateId", candidate),
            ("runId", request.GateReport["run_id"] ?? JsonValue.Null),
            ("paused", false),
            ("datasetSnapshotRef", "signals_window"),
            ("noSignalReason", JsonValue.Null),
            ("rollbackReadiness", readiness));
    }
}
