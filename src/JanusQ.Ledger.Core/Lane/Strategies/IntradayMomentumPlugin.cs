using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>
/// <c>intraday_tsmom_v1</c> 1.1.0: follows intraday time-series momentum within a budget of volatility (lane.md section 7.4).
/// </summary>
internal sealed class IntradayMomentumPlugin(PluginParameters parameters) : StrategyPlugin
{
    public const string Type = "intraday_tsmom_v1";
    public const string Version = "1.1.0";

    private static readonly Decimal28 Two = Decimal28.Of(2);
    private static readonly Decimal28 BuyBase = Decimal28.Of("0.64");
    private static readonly Decimal28 StrongHistBonus = Decimal28.Of("0.05");
    private static readonly Decimal28 CalmBonus = Decimal28.Of("0.03");
    private static readonly Decimal28 CalmBelow = Decimal28.Of("0.008");
    private static readonly Decimal28 HotRsiBonus = Decimal28.Of("0.02");
    private static readonly Decimal28 BuyCap = Decimal28.Of("0.84");
    private static readonly Decimal28 SellBase = Decimal28.Of("0.62");
    private static readonly Decimal28 SellBonus = Decimal28.Of("0.03");
    private static readonly Decimal28 SellHotRsi = Decimal28.Of("72");
    private static readonly Decimal28 SellCap = Decimal28.Of("0.80");

    private readonly Decimal28 _bullishHistMin = parameters.Read("bullish_hist_min", "0.04");
    private readonly Decimal28 _bearishHistMin = parameters.Read("bearish_hist_min", "0.05");
    private readonly Decimal28 _minBullRsi = parameters.ReadRsi("min_bull_rsi", "52");
    private readonly Decimal28 _maxBullRsi = parameters.ReadRsi("max_bull_rsi", "62");
    private readonly Decimal28 _minBearRsi = parameters.ReadRsi("min_bear_rsi", "66");
    private readonly Decimal28 _bearishHistCap = parameters.Read("bearish_hist_cap", "0.12");
    private readonly Decimal28 _volFloor = parameters.Read("vol_floor", "0.001");
    private readonly Decimal28 _volCeil = parameters.Read("vol_ceil", "0.012");

    public override Decimal28 Qty { get; } = parameters.ReadPositive("qty", "1");

    public override string? MissingFeatures(FeatureReader features) => Join(
    [
        ("ema12", features.Ema12 is not null),
        ("ema26", features.Ema26 is not null),
        ("macd", features.Macd is not null),
        ("macd_signal", features.MacdSignal is not null),
        ("price", features.Price is not null),
        ("rsi14", features.Rsi14 is not null),
        ("vol_realized_w60s", features.Volatility is not null),
    ]);

    public override Verdict? Decide(FeatureReader features)
    {
        var hist = features.Macd!.Value - features.MacdSignal!.Value;
        var cross = Decimal28.Compare(features.Macd.Value, features.MacdSignal.Value);
        var trend = Decimal28.Compare(features.Ema12!.Value, features.Ema26!.Value);
        var rsi = features.Rsi14!.Value;
        var volatility = features.Volatility!.Value;
        if (trend > 0 && cross > 0
            && volatility >= _volFloor && volatility <= _volCeil && hist >= _bullishHistMin && rsi >= _minBullRsi && rsi <= _maxBullRsi)
        {
            var confidence = BuyBase;
            if (hist >= _bullishHistMin * Two) confidence += StrongHistBonus;
            if (volatility <= CalmBelow) confidence += CalmBonus;
            if (rsi >= _maxBullRsi) confidence += HotRsiBonus;
            return new Verdict(
                TradeAction.Buy, "tsmom_trend_up,momentum_confirmed,volatility_within_budget", Decimal28.Min(confidence, BuyCap));
        }

        if (trend >= 0 || cross >= 0) return null;
        var fall = -hist;
        if (fall < _bearishHistMin || fall > _bearishHistCap || rsi < _minBearRsi) return null;
        var bearish = rsi >= SellHotRsi ? SellBase + SellBonus : SellBase;
        return new Verdict(TradeAction.Sell, "tsmom_trend_down,momentum_reversal_exit", Decimal28.Min(bearish, SellCap));
    }
}
