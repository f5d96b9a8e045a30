using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What the prerequisites ask of the promotion evidence in the gate report (gates-and-policy.md 6.9).</summary>
internal static class PromotionEvidencePrerequisites
{
    /// <summary>Folds, stress cases, the Janus block, the rationale.</summary>
    public static void Check(
        GatePolicy policy, PolicyRequirements requirements, JsonObject report, PromotionTarget target, PrerequisiteFindings findings)
    {
        var evidence = report["promotion_evidence"].ObjectOrEmpty();
        CheckCount(
            PromotionReasons.FoldsInsufficient, evidence["fold_metrics"].ObjectOrEmpty(), "fold_name", "fold_count",
            policy[PromotionMinFoldMetricsCount], findings);
        CheckCount(
            PromotionReasons.StressInsufficient, evidence["stress_metrics"].ObjectOrEmpty(), "case", "stress_case_count",
            policy[PromotionMinStressCaseCount], findings);
        if (requirements.PrerequisiteJanusBlock) CheckJanus(policy, evidence["janus_q"].ObjectOrEmpty(), findings);
        if (requirements.PrerequisiteRationale) CheckRationale(evidence["promotion_rationale"].ObjectOrEmpty(), report, target, findings);
    }

    private static void CheckCount(
        ReasonCode reason, JsonObject block, string itemName, string countName, int minimum, PrerequisiteFindings findings)
    {
        var count = EffectiveCount(block, itemName);
        if (count < minimum) findings.Add(reason, ("actual_" + countName, count), ("minimum_" + countName, minimum));
        findings.Collect(block);
    }

    /// <summary>The smaller of what is claimed and of what is there, every name once (B29).</summary>
    private static long EffectiveCount(JsonObject block, string itemName)
    {
        var items = block["items"] as JsonArray ?? JsonArray.Empty;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items.Elements)
            if ((item as JsonObject)?[itemName].NonBlank() is { } name) names.Add(name);
        return Math.Min(block["count"].IntegerOrZero(), names.Count);
    }

    private static void CheckJanus(GatePolicy policy, JsonObject janus, PrerequisiteFindings findings)
    {
        if (janus.Count == 0)
        {
            findings.Add(PromotionReasons.JanusBlockMissing);
            return;
        }

        CheckJanusCount(
            PromotionReasons.EventCarInsufficient, janus["event_car"].ObjectOrEmpty(), "event_count", policy[PromotionMinJanusEventCount],
            findings);
        CheckJanusCount(
            PromotionReasons.RewardInsufficient, janus["hgrm_reward"].ObjectOrEmpty(), "reward_count",
            policy[PromotionMinJanusRewardCount], findings);
        if (!janus["evidence_complete"].IsTrue() || janus["reasons"].HasReasons())
            findings.Add(PromotionReasons.JanusIncomplete, ("reasons", JsonArray.OfTexts(janus["reasons"].TextsOf())));
    }

    private static void CheckJanusCount(ReasonCode reason, JsonObject block, string countName, int minimum, PrerequisiteFindings findings)
    {
        var count = block["count"].IntegerOrZero();
        if (count < minimum) findings.Add(reason, ("actual_" + countName, count), ("minimum_" + countName, minimum));
        findings.Collect(block);
    }

    private static void CheckRationale(JsonObject rationale, JsonObject report, PromotionTarget target, PrerequisiteFindings findings)
    {
        if (rationale.Count == 0) findings.Add(PromotionReasons.RationaleMissing);
        var asked = rationale["requested_target"].TextOf();
        if (asked.Length > 0 && asked != target.Name())
            findings.Add(PromotionReasons.RationaleTarget, ("requested_target", target.Name()), ("rationale_target", asked));
        var said = rationale["recommended_mode"].TextOf();
        if (said.Length == 0) said = rationale["gate_recommended_mode"].TextOf();
        var mode = report["recommended_mode"].TextOf();
        if (said.Length > 0 && mode.Length > 0 && said != mode)
            findings.Add(PromotionReasons.RationaleMode, ("rationale_recommended_mode", said), ("gate_recommended_mode", mode));
        if (!HasCodes(rationale["reason_codes"]) && !HasCodes(rationale["gate_reasons"]) && rationale["rationale_text"].NonBlank() is null)
            findings.Add(PromotionReasons.RationaleMissing);
    }

    private static bool HasCodes(JsonValue? codes) => codes.TextsOf().Any(code => !CodePoints.IsBlank(code));
}
