using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>A version of the checks after the gates. A decision is derived again with the version that derived it.</summary>
public interface IPromotionEvaluator
{
    /// <summary>The version's name, recorded with every decision.</summary>
    string Version { get; }

    /// <summary>The prerequisites (gates-and-policy.md section 6). Total.</summary>
    PrerequisitesResult EvaluatePrerequisites(
        GatePolicy policy, JsonObject gateReport, JsonObject candidateState, PromotionArtifacts artifacts);

    /// <summary>The rollback readiness (section 7). Total.</summary>
    RollbackReadiness EvaluateRollback(GatePolicy policy, JsonObject candidateState, Instant now);

    /// <summary>The drift gate (section 8). Total.</summary>
    DriftGate EvaluateDrift(PromotionTarget target, JsonValue? evidence);

    /// <summary>The recommendation (section 9).</summary>
    PromotionRecommendation Recommend(RecommendationBasis basis);
}

/// <summary>The versions of the checks after the gates. A version that recorded a decision is never removed from here.</summary>
public static class PromotionEvaluators
{
    /// <summary>The version for new decisions.</summary>
    public static IPromotionEvaluator Current { get; } = new ChecksV1();

    /// <summary>All versions, oldest first.</summary>
    public static IReadOnlyList<IPromotionEvaluator> Versions { get; } = [Current];

    /// <summary>Finds a version by its name.</summary>
    public static bool TryFind(string version, [NotNullWhen(true)] out IPromotionEvaluator? evaluator)
    {
        evaluator = Versions.FirstOrDefault(known => string.Equals(known.Version, version, StringComparison.Ordinal));
        return evaluator is not null;
    }

    private sealed class ChecksV1 : IPromotionEvaluator
    {
        public string Version => "promotion-checks-1";

        public PrerequisitesResult EvaluatePrerequisites(
            GatePolicy policy, JsonObject gateReport, JsonObject candidateState, PromotionArtifacts artifacts) =>
            Prerequisites.Evaluate(policy, gateReport, candidateState, artifacts);

        public RollbackReadiness EvaluateRollback(GatePolicy policy, JsonObject candidateState, Instant now) =>
            RollbackReadiness.Evaluate(policy, candidateState, now);

        public DriftGate EvaluateDrift(PromotionTarget target, JsonValue? evidence) => DriftGate.Evaluate(target, evidence);

        public PromotionRecommendation Recommend(RecommendationBasis basis) => PromotionRecommendation.Derive(basis);
    }
}
