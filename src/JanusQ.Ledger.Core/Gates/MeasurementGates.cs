using JanusQ.Ledger.Core.Canonical;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>Gates 0 to 4: data, statistics, risk, models and operations (gates-and-policy.md section 4).</summary>
internal static class MeasurementGates
{
    private const int StressRank = 2;

    private static readonly string[] FragilityStates = ["normal", "elevated", "stress", "crisis"];

    /// <summary>Gate 0.</summary>
    public static GateResult DataIntegrity(GatePolicy policy, JsonObject inputs)
    {
        var checks = new GateChecks();
        if (GateInputs.FeatureSchemaVersion.Take(inputs, checks) is { } version)
            checks.Require(version == policy[RequiredFeatureSchemaVersion], GateReasons.SchemaVersionIncompatible);
        checks.Above(GateInputs.RequiredFeatureNullRate, inputs, policy[Gate0MaxNullRate], GateReasons.NullRateExceeds);
        checks.Above(GateInputs.StalenessMsP95, inputs, policy[Gate0MaxStalenessMs], GateReasons.StalenessExceeds);
        checks.Below(GateInputs.SymbolCoverage, inputs, policy[Gate0MinSymbolCoverage], GateReasons.SymbolCoverageBelow);
        return checks.ToResult(GateIds.DataIntegrity);
    }

    /// <summary>Gate 1.</summary>
    public static GateResult StatisticalRobustness(GatePolicy policy, JsonObject inputs)
    {
        var checks = new GateChecks();
        if (GateInputs.MetricsOfGate1.Take(inputs, checks) is { } metrics)
        {
            checks.Below(GateInputs.DecisionCount, metrics, policy[Gate1MinDecisionCount], GateReasons.DecisionCountBelow);
            checks.Below(GateInputs.TradeCount, metrics, policy[Gate1MinTradeCount], GateReasons.TradeCountBelow);
            checks.Below(GateInputs.NetPnl, metrics, policy[Gate1MinNetPnl], GateReasons.NetPnlBelow);
        }

        if (GateInputs.Robustness.Take(inputs, checks) is { } robustness)
        {
            CheckFolds(policy, robustness, checks);
            CheckVariation(policy, robustness, checks);
        }

        return checks.ToResult(GateIds.StatisticalRobustness);
    }

    private static void CheckFolds(GatePolicy policy, JsonObject robustness, GateChecks checks)
    {
        var foldsTaken = GateInputs.FoldCount.TryTake(robustness, checks, out var folds);
        if (foldsTaken && folds == 0) checks.Add(GateReasons.FoldCountBelow);
        if (!GateInputs.NegativeFoldCount.TryTake(robustness, checks, out var losing) || !foldsTaken) return;
        if (losing > folds) checks.Add(GateInputs.NegativeFoldCount.OutOfRange);
        else if (folds > 0 && Decimal28.Of(losing) / Decimal28.Of(folds) > policy[Gate1MaxNegativeFoldRatio])
            checks.Add(GateReasons.NegativeFoldRatioExceeds);
    }

    /// <summary>The coefficient may be missing only where nothing varies around a zero mean, because then there is none (B17).</summary>
    private static void CheckVariation(GatePolicy policy, JsonObject robustness, GateChecks checks)
    {
        if (robustness[GateInputs.NetPnlCv.Name].IsNotGiven() && IsZero(robustness["net_pnl_mean"]) && IsZero(robustness["net_pnl_std"]))
            return;
        checks.Above(GateInputs.NetPnlCv, robustness, policy[Gate1MaxNetPnlCv], GateReasons.NetPnlCvExceeds);
    }

    private static bool IsZero(JsonValue? value) => Decimal28.TryRead(value, out var number) && number.IsZero;

