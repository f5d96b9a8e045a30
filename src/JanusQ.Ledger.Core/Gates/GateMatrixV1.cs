using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>The gate matrix of gates-and-policy.md sections 4 and 5, as first published.</summary>
internal sealed class GateMatrixV1 : IGateEvaluator
{
    /// <inheritdoc />
    public string Version => "gate-matrix-1";

    /// <inheritdoc />
    public GateReport Evaluate(GatePolicy policy, JsonObject inputs, PromotionTarget target, Instant evaluatedAt, string codeVersion)
    {
        var (uncertainty, verdict) = UncertaintyGate.Evaluate(policy, inputs, target);
        GateResult[] required =
        [
            MeasurementGates.DataIntegrity(policy, inputs),
            MeasurementGates.StatisticalRobustness(policy, inputs),
            MeasurementGates.RiskCapacity(policy, inputs),
            MeasurementGates.ShadowPaperQuality(policy, inputs),
            MeasurementGates.OperationalReadiness(inputs),
            ProfitabilityGate.Evaluate(policy, inputs, target),
            uncertainty,
        ];
        var live = LiveRampReadiness(policy, inputs, target);
        var (allowed, mode) = Aggregate(Array.TrueForAll(required, gate => gate.Passed), live.Passed, verdict.Action, target);
        return new GateReport(policy.Version, target, allowed, mode, [.. required, live], verdict, evaluatedAt, codeVersion);
    }

    private static GateResult LiveRampReadiness(GatePolicy policy, JsonObject inputs, PromotionTarget target)
    {
        var checks = new GateChecks();
        if (target == PromotionTarget.Live)
        {
            checks.Require(policy[Gate5LiveEnabled], GateReasons.LiveDisabled);
            if (policy[Gate5RequireApprovalToken]
                && GateInputs.ApprovalToken.Take(inputs, checks) is { } token
                && CodePoints.IsBlank(token))
                checks.Add(GateInputs.ApprovalToken.Missing);
        }

        return checks.ToResult(GateIds.LiveRampReadiness);
    }

    private static (bool Allowed, PromotionTarget Mode) Aggregate(
        bool required, bool live, UncertaintyAction action, PromotionTarget target)
    {
        if (action is UncertaintyAction.Abstain or UncertaintyAction.Fail || !required) return (false, PromotionTarget.Shadow);
        return target switch
        {
            PromotionTarget.Live => live ? (true, PromotionTarget.Live) : (false, PromotionTarget.Paper),
            PromotionTarget.Paper => (true, PromotionTarget.Paper),
            PromotionTarget.Shadow => (true, PromotionTarget.Shadow),
            _ => throw new ArgumentOutOfRangeException(nameof(target), target, "There are three targets."),
        };
    }
}
