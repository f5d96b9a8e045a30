using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What the drift gate says (gates-and-policy.md section 8).</summary>
/// <param name="Allowed">Whether drift stands in the way.</param>
/// <param name="Reasons">Why it does, sorted, each once.</param>
/// <param name="EligibleForLive">Whether the drift monitor calls the candidate eligible for live, uncontradicted where the target is
/// live.</param>
/// <param name="ArtifactRefs">Artifacts that the evidence names, sorted, each once.</param>
public sealed record DriftGate(bool Allowed, IReadOnlyList<string> Reasons, bool EligibleForLive, IReadOnlyList<string> ArtifactRefs)
{
    /// <summary>Evaluates the drift evidence: an object, or null for none. Total: any value gets a result.</summary>
    public static DriftGate Evaluate(PromotionTarget target, JsonValue? evidence)
    {
        var members = evidence.ObjectOrEmpty();
        var references = ContractValue.SortedUnique(NonBlank(members["evidence_artifact_refs"]));
        var eligible = members["eligible_for_live_promotion"].IsTrue();
        if (target != PromotionTarget.Live) return new DriftGate(true, [], eligible, references);
        var reasons = ContractValue.SortedUnique(Against(evidence, members, eligible));
        return new DriftGate(reasons.Length == 0, reasons, reasons.Length == 0, references);
    }

    /// <summary>The result as the contract writes it, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("allowed", Allowed),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("eligible_for_live_promotion", EligibleForLive),
        ("artifact_refs", JsonArray.OfTexts(ArtifactRefs)));

    private static List<string> Against(JsonValue? evidence, JsonObject members, bool eligible)
    {
        if (!evidence.IsNotGiven() && evidence is not JsonObject) return [PromotionReasons.DriftInvalid.Code];
        if (members.Count == 0) return [PromotionReasons.DriftMissing.Code];
        var given = NonBlank(members["reasons"]).ToList();
        if (!IsListOfTexts(members["reasons"]) || !IsListOfTexts(members["reason_codes"]))
            return [.. given, PromotionReasons.DriftInvalid.Code];
        if (!eligible) return given.Count > 0 ? given : [PromotionReasons.DriftNotEligible.Code];
        return given.Count > 0 || NonBlank(members["reason_codes"]).Any() ? [.. given, PromotionReasons.DriftContradictory.Code] : [];
    }

    private static bool IsListOfTexts(JsonValue? value) =>
        value.IsNotGiven() || (value is JsonArray array && array.Elements.All(element => element is JsonText));

    private static IEnumerable<string> NonBlank(JsonValue? value) => value.TextsOf().Where(text => !CodePoints.IsBlank(text));
}
