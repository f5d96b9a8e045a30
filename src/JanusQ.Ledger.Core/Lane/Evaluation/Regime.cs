using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>The market that decisions were made in, by what their signals showed (lane.md section 9).</summary>
/// <param name="VolatilityBucket"><c>low</c>, <c>mid</c>, <c>high</c> or <c>unknown</c>.</param>
/// <param name="TrendBucket"><c>up</c>, <c>down</c>, <c>flat</c> or <c>unknown</c>.</param>
/// <param name="LiquidityFlag"><c>liquid</c>, <c>illiquid</c> or <c>unknown</c>.</param>
public sealed record Regime(string VolatilityBucket, string TrendBucket, string LiquidityFlag)
{
    private const string Unknown = "unknown";

    private static readonly Decimal28 LowVolatility = Decimal28.Of("0.01");
    private static readonly Decimal28 MidVolatility = Decimal28.Of("0.03");
    private static readonly Decimal28 LowChange = Decimal28.Of("0.002");
    private static readonly Decimal28 MidChange = Decimal28.Of("0.01");
    private static readonly Decimal28 Trending = Decimal28.Of("0.002");
    private static readonly Decimal28 Falling = Decimal28.Of("-0.002");
    private static readonly Decimal28 CrossedUp = Decimal28.Of("0.05");
    private static readonly Decimal28 CrossedDown = Decimal28.Of("-0.05");
    private static readonly Decimal28 IlliquidChange = Decimal28.Of("0.05");

    /// <summary>All three in one text.</summary>
    public string Label => $"vol={VolatilityBucket}|trend={TrendBucket}|liq={LiquidityFlag}";

    /// <summary>The regime of decisions, whatever their order.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static Regime Of(IReadOnlyList<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var prices = new List<Decimal28>(decisions.Count);
        var volatilities = new List<Decimal28>(decisions.Count);
        var differences = new List<Decimal28>(decisions.Count);
        foreach (var decision in Sorted(decisions))
        {
            var (macd, signal, _, price, volatility) = decision.Features;
            if (price is { } p) prices.Add(p);
            if (volatility is { } v) volatilities.Add(v);
            if (macd is { } m && signal is { } s) differences.Add(m - s);
        }

        var change = Change(prices);
        return new Regime(
            BucketOfVolatility(volatilities, change),
            BucketOfTrend(prices, differences),
            FlagOfLiquidity(decisions.Count, prices.Count, change));
    }

    /// <summary>The regime object.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("label", Label), ("volatility_bucket", VolatilityBucket), ("trend_bucket", TrendBucket), ("liquidity_flag", LiquidityFlag));

    private static IEnumerable<Decision> Sorted(IReadOnlyList<Decision> decisions)
    {
        for (var i = 1; i < decisions.Count; i++)
        {
            if (Compare(decisions[i - 1], decisions[i]) <= 0) continue;
            return decisions.Order(Comparer<Decision>.Create(Compare));
        }

        return decisions;
    }

    private static int Compare(Decision left, Decision right)
    {
        var order = left.EventTime.CompareTo(right.EventTime);
        if (order == 0) order = CodePoints.Compare(left.Symbol.Value, right.Symbol.Value);
        return order != 0 ? order : CodePoints.Compare(left.StrategyId.Value, right.StrategyId.Value);
    }

    /// <summary>The mean of |(b − a) / a| over neighbours with a ≠ 0; null if there are none.</summary>
    private static Decimal28? Change(List<Decimal28> prices)
    {
        var sum = Decimal28.Zero;
        var pairs = 0;
        for (var i = 1; i < prices.Count; i++)
        {
            var before = prices[i - 1];
            if (before.IsZero) continue;
            sum += Decimal28.Abs((prices[i] - before) / before);
            pairs++;
        }

        return pairs == 0 ? null : sum / Decimal28.Of(pairs);
    }

    private static string BucketOfVolatility(List<Decimal28> volatilities, Decimal28? change)
    {
        if (volatilities.Count > 0)
        {
            var mean = DecimalStatistics.Mean(CollectionsMarshal.AsSpan(volatilities));
            return mean < LowVolatility ? "low" : mean < MidVolatility ? "mid" : "high";
        }

        return change is not { } moved ? Unknown : moved < LowChange ? "low" : moved < MidChange ? "mid" : "high";
    }

    private static string BucketOfTrend(List<Decimal28> prices, List<Decimal28> differences)
    {
        if (prices.Count >= 2)
        {
            if (prices[0].IsZero) return Unknown;
            var moved = (prices[^1] - prices[0]) / prices[0];
            return moved >= Trending ? "up" : moved <= Falling ? "down" : "flat";
        }

        if (differences.Count == 0) return Unknown;
        var mean = DecimalStatistics.Mean(CollectionsMarshal.AsSpan(differences));
        return mean >= CrossedUp ? "up" : mean <= CrossedDown ? "down" : "flat";
    }

    private static string FlagOfLiquidity(int decisions, int priced, Decimal28? change)
    {
        if (decisions == 0) return Unknown;
        if (2L * (decisions - priced) > decisions) return "illiquid";
        return change is not { } moved ? Unknown : moved > IlliquidChange ? "illiquid" : "liquid";
    }
}
