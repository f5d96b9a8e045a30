using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>What came of a list of decisions (lane.md section 10.1). Profit and cost are in the currency of the prices.</summary>
public sealed record DecisionMetrics
{
    private static readonly Decimal28 BasisPoints = Decimal28.Of(10_000);

    /// <summary>Number of decisions.</summary>
    public required int DecisionCount { get; init; }

    /// <summary>Number of decisions that closed something.</summary>
    public required int TradeCount { get; init; }

    /// <summary>Realized and unrealized profit.</summary>
    public Decimal28 GrossPnl { get; init; }

    /// <summary>Profit less cost.</summary>
    public required Decimal28 NetPnl { get; init; }

    /// <summary>Sum of costs.</summary>
    public Decimal28 TotalCost { get; init; }

    /// <summary>Deepest fall of equity below its peak, not negative.</summary>
    public required Decimal28 MaxDrawdown { get; init; }

    /// <summary>Sum of |price × quantity|.</summary>
    public Decimal28 TurnoverNotional { get; init; }

    /// <summary>Turnover / mean exposure.</summary>
    public required Decimal28 TurnoverRatio { get; init; }

    /// <summary>Mean exposure after each decision.</summary>
    public Decimal28 AverageExposure { get; init; }

    /// <summary>Cost in basis points of turnover.</summary>
    public required Decimal28 CostBps { get; init; }

    /// <summary>The metrics of decisions in the order given.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static DecisionMetrics Of(IReadOnlyList<Decision> decisions, CostModel costs)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(costs);
        var book = new PositionBook();
        var turnover = Decimal28.Zero;
        var cost = Decimal28.Zero;
        var peak = Decimal28.Zero;
        var drawdown = Decimal28.Zero;
        var exposure = Decimal28.Zero;
        foreach (var decision in decisions)
        {
            var position = book.Of(decision);
            if (PriceOf(decision) is { } price && decision.Qty.IsPositive)
            {
                turnover += Decimal28.Abs(price * decision.Qty);
                cost += costs.CostOf(decision, price);
                book.Fill(position, decision, price);
            }

            var equity = book.Realized + book.Unrealized - cost;
            if (equity > peak) peak = equity;
            var below = equity - peak;
            if (below < drawdown) drawdown = below;
            exposure += book.Exposure;
        }

        var gross = book.Realized + book.Unrealized;
        var averageExposure = decisions.Count == 0 ? Decimal28.Zero : exposure / Decimal28.Of(decisions.Count);
        return new DecisionMetrics
        {
            DecisionCount = decisions.Count,
            TradeCount = book.Trades,
            GrossPnl = gross,
            NetPnl = gross - cost,
            TotalCost = cost,
            MaxDrawdown = Decimal28.Abs(drawdown),
            TurnoverNotional = turnover,
            TurnoverRatio = averageExposure.IsPositive ? turnover / averageExposure : Decimal28.Zero,
            AverageExposure = averageExposure,
            CostBps = turnover.IsPositive ? cost / turnover * BasisPoints : Decimal28.Zero,
        };
    }

    /// <summary>The member <c>metrics</c> of a report; decimals as texts, not normalized.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("decision_count", DecisionCount),
        ("trade_count", TradeCount),
        ("gross_pnl", GrossPnl.ToString()),
        ("net_pnl", NetPnl.ToString()),
        ("total_cost", TotalCost.ToString()),
        ("max_drawdown", MaxDrawdown.ToString()),
        ("turnover_notional", TurnoverNotional.ToString()),
        ("turnover_ratio", TurnoverRatio.ToString()),
        ("average_exposure", AverageExposure.ToString()),
        ("cost_bps", CostBps.ToString()));

    private static Decimal28? PriceOf(Decision decision)
    {
        if (decision.Features.Price is { } price) return price;
        foreach (var name in OutsideDecisions.PriceParams)
            if (decision.Param(name) is not (null or JsonNull) and var given) return Decimal28.TryRead(given, out var read) ? read : null;
        return null;
    }
}
