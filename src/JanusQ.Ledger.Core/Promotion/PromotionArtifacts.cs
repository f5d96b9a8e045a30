using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>
/// What the prerequisites need to know about a run's artifacts: which required ones are missing, and those that are read, each read once
/// and the Janus artifacts verified. Reading is all the work there is with artifacts; the rules over it are quick.
/// </summary>
public sealed class PromotionArtifacts
{
    private PromotionArtifacts(GatePolicy policy, PromotionTarget target, IRunArtifacts artifacts)
    {
        Target = target;
        Requirements = PolicyRequirements.Of(policy, target);
        Missing = [.. Requirements.RequiredArtifacts.Where(path => !artifacts.Contains(path))];
        if (Requirements.PrerequisiteProfitability)
        {
            Validation = artifacts.FindObject(policy[PromotionProfitabilityValidationArtifact]);
            Benchmark = artifacts.FindObject(policy[PromotionProfitabilityBenchmarkArtifact]);
        }

        if (!Requirements.PrerequisiteJanusArtifacts) return;
        EventCar = JanusArtifact.ReadEventCar(artifacts, policy[PromotionJanusEventCarArtifact]);
        Reward = JanusArtifact.ReadReward(artifacts, policy[PromotionJanusHgrmRewardArtifact], EventCar);
        if (EventCar is not null && Reward is not null) Evidence = artifacts.FindObject(policy[PromotionProfitabilityEvidenceArtifact]);
    }

    /// <summary>The required artifacts that are not there, sorted.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>What the policy asks for.</summary>
    public PolicyRequirements Requirements { get; }

    internal PromotionTarget Target { get; }

    internal JsonObject? Validation { get; }

    internal JsonObject? Benchmark { get; }

    internal JanusArtifact? EventCar { get; }

    internal JanusArtifact? Reward { get; }

    internal JsonObject? Evidence { get; }

    /// <summary>Reads what a promotion to the target under the policy needs, and nothing else.</summary>
    public static PromotionArtifacts Read(GatePolicy policy, PromotionTarget target, IRunArtifacts artifacts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(artifacts);
        return new PromotionArtifacts(policy, target, artifacts);
    }
}
