using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What is recommended to be done with a candidate.</summary>
public enum PromotionAction
{
    /// <summary>It may not be promoted.</summary>
    Deny,

    /// <summary>It may stay where it is: shadow.</summary>
    Hold,

    /// <summary>It may be promoted to the recommended mode.</summary>
    Promote,
}

/// <summary>The names of actions.</summary>
public static class PromotionActions
{
    /// <summary><c>deny</c>, <c>hold</c> or <c>promote</c>.</summary>
    public static string Name(this PromotionAction action) => action switch
    {
        PromotionAction.Deny => "deny",
        PromotionAction.Hold => "hold",
        PromotionAction.Promote => "promote",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There are three actions."),
    };
}

/// <summary>What a check said: whether it allows the promotion, and its reasons.</summary>
/// <param name="Allowed">Whether it allows it.</param>
/// <param name="Reasons">Its reasons.</param>
public sealed record CheckOutcome(bool Allowed, IReadOnlyList<string> Reasons);

/// <summary>What a recommendation is derived from (gates-and-policy.md section 9).</summary>
public sealed record RecommendationBasis
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The target asked for.</summary>
    public required PromotionTarget RequestedMode { get; init; }

    /// <summary>What the gate report recommends.</summary>
    public required PromotionTarget RecommendedMode { get; init; }

    /// <summary>Whether gate report and drift gate allow it.</summary>
    public required bool GateAllowed { get; init; }

    /// <summary>Whether the prerequisites allow it.</summary>
    public required bool PrerequisiteAllowed { get; init; }

    /// <summary>Whether it could be undone.</summary>
    public required bool RollbackReady { get; init; }

    /// <summary>Folds with metrics.</summary>
    public required long FoldMetricsCount { get; init; }

    /// <summary>Stress cases with metrics.</summary>
    public required long StressMetricsCount { get; init; }

    /// <summary>The rationale; null counts as none.</summary>
    public required string? Rationale { get; init; }

    /// <summary>Reasons of all checks.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>From the four checks to the basis.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="target">The target asked for.</param>
    /// <param name="gates">The gate report's verdict and reasons.</param>
    /// <param name="recommendedMode">What the gate report recommends.</param>
    /// <param name="prerequisites">The prerequisites.</param>
    /// <param name="rollback">The rollback readiness.</param>
    /// <param name="drift">The drift gate.</param>
    /// <param name="foldMetricsCount">Folds with metrics.</param>
    /// <param name="stressMetricsCount">Stress cases with metrics.</param>
    public static RecommendationBasis Of(
        string runId,
        string candidateId,
        PromotionTarget target,
        CheckOutcome gates,
        PromotionTarget recommendedMode,
        CheckOutcome prerequisites,
        CheckOutcome rollback,
        CheckOutcome drift,
        long foldMetricsCount,
        long stressMetricsCount)
    {
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(prerequisites);
        ArgumentNullException.ThrowIfNull(rollback);
        ArgumentNullException.ThrowIfNull(drift);
        return new RecommendationBasis
        {
            RunId = runId,
            CandidateId = candidateId,
            RequestedMode = target,
            RecommendedMode = recommendedMode,
            GateAllowed = gates.Allowed && drift.Allowed,
            PrerequisiteAllowed = prerequisites.Allowed,
            RollbackReady = rollback.Allowed,
            FoldMetricsCount = foldMetricsCount,
            StressMetricsCount = stressMetricsCount,
            Rationale = PromotionRationale.Write(
                target, gates.Allowed, recommendedMode.Name(), gates.Reasons, prerequisites.Reasons, rollback.Reasons),
            Reasons =
            [
                .. gates.Reasons,
                .. prerequisites.Reasons,
                .. rollback.Reasons,
                .. drift.Reasons.Where(reason => !CodePoints.IsBlank(reason)),
            ],
        };
    }
}

/// <summary>The recommendation that follows from the checks (gates-and-policy.md section 9).</summary>
public sealed record PromotionRecommendation
{
    private PromotionRecommendation(RecommendationBasis basis)
    {
        Basis = basis;
        Rationale = basis.Rationale is null ? "" : CodePoints.Trim(basis.Rationale);
        var gaps = new GateChecks();
        gaps.Require(basis.FoldMetricsCount > 0, PromotionReasons.FoldsMissing);
        gaps.Require(basis.StressMetricsCount > 0, PromotionReasons.StressMissing);
        gaps.Require(Rationale.Length > 0, PromotionReasons.RecommendationRationaleMissing);
        EvidenceGaps = gaps.Reasons;
        IEnumerable<string> reasons = [.. basis.Reasons, .. EvidenceGaps];
        if (basis.RecommendedMode > basis.RequestedMode) reasons = [.. reasons, PromotionReasons.ModeExceedsRequested.Code];
        Reasons = ContractValue.SortedUnique(reasons);
        Eligible = basis.GateAllowed && basis.PrerequisiteAllowed && basis.RollbackReady && Reasons.Count == 0;
        Action = !Eligible ? PromotionAction.Deny
            : basis.RecommendedMode == PromotionTarget.Shadow ? PromotionAction.Hold
            : PromotionAction.Promote;
        TraceId = CanonicalJson.Id(JsonObject.Of(
            ("run_id", basis.RunId),
            ("candidate_id", basis.CandidateId),
            ("requested_mode", basis.RequestedMode.Name()),
            ("recommended_mode", basis.RecommendedMode.Name()),
            ("gate_allowed", basis.GateAllowed),
            ("prerequisite_allowed", basis.PrerequisiteAllowed),
            ("rollback_ready", basis.RollbackReady),
            ("eligible", Eligible),
            ("action", Action.Name()),
            ("rationale", Rationale),
            ("reasons", JsonArray.OfTexts(Reasons)),
            ("evidence", JsonObject.Of(
                ("fold_metrics_count", basis.FoldMetricsCount),
                ("stress_metrics_count", basis.StressMetricsCount),
                ("rationale_present", Rationale.Length > 0)))));
    }

    /// <summary>What it was derived from.</summary>
    public RecommendationBasis Basis { get; }

    /// <summary>What is recommended.</summary>
    public PromotionAction Action { get; }

    /// <summary>Whether nothing stands in the way (B35).</summary>
    public bool Eligible { get; }

    /// <summary>The rationale, trimmed; empty for none.</summary>
    public string Rationale { get; }

    /// <summary>All reasons, sorted, each once.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>What the evidence lacks, in the order of its checks.</summary>
    public IReadOnlyList<string> EvidenceGaps { get; }

    /// <summary>The id of everything that the recommendation rests on and says.</summary>
    public string TraceId { get; }

    /// <summary>Derives the recommendation.</summary>
    public static PromotionRecommendation Derive(RecommendationBasis basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        return new PromotionRecommendation(basis);
    }

    /// <summary>The recommendation as the contract writes it, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("action", Action.Name()),
        ("requested_mode", Basis.RequestedMode.Name()),
        ("recommended_mode", Basis.RecommendedMode.Name()),
        ("eligible", Eligible),
        ("rationale", Rationale),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("evidence", EvidenceToJson()),
        ("trace_id", TraceId));

    /// <summary>The member <c>evidence</c>: counts, and what is lacking.</summary>
    public JsonObject EvidenceToJson() => JsonObject.Of(
        ("fold_metrics_count", Basis.FoldMetricsCount),
        ("stress_metrics_count", Basis.StressMetricsCount),
        ("rationale_present", Rationale.Length > 0),
        ("evidence_complete", EvidenceGaps.Count == 0),
        ("reasons", JsonArray.OfTexts(EvidenceGaps)));
}
