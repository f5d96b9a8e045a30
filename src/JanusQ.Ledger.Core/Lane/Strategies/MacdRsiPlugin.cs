using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary><c>legacy_macd_rsi</c> 1.0.0: buys an oversold market whose MACD crosses up, sells the reverse (lane.md section 7.3).</summary>
internal sealed class MacdRsiPlugin(PluginParameters parameters) : StrategyPlugin
{
    public const string Type = "legacy_macd_rsi";
    public const string Version = "1.0.0";

    private static readonly Decimal28 Confidence = Decimal28.Of("0.70");

    // Not marked rsi in lane.md 7.2: a threshold outside 0 to 100 is used as given.
    private readonly Decimal28 _buyBelow = parameters.Read("buy_rsi_threshold", "35");
    private readonly Decimal28 _sellAbove = parameters.Read("sell_rsi_threshold", "65");

    public override Decimal28 Qty { get; } = parameters.ReadPositive("qty", "1");

    public override string? MissingFeatures(FeatureReader features) => Join(
    [
        ("macd", features.Macd is not null),
        ("macd_signal", features.MacdSignal is not null),
        ("price", features.Price is not null),
        ("rsi14", features.Rsi14 is not null),
    ]);

    public override Verdict? Decide(FeatureReader features)
    {
        var rsi = features.Rsi14!.Value;
        var cross = Decimal28.Compare(features.Macd!.Value, features.MacdSignal!.Value);
        if (cross > 0 && rsi < _buyBelow) return new Verdict(TradeAction.Buy, "macd_cross_up,rsi_oversold", Confidence);
        if (cross < 0 && rsi > _sellAbove) return new Verdict(TradeAction.Sell, "macd_cross_down,rsi_overbought", Confidence);
        return null;
    }
}
