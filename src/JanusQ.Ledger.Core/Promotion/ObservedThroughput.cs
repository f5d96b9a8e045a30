using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What went through the run, as gate report and candidate state say (gates-and-policy.md 6.6).</summary>
/// <param name="HasExplicitThroughput">Whether the gate report speaks of throughput at all.</param>
/// <param name="SignalCount">Signals; 0 where that is no integer.</param>
/// <param name="DecisionCount">Decisions; 0 where that is no integer.</param>
/// <param name="TradeCount">Trades; 0 where that is no integer.</param>
/// <param name="NoSignalWindow">Whether the window had no signals.</param>
/// <param name="NoSignalReason">Why it had none.</param>
public sealed record ObservedThroughput(
    bool HasExplicitThroughput, long SignalCount, long DecisionCount, long TradeCount, bool NoSignalWindow, string? NoSignalReason)
{
    /// <summary>Reads the throughput.</summary>
    public static ObservedThroughput Of(JsonObject gateReport, JsonObject candidateState)
    {
        ArgumentNullException.ThrowIfNull(gateReport);
        ArgumentNullException.ThrowIfNull(candidateState);
        var throughput = gateReport["throughput"].ObjectOrEmpty();
        var metrics = gateReport["metrics"].ObjectOrEmpty();
        var reason = candidateState["noSignalReason"].TextOf();
        if (reason.Length == 0) reason = throughput["no_signal_reason"].TextOf();
        var window = candidateState["datasetSnapshotRef"].TextOf() is "no_signal_window" or ContractValue.InvalidText
            || throughput["no_signal_window"].IsRaised()
            || reason.Length > 0;
        return new ObservedThroughput(
            throughput.Count > 0,
            throughput["signal_count"].IntegerOrZero(),
            (throughput["decision_count"] ?? metrics["decision_count"]).IntegerOrZero(),
            (throughput["trade_count"] ?? metrics["trade_count"]).IntegerOrZero(),
            window,
            reason.Length > 0 ? reason : null);
    }

    /// <summary>The six members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("has_explicit_throughput", HasExplicitThroughput),
        ("signal_count", SignalCount),
        ("decision_count", DecisionCount),
        ("trade_count", TradeCount),
        ("no_signal_window", NoSignalWindow),
        ("no_signal_reason", NoSignalReason));

    /// <summary>6.5.</summary>
    internal void Check(GatePolicy policy, PrerequisiteFindings findings)
    {
        if (NoSignalWindow) findings.Add(PromotionReasons.NoSignalWindow, ("no_signal_reason", NoSignalReason));
        if (!HasExplicitThroughput)
        {
            findings.Add(PromotionReasons.ThroughputMissing);
            return;
        }

        CheckCount(PromotionReasons.SignalCountBelow, "signal_count", SignalCount, policy[PromotionMinSignalCount], findings);
        CheckCount(PromotionReasons.DecisionCountBelow, "decision_count", DecisionCount, policy[PromotionMinDecisionCount], findings);
        CheckCount(PromotionReasons.TradeCountBelow, "trade_count", TradeCount, policy[PromotionMinTradeCount], findings);
    }

    private static void CheckCount(ReasonCode reason, string name, long count, int minimum, PrerequisiteFindings findings)
    {
        if (count < minimum) findings.Add(reason, (name, count), ("minimum_" + name, minimum));
    }
}
