using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>What a gate says.</summary>
/// <param name="GateId">One of <see cref="GateIds"/>.</param>
/// <param name="Reasons">Why it fails, in the order of its checks (gate 7: sorted, unique); empty where it passes.</param>
/// <param name="ArtifactRefs">Artifacts it refers to.</param>
public sealed record GateResult(string GateId, IReadOnlyList<string> Reasons, IReadOnlyList<string> ArtifactRefs)
{
    /// <summary>Whether there are no reasons.</summary>
    public bool Passed => Reasons.Count == 0;

    /// <summary>Members <c>gate_id</c>, <c>status</c>, <c>reasons</c>, <c>artifact_refs</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("gate_id", GateId),
        ("status", Passed ? "pass" : "fail"),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("artifact_refs", JsonArray.OfTexts(ArtifactRefs)));
}

/// <summary>What the uncertainty gate does (gates-and-policy.md, gate 7).</summary>
public enum UncertaintyAction
{
    /// <summary>The calibration is good.</summary>
    Pass,

    /// <summary>The calibration is doubtful.</summary>
    Degrade,

    /// <summary>The calibration says nothing, or was not submitted.</summary>
    Abstain,

    /// <summary>The regime has shifted beyond the calibration.</summary>
    Fail,
}

/// <summary>The names of uncertainty actions.</summary>
public static class UncertaintyActions
{
    /// <summary><c>pass</c>, <c>degrade</c>, <c>abstain</c> or <c>fail</c>.</summary>
    public static string Name(this UncertaintyAction action) => action switch
    {
        UncertaintyAction.Pass => "pass",
        UncertaintyAction.Degrade => "degrade",
        UncertaintyAction.Abstain => "abstain",
        UncertaintyAction.Fail => "fail",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There are four actions."),
    };
}

/// <summary>The uncertainty values as a report shows them: plain texts of decimals, null where there is none.</summary>
/// <param name="Action">What the uncertainty gate does.</param>
/// <param name="CoverageError">Coverage error.</param>
/// <param name="IntervalWidth">Average width of the conformal intervals.</param>
/// <param name="ShiftScore">Shift of the regime.</param>
/// <param name="RecalibrationRunId">The recalibration that was requested.</param>
public sealed record UncertaintyVerdict(
    UncertaintyAction Action, string? CoverageError, string? IntervalWidth, string? ShiftScore, string? RecalibrationRunId);

/// <summary>The gate report (gates-and-policy.md section 5).</summary>
/// <param name="PolicyVersion">The policy's label.</param>
/// <param name="Target">What was asked for.</param>
/// <param name="PromotionAllowed">Whether the gates allow it.</param>
/// <param name="RecommendedMode">What the gates recommend.</param>
/// <param name="Gates">The eight results in the order of <see cref="GateIds.InOrder"/>.</param>
/// <param name="Uncertainty">What gate 7 saw.</param>
/// <param name="EvaluatedAt">When, as the caller says.</param>
/// <param name="CodeVersion">The code, as the caller says.</param>
public sealed record GateReport(
    string PolicyVersion,
    PromotionTarget Target,
    bool PromotionAllowed,
    PromotionTarget RecommendedMode,
    IReadOnlyList<GateResult> Gates,
    UncertaintyVerdict Uncertainty,
    Instant EvaluatedAt,
    string CodeVersion)
{
    /// <summary>The reasons of all gates one after the other, neither sorted nor made unique.</summary>
    public IEnumerable<string> Reasons => Gates.SelectMany(gate => gate.Reasons);

    /// <summary>The report as the contract writes it, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("policy_version", PolicyVersion),
        ("promotion_target", Target.Name()),
        ("promotion_allowed", PromotionAllowed),
        ("recommended_mode", RecommendedMode.Name()),
        ("gates", new JsonArray(Gates.Select(gate => gate.ToJson()))),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("uncertainty_gate_action", Uncertainty.Action.Name()),
        ("coverage_error", Uncertainty.CoverageError),
        ("conformal_interval_width", Uncertainty.IntervalWidth),
        ("shift_score", Uncertainty.ShiftScore),
        ("recalibration_run_id", Uncertainty.RecalibrationRunId),
        ("evaluated_at", EvaluatedAt.ToString()),
        ("code_version", CodeVersion));
}
