using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What the prerequisites ask of candidate and gate report (gates-and-policy.md 6.2 to 6.4).</summary>
internal static class GateReportPrerequisites
{
    private const string Passed = "pass";
    private const string Failed = "fail";

    private static readonly (string GateId, ReasonCode Reason)[] RequiredGates =
    [
        (GateIds.DataIntegrity, PromotionReasons.Gate0NotPassed),
        (GateIds.StatisticalRobustness, PromotionReasons.Gate1NotPassed),
        (GateIds.RiskCapacity, PromotionReasons.Gate2NotPassed),
        (GateIds.UncertaintyCalibration, PromotionReasons.Gate7NotPassed),
    ];

    /// <summary>6.2.</summary>
    public static void CheckVerdict(JsonObject report, JsonObject state, PromotionTarget target, PrerequisiteFindings findings)
    {
        var mode = report["recommended_mode"].TextAsWritten("shadow");
        var allowed = report["promotion_allowed"].IsTrue();
        if (state["paused"].IsRaised()) findings.Add(PromotionReasons.CandidatePaused);
        if (!allowed) findings.Add(PromotionReasons.NotPromotable);
        if (PromotionTargets.RankOf(mode) < (int)target)
            findings.Add(PromotionReasons.ModeBelowTarget, ("requested_target", target.Name()), ("recommended_mode", mode));
        if (!allowed) return;
        var fields = Contradictions(report, mode, target);
        if (fields.Count > 0) findings.Add(PromotionReasons.ReportInconsistent, ("fields", JsonArray.OfTexts(fields)));
    }

    /// <summary>What in a report that allows a promotion contradicts that, sorted (B23).</summary>
    private static List<string> Contradictions(JsonObject report, string mode, PromotionTarget target)
    {
        var fields = new List<string>();
        if (!AllGatesPass(report["gates"])) fields.Add("gates");
        if (!PromotionTargets.TryRead(report["promotion_target"], out var claimed) || claimed != target) fields.Add("promotion_target");
        if (report["reasons"] is not JsonArray { Count: 0 }) fields.Add("reasons");
        if (mode != target.Name()) fields.Add("recommended_mode");
        if (report["uncertainty_gate_action"] is not JsonText { Value: Passed }) fields.Add("uncertainty_gate_action");
        return fields;
    }

    private static bool AllGatesPass(JsonValue? gates)
    {
        if (gates is not JsonArray array || array.Count != GateIds.InOrder.Count) return false;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var gate in array.Elements)
        {
            if (gate is not JsonObject members || members["gate_id"] is not JsonText id || !GateIds.InOrder.Contains(id.Value))
                return false;
            if (members["status"] is not JsonText { Value: Passed } || !seen.Add(id.Value)) return false;
        }

        return true;
    }

    /// <summary>6.3.</summary>
    public static void CheckGates(JsonObject report, PromotionTarget target, PrerequisiteFindings findings)
    {
        var gates = report["gates"] as JsonArray ?? JsonArray.Empty;
        foreach (var (gateId, reason) in RequiredGates)
        {
            if (gateId == GateIds.UncertaintyCalibration && target == PromotionTarget.Shadow) continue;
            var status = StatusOf(gateId, gates);
            if (status != Passed) findings.Add(reason, ("gate_id", gateId), ("status", status));
        }
    }

    /// <summary>The status of a gate; where it is listed several times, any failure counts (B28).</summary>
    private static string StatusOf(string gateId, JsonArray gates)
    {
        string? found = null;
        foreach (var gate in gates.Elements)
        {
            var members = gate.ObjectOrEmpty();
            if (members["gate_id"].TextAsWritten() != gateId) continue;
            found = members["status"].TextAsWritten(Failed);
            if (found != Passed) return found;
        }

        return found ?? Failed;
    }

    /// <summary>6.4.</summary>
    public static void CheckUncertainty(GatePolicy policy, JsonObject report, PrerequisiteFindings findings)
    {
        var action = report["uncertainty_gate_action"].TextOf("abstain");
        if (action != Passed) findings.Add(PromotionReasons.UncertaintyNotPass, ("uncertainty_gate_action", action));
        var maximum = policy[PromotionUncertaintyMaxCoverageError];
        Decimal28? error = Decimal28.TryRead(report["coverage_error"], out var read) && read >= Decimal28.Zero ? read : null;
        if (error is not { } value || value > maximum)
            findings.Add(
                PromotionReasons.UncertaintySloFailed, ("coverage_error", ToReal(error ?? Decimal28.One)), ("maximum", ToReal(maximum)));
        if (action is "degrade" or "abstain" or Failed && report["recalibration_run_id"].NonBlank() is null)
            findings.Add(PromotionReasons.RecalibrationRunMissing);
    }

    /// <summary>The nearest double; null where that is infinite.</summary>
    private static JsonValue ToReal(in Decimal28 value)
    {
        var real = double.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(real) ? new JsonReal(real) : JsonValue.Null;
    }
}