    /// <summary>Gate 2.</summary>
    public static GateResult RiskCapacity(GatePolicy policy, JsonObject inputs)
    {
        var checks = new GateChecks();
        if (GateInputs.MetricsOfGate2.Take(inputs, checks) is { } metrics)
        {
            checks.Above(GateInputs.MaxDrawdown, metrics, policy[Gate2MaxDrawdown], GateReasons.DrawdownExceeds);
            checks.Above(GateInputs.TurnoverRatio, metrics, policy[Gate2MaxTurnoverRatio], GateReasons.TurnoverExceeds);
            checks.Above(GateInputs.CostBps, metrics, policy[Gate2MaxCostBps], GateReasons.CostExceeds);
        }

        checks.Above(GateInputs.FragilityScore, inputs, policy[Gate2MaxFragilityScore], GateReasons.FragilityScoreExceeds);
        CheckFragilityState(policy, inputs, checks);
        if (GateInputs.TcaMetrics.Take(inputs, checks) is { } orders
            && GateInputs.OrderCount.TryTake(orders, checks, out var count)
            && count > 0)
        {
            checks.Above(GateInputs.AvgSlippageBps, orders, policy[Gate2MaxTcaSlippageBps], GateReasons.TcaSlippageExceeds);
            checks.Above(GateInputs.AvgShortfallNotional, orders, policy[Gate2MaxTcaShortfallNotional], GateReasons.TcaShortfallExceeds);
            checks.Above(GateInputs.AvgChurnRatio, orders, policy[Gate2MaxTcaChurnRatio], GateReasons.TcaChurnExceeds);
        }

        return checks.ToResult(GateIds.RiskCapacity);
    }

    private static void CheckFragilityState(GatePolicy policy, JsonObject inputs, GateChecks checks)
    {
        if (GateInputs.FragilityState.Take(inputs, checks) is not { } state) return;
        var rank = Array.IndexOf(FragilityStates, CodePoints.Lower(CodePoints.Trim(state)));
        if (rank < 0)
        {
            checks.Add(GateReasons.FragilityStateUnknown);
            return;
        }

        if (rank > policy[Gate2MaxFragilityStateRank]) checks.Add(GateReasons.FragilityStateExceeds);
        if (rank < StressRank || !policy[Gate2RequireStabilityModeUnderStress]) return;
        var active = inputs[GateInputs.StabilityModeActive.Name];
        if (active.IsNotGiven() || active is JsonBoolean { Value: false }) checks.Add(GateReasons.StabilityModeInactive);
        else if (!active.IsTrue()) checks.Add(GateInputs.StabilityModeActive.Invalid);
    }

    /// <summary>Gate 3.</summary>
    public static GateResult ShadowPaperQuality(GatePolicy policy, JsonObject inputs)
    {
        var checks = new GateChecks();
        if (GateInputs.LlmMetrics.Take(inputs, checks) is { } llm)
            checks.Above(GateInputs.ErrorRatio, llm, policy[Gate3MaxLlmErrorRatio], GateReasons.LlmErrorRatioExceeds);
        if (GateInputs.ForecastMetrics.Take(inputs, checks) is { } forecasts)
        {
            var latency = Decimal28.Of(policy[Gate3MaxForecastLatencyMsP95]);
            checks.Above(GateInputs.FallbackRate, forecasts, policy[Gate3MaxForecastFallbackRate], GateReasons.ForecastFallbackExceeds);
            checks.Above(GateInputs.InferenceLatencyMsP95, forecasts, latency, GateReasons.ForecastLatencyExceeds);
            checks.Below(
                GateInputs.CalibrationScoreMin, forecasts, policy[Gate3MinForecastCalibrationScore], GateReasons.ForecastCalibrationBelow);
        }

        return checks.ToResult(GateIds.ShadowPaperQuality);
    }

    /// <summary>Gate 4.</summary>
    public static GateResult OperationalReadiness(JsonObject inputs)
    {
        var checks = new GateChecks();
        GateInputs.OperationalReady.Require(inputs, checks);
        GateInputs.RunbookValidated.Require(inputs, checks);
        GateInputs.KillSwitchDryRunPassed.Require(inputs, checks);
        GateInputs.RollbackDryRunPassed.Require(inputs, checks);
        return checks.ToResult(GateIds.OperationalReadiness);
    }
}
