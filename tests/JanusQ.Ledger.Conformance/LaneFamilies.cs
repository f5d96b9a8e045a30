using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>lane.md sections 5 to 8.</summary>
public class LaneFamilies
{
    [Fact]
    public void Features() => VectorFamily.Check("features", vector => Answer(() =>
    {
        var document = Encoding.UTF8.GetBytes($"[{VectorFamily.Text(vector.Input["signal_text"])}]");
        var found = FeatureVector.Of(SignalsDocument.Read(document)[0]);
        return JsonObject.Of(
            ("signal_features", JsonObject.Of(
                ("macd", found.Features.Macd?.ToString()),
                ("macd_signal", found.Features.MacdSignal?.ToString()),
                ("rsi", found.Features.Rsi?.ToString()),
                ("price", found.Features.Price?.ToString()),
                ("volatility", found.Features.Volatility?.ToString()))),
            ("error", found.Error),
            ("vector", found.Normalized?.With("normalization_hash", found.NormalizationHash!.Value) ?? JsonValue.Null));
    }));

    [Fact]
    public void Strategy_config() => VectorFamily.Check("strategy-config", vector => Answer(() => JsonObject.Of(
        ("strategies", new JsonArray(Read(vector.Input, "name", "text").Select(strategy => JsonObject.Of(
            ("strategy_id", strategy.StrategyId.Value),
            ("strategy_type", strategy.StrategyType),
            ("version", strategy.Version),
            ("params", strategy.Params),
            ("base_timeframe", strategy.BaseTimeframe),
            ("enabled", strategy.Enabled),
            ("priority", new JsonInteger(strategy.Priority)),
            ("universe_type", strategy.UniverseType))))))));

    [Fact]
    public void Strategy_decisions() => VectorFamily.Check("strategy-decisions", vector => Answer(() =>
    {
        var strategies = Read(vector.Input, "strategy_config_name", "strategy_config_text");
        var signals = SignalsDocument.Read(Encoding.UTF8.GetBytes(VectorFamily.Text(vector.Input["signals_text"])));
        var outcome = StrategyRuntime.Run(SortedSignals.Of(signals), strategies);
        return JsonObject.Of(
            ("decisions", new JsonArray(outcome.Decisions.Select(decision => decision.ToJson()))),
            ("errors", JsonArray.OfTexts(outcome.Errors)),
            ("confidence_values", new JsonArray(
                outcome.Decisions.Select(decision => ((JsonObject)decision.Params["runtime"]!)["confidence"]!))));
    }));

    private static IReadOnlyList<Strategy> Read(JsonObject input, string name, string text) =>
        StrategyConfiguration.Read(VectorFamily.Text(input[name]), Encoding.UTF8.GetBytes(VectorFamily.Text(input[text])));

    private static JsonValue Answer(Func<JsonValue> build)
    {
        try
        {
            return build();
        }
        catch (RefusedException refused)
        {
            return JsonObject.Of(("refused", refused.Refusal.ToJson()));
        }
    }
}
