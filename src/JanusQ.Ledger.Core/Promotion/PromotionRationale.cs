using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>The rationale text of a decision (gates-and-policy.md section 9).</summary>
public static class PromotionRationale
{
    /// <summary>Writes the rationale. Reasons of drift do not appear in it.</summary>
    /// <param name="target">What was asked for.</param>
    /// <param name="promotionAllowed">Whether the gate report allows it.</param>
    /// <param name="recommendedMode">What the gate report recommends, as it stands there.</param>
    /// <param name="gateReasons">Reasons of the gate report.</param>
    /// <param name="prerequisiteReasons">Reasons of the prerequisites.</param>
    /// <param name="rollbackReasons">Reasons of the rollback readiness.</param>
    public static string Write(
        PromotionTarget target,
        bool promotionAllowed,
        string recommendedMode,
        IEnumerable<string> gateReasons,
        IReadOnlyCollection<string> prerequisiteReasons,
        IReadOnlyCollection<string> rollbackReasons)
    {
        ArgumentNullException.ThrowIfNull(prerequisiteReasons);
        ArgumentNullException.ThrowIfNull(rollbackReasons);
        if (promotionAllowed && prerequisiteReasons.Count == 0 && rollbackReasons.Count == 0)
            return $"all_required_gates_passed_for_{target.Name()}_promotion_recommended_mode_{recommendedMode}";
        var union = ContractValue.SortedUnique([.. gateReasons, .. prerequisiteReasons, .. rollbackReasons]);
        return union.Length == 0
            ? $"promotion_target_{target.Name()}_held_without_additional_reasons"
            : "promotion_blocked_or_held:" + string.Join(',', union);
    }
}
