using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>What came of one fold.</summary>
/// <param name="Name">The fold's name.</param>
/// <param name="Metrics">The metrics of its decisions, in its own order.</param>
/// <param name="RegimeLabel">The label of its regime.</param>
/// <param name="Regime">Its regime; null where only the label is known.</param>
public sealed record FoldResult(string Name, DecisionMetrics Metrics, string RegimeLabel, Regime? Regime)
{
    /// <summary>The result as an element of <c>robustness.folds</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("fold_name", Name),
        ("decision_count", Metrics.DecisionCount),
        ("trade_count", Metrics.TradeCount),
        ("net_pnl", Metrics.NetPnl.ToString()),
        ("max_drawdown", Metrics.MaxDrawdown.ToString()),
        ("turnover_ratio", Metrics.TurnoverRatio.ToString()),
        ("cost_bps", Metrics.CostBps.ToString()),
        ("regime_label", RegimeLabel),
        ("regime", Regime?.ToJson() ?? JsonValue.Null));
}

/// <summary>How much the profit differs from fold to fold (lane.md section 10.4, <c>robustness</c>).</summary>
public sealed record FoldStability
{
    private FoldStability(IReadOnlyList<FoldResult> folds) => Folds = folds;

    /// <summary>The folds in order.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Mean profit, <c>0</c> without folds.</summary>
    public Decimal28 Mean { get; private init; }

    /// <summary>Standard deviation of the profit.</summary>
    public Decimal28 Deviation { get; private init; }

    /// <summary>Deviation / |mean|; null if the mean is zero.</summary>
    public Decimal28? CoefficientOfVariation { get; private init; }

    /// <summary>Lowest profit.</summary>
    public Decimal28 Worst { get; private init; }

    /// <summary>Highest profit.</summary>
    public Decimal28 Best { get; private init; }

    /// <summary>The stability of folds.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static FoldStability Of(IReadOnlyList<FoldResult> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        if (folds.Count == 0) return new FoldStability(folds);
        Decimal28[] profits = [.. folds.Select(fold => fold.Metrics.NetPnl)];
        var mean = DecimalStatistics.Mean(profits);
        var deviation = DecimalStatistics.Deviation(profits, mean);
        return new FoldStability(folds)
        {
            Mean = mean,
            Deviation = deviation,
            CoefficientOfVariation = mean.IsZero ? null : deviation / Decimal28.Abs(mean),
            Worst = profits.Aggregate((first, second) => Decimal28.Min(first, second)),
            Best = profits.Aggregate((first, second) => Decimal28.Max(first, second)),
        };
    }

    /// <summary>The member <c>robustness</c> of a report.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("method", "fold_stability"),
        ("fold_count", Folds.Count),
        ("net_pnl_mean", Mean.ToString()),
        ("net_pnl_std", Deviation.ToString()),
        ("net_pnl_cv", CoefficientOfVariation?.ToString()),
        ("worst_fold_net_pnl", Worst.ToString()),
        ("best_fold_net_pnl", Best.ToString()),
        ("negative_fold_count", Folds.Count(fold => fold.Metrics.NetPnl < Decimal28.Zero)),
        ("folds", new JsonArray(Folds.Select(fold => fold.ToJson()))));
}
