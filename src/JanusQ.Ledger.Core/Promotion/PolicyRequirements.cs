using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>
/// What a policy asks for on the way to a target: which artifacts must be there and which checks run (gates-and-policy.md section 6).
/// </summary>
public sealed class PolicyRequirements
{
    private const string PaperPatch = "paper-candidate/strategy-configmap-patch.yaml";

    private PolicyRequirements(GatePolicy policy, PromotionTarget target)
    {
        var aboveShadow = target != PromotionTarget.Shadow;
        Profitability = aboveShadow && policy[Gate6RequireProfitabilityEvidence];
        JanusInGate6 = Profitability && policy[Gate6RequireJanusEvidence];
        PrerequisiteProfitability = Profitability && policy[PromotionProfitabilityRequiredTargets].Contains(target);
        PrerequisiteJanusArtifacts = JanusInGate6 && policy[PromotionJanusRequiredTargets].Contains(target);
        PrerequisiteJanusBlock = PrerequisiteJanusArtifacts && policy[PromotionRequireJanusEvidence];
        PrerequisitePromotionEvidence = aboveShadow;
        PrerequisiteRationale = aboveShadow && policy[PromotionRequireRationale];
        IEnumerable<string> required = policy[PromotionRequiredArtifacts];
        if (policy[PromotionRequirePatchTargets].Contains(target)) required = [.. required, PaperPatch];
        if (PrerequisiteProfitability) required = [.. required, .. policy[PromotionProfitabilityRequiredArtifacts]];
        if (PrerequisiteJanusArtifacts) required = [.. required, .. policy[PromotionJanusRequiredArtifacts]];
        RequiredArtifacts = ContractValue.SortedUnique(required);
    }

    /// <summary>Paths that must be there, sorted, each once.</summary>
    public IReadOnlyList<string> RequiredArtifacts { get; }

    /// <summary>Whether gates 6 and 7 look at profitability evidence.</summary>
    public bool Profitability { get; }

    /// <summary>Whether gate 6 looks at the Janus block.</summary>
    public bool JanusInGate6 { get; }

    /// <summary>Whether validation and benchmark are read.</summary>
    public bool PrerequisiteProfitability { get; }

    /// <summary>Whether the Janus artifacts are read and verified.</summary>
    public bool PrerequisiteJanusArtifacts { get; }

    /// <summary>Whether the Janus block of the promotion evidence is looked at.</summary>
    public bool PrerequisiteJanusBlock { get; }

    /// <summary>Whether folds, stress cases and the uncertainty of the gate report are looked at.</summary>
    public bool PrerequisitePromotionEvidence { get; }

    /// <summary>Whether the rationale is looked at.</summary>
    public bool PrerequisiteRationale { get; }

    /// <summary>What the policy asks for on the way to the target.</summary>
    public static PolicyRequirements Of(GatePolicy policy, PromotionTarget target)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new PolicyRequirements(policy, target);
    }

    /// <summary>The required artifacts, and for every check whether it runs.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("required_artifacts", JsonArray.OfTexts(RequiredArtifacts)),
        ("gate6", Profitability),
        ("gate6_janus", JanusInGate6),
        ("gate7", Profitability),
        ("prerequisite_uncertainty", PrerequisitePromotionEvidence),
        ("prerequisite_profitability", PrerequisiteProfitability),
        ("prerequisite_janus_artifacts", PrerequisiteJanusArtifacts),
        ("prerequisite_janus_block", PrerequisiteJanusBlock),
        ("prerequisite_promotion_evidence", PrerequisitePromotionEvidence),
        ("prerequisite_rationale", PrerequisiteRationale));
}
