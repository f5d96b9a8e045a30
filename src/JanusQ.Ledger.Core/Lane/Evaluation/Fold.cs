using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>The decisions over one stretch of signals, with the regime that they were made in (lane.md section 8).</summary>
public sealed record Fold
{
    /// <summary>The name of a run's one fold.</summary>
    public const string OnlyName = "autonomous_lane";

    private Fold(string name, int signalsCount, IReadOnlyList<Decision> decisions, Regime regime)
    {
        Name = name;
        SignalsCount = signalsCount;
        Decisions = decisions;
        Regime = regime;
    }

    /// <summary>The fold's name.</summary>
    public string Name { get; }

    /// <summary>Number of signals looked at.</summary>
    public int SignalsCount { get; }

    /// <summary>What was decided, in order.</summary>
    public IReadOnlyList<Decision> Decisions { get; }

    /// <summary>The regime of the decisions.</summary>
    public Regime Regime { get; }

    /// <summary>A fold of decisions.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static Fold Of(string name, int signalsCount, IReadOnlyList<Decision> decisions) =>
        new(name, signalsCount, decisions, Regime.Of(decisions));

    /// <summary>The member <c>metrics</c> of the fold in the walk-forward results.</summary>
    public JsonObject MetricsToJson()
    {
        var buys = Decisions.Count(decision => decision.Action == TradeAction.Buy);
        return JsonObject.Of(
            ("signals_count", SignalsCount),
            ("decision_count", Decisions.Count),
            ("buy_count", buys),
            ("sell_count", Decisions.Count - buys),
            ("hold_count", 0),
            ("regime_label", Regime.Label),
            ("regime", Regime.ToJson()));
    }
}
