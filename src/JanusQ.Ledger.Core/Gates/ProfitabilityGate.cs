using JanusQ.Ledger.Core.Canonical;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// Gate 6: profitability evidence and its Janus block (gates-and-policy.md section 4). It sees the block only; whether the block is true is
/// checked by the prerequisites.
/// </summary>
internal static class ProfitabilityGate
{
    /// <summary>Whether gates 6 and 7 look at evidence at all.</summary>
    public static bool Applies(GatePolicy policy, PromotionTarget target) =>
        target != PromotionTarget.Shadow && policy[Gate6RequireProfitabilityEvidence];

    /// <summary>Gate 6.</summary>
    public static GateResult Evaluate(GatePolicy policy, JsonObject inputs, PromotionTarget target)
    {
        var checks = new GateChecks();
        if (Applies(policy, target)) Check(policy, inputs["profitability_evidence"], checks);
        return checks.ToResult(GateIds.ProfitabilityEvidence);
    }

    private static void Check(GatePolicy policy, JsonValue? evidence, GateChecks checks)
    {
        if (evidence.IsNotGiven() || evidence is JsonObject { Count: 0 }) checks.Add(GateReasons.EvidenceMissing);
        else if (evidence is JsonObject members) Check(policy, members, checks);
        else checks.Add(GateReasons.EvidenceInvalid);
    }

    private static void Check(GatePolicy policy, JsonObject evidence, GateChecks checks)
    {
        var benchmark = evidence["benchmark"].ObjectOrEmpty();
        var validation = evidence["validation"].ObjectOrEmpty();
        checks.Require(evidence["schema_version"].TextOf() == "profitability-evidence-v4", GateReasons.EvidenceSchemaInvalid);
        checks.Require(benchmark["schema_version"].TextOf() == "profitability-benchmark-v4", GateReasons.BenchmarkSchemaInvalid);
        checks.Require(validation["passed"].IsTrue(), GateReasons.EvidenceValidationFailed);
        if (GateInputs.RiskAdjustedMetrics.Take(evidence, checks) is { } metrics)
        {
            checks.Below(GateInputs.MarketNetPnlDelta, metrics, policy[Gate6MinMarketNetPnlDelta], GateReasons.MarketDeltaBelow);
            checks.Below(GateInputs.RegimeSlicePassRatio, metrics, policy[Gate6MinRegimeSlicePassRatio], GateReasons.RegimeSliceRatioBelow);
            checks.Below(GateInputs.ReturnOverDrawdown, metrics, policy[Gate6MinReturnOverDrawdown], GateReasons.ReturnOverDrawdownBelow);
        }

        if (GateInputs.CostFillRealism.Take(evidence, checks) is { } costs)
            checks.Above(GateInputs.EvidenceCostBps, costs, policy[Gate6MaxCostBps], GateReasons.EvidenceCostExceeds);
        if (GateInputs.ConfidenceCalibration.Take(evidence, checks) is { } confidence)
            checks.Above(GateInputs.CalibrationError, confidence, policy[Gate6MaxCalibrationError], GateReasons.CalibrationErrorExceeds);
        if (GateInputs.Reproducibility.Take(evidence, checks) is { } reproducibility)
            CheckHashes(policy, reproducibility["artifact_hashes"], checks);
        if (policy[Gate6RequireJanusEvidence]) CheckJanus(policy, evidence["janus_q"].ObjectOrEmpty(), checks);
    }

    private static void CheckHashes(GatePolicy policy, JsonValue? hashes, GateChecks checks)
    {
        if (hashes.IsNotGiven()) checks.Add(GateReasons.HashesMissing);
        else if (hashes is not JsonObject members) checks.Add(GateReasons.HashesInvalid);
        else checks.Require(CountNamed(members) >= policy[Gate6MinReproducibilityHashes], GateReasons.HashesBelow);
    }

    private static int CountNamed(JsonObject hashes)
    {
        var count = 0;
        foreach (var (name, value) in hashes.Members)
            if (!CodePoints.IsBlank(name) && value is JsonText text && !CodePoints.IsBlank(text.Value)) count++;
        return count;
    }

    private static void CheckJanus(GatePolicy policy, JsonObject janus, GateChecks checks)
    {
        if (janus["schema_version"].TextOf() != "janus-q-evidence-v1")
        {
            checks.Add(GateReasons.JanusSchemaInvalid);
            return;
        }

        var events = janus["event_car"].ObjectOrEmpty();
        var rewards = janus["hgrm_reward"].ObjectOrEmpty();
        checks.Require(janus["evidence_complete"].IsTrue() && !ContradictsCompleteness(janus, rewards), GateReasons.JanusIncomplete);
        checks.Require(events["schema_version"].TextOf() == "janus-event-car-v1", GateReasons.EventCarSchemaInvalid);
        checks.Below(GateInputs.EventCount, events, policy[Gate6MinJanusEventCount], GateReasons.EventCarCountBelow);
        checks.Require(rewards["schema_version"].TextOf() == "janus-hgrm-reward-v1", GateReasons.RewardSchemaInvalid);
        checks.Below(GateInputs.RewardCount, rewards, policy[Gate6MinJanusRewardCount], GateReasons.RewardCountBelow);
    }

    /// <summary>Reasons, or another number of mapped rewards than of rewards (B19).</summary>
    private static bool ContradictsCompleteness(JsonObject janus, JsonObject rewards)
    {
        if (janus["reasons"].HasReasons()) return true;
        var mapped = rewards["event_mapped_count"];
        if (mapped.IsNotGiven()) return false;
        return !mapped.TryInteger(out var mappedCount)
            || !rewards["reward_count"].TryInteger(out var rewardCount) || mappedCount != rewardCount;
    }
}
