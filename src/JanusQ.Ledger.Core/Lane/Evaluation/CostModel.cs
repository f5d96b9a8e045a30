using System.Numerics;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>What trading is reckoned to cost (lane.md section 10.2).</summary>
/// <param name="CommissionBps">Commission in basis points of the notional.</param>
/// <param name="CommissionPerShare">Commission per unit traded.</param>
/// <param name="MinCommission">The least commission of a decision.</param>
/// <param name="MaxParticipationRate">Largest share of the volume; written into the report, not used in a cost.</param>
/// <param name="ImpactBpsAtFullParticipation">Market impact in basis points when a decision is as large as the volume.</param>
public sealed record CostModel(
    Decimal28 CommissionBps,
    Decimal28 CommissionPerShare,
    Decimal28 MinCommission,
    Decimal28 MaxParticipationRate,
    Decimal28 ImpactBpsAtFullParticipation)
{
    /// <summary>Seconds that an execution takes where a decision does not say.</summary>
    public const int DefaultExecutionSeconds = 60;

    /// <summary>The model of a lane run.</summary>
    public static readonly CostModel Default = new(Decimal28.Zero, Decimal28.Zero, Decimal28.Zero, Decimal28.Of("0.1"), Decimal28.Of(50));

    private static readonly Decimal28 BasisPoints = Decimal28.Of(10_000);
    private static readonly Decimal28 Two = Decimal28.Of(2);
    private static readonly Decimal28 SecondsPerMinute = Decimal28.Of(60);

    /// <summary>The model as an object of texts.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("commission_bps", CommissionBps.ToString()),
        ("commission_per_share", CommissionPerShare.ToString()),
        ("min_commission", MinCommission.ToString()),
        ("max_participation_rate", MaxParticipationRate.ToString()),
        ("impact_bps_at_full_participation", ImpactBpsAtFullParticipation.ToString()));

    /// <summary>The cost of a decision at a price; <c>0</c> where price or quantity is not above zero.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    internal Decimal28 CostOf(Decision decision, in Decimal28 price)
    {
        if (!price.IsPositive || !decision.Qty.IsPositive) return Decimal28.Zero;
        var notional = price * decision.Qty;
        var spreadBps = Decimal28.Zero;
        if (decision.OrderType != "limit" && Read(decision, "spread") is { IsPositive: true } spread)
            spreadBps = spread / price * BasisPoints / Two;
        var volatilityBps = Decimal28.Zero;
        if (Read(decision, "volatility") is { IsPositive: true } volatility)
            volatilityBps = volatility * (ExecutionSeconds(decision) / SecondsPerMinute) * BasisPoints;
        var impactBps = Decimal28.Zero;
        if (Read(decision, "adv") is { IsPositive: true } volume) impactBps = ImpactBpsAtFullParticipation * (notional / volume);
        var commission = notional * CommissionBps / BasisPoints;
        if (CommissionPerShare.IsPositive) commission += decision.Qty * CommissionPerShare;
        if (MinCommission.IsPositive) commission = Decimal28.Max(commission, MinCommission);
        return (notional * (spreadBps + volatilityBps + impactBps) / BasisPoints) + commission;
    }

    private static Decimal28? Read(Decision decision, string name) => Decimal28.TryRead(decision.Param(name), out var value) ? value : null;

    private static Decimal28 ExecutionSeconds(Decision decision) =>
        Decimal28.Of(decision.Param("execution_seconds") is JsonInteger seconds ? seconds.Value : new BigInteger(DefaultExecutionSeconds));
}
