using System.Text;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Lane.Strategies;

/// <summary>lane.md section 7.</summary>
public class StrategyRuntimeTests
{
    private const string Oversold = """{"price":1,"macd":2,"macd_signal":1,"rsi14":34}""";
    private const string Overbought = """{"price":1,"macd":1,"macd_signal":2,"rsi14":66}""";

    [Theory]
    [InlineData("""{"buy_rsi_threshold":101}""", "buy")]
    [InlineData("""{"buy_rsi_threshold":1e3,"sell_rsi_threshold":-5}""", "buy")]
    [InlineData("""{"buy_rsi_threshold":0}""", "")]
    [InlineData("""{"buy_rsi_threshold":34}""", "")]
    [InlineData("""{"buy_rsi_threshold":"34.000000000000000000000000000000001"}""", "buy")]
    [InlineData("""{"unknown":"x"}""", "buy")]
    [InlineData("""{"buy_rsi_threshold":null}""", "plugin_error:s:ValueError")]
    [InlineData("""{"buy_rsi_threshold":true}""", "plugin_error:s:ValueError")]
    [InlineData("""{"sell_rsi_threshold":"NaN"}""", "plugin_error:s:ValueError")]
    [InlineData("""{"qty":0}""", "plugin_error:s:ValueError")]
    [InlineData("""{"qty":"-0.5"}""", "plugin_error:s:ValueError")]
    public void of_macd_rsi_only_the_quantity_has_a_range(string parameters, string outcome) =>
        Assert.Equal(outcome, Outcome("legacy_macd_rsi", "1.0.0", parameters, Oversold));

    [Theory]
    [InlineData("min_bull_rsi", "-0.01", false)]
    [InlineData("min_bull_rsi", "100.01", false)]
    [InlineData("min_bull_rsi", "0", true)]
    [InlineData("max_bull_rsi", "100", true)]
    [InlineData("max_bull_rsi", "1e9", false)]
    [InlineData("min_bear_rsi", "-1", false)]
    [InlineData("vol_floor", "-1", true)]
    [InlineData("bearish_hist_cap", "1e9", true)]
    public void of_momentum_the_three_rsi_limits_lie_within_0_to_100(string name, string value, bool valid)
    {
        var payload = """{"price":1,"macd":2,"macd_signal":1,"rsi14":1,"ema12":1,"ema26":1,"vol":1}""";
        Assert.Equal(
            valid ? "" : "plugin_error:s:ValueError", Outcome("intraday_tsmom_v1", "1.1.0", $$"""{"{{name}}":{{value}}}""", payload));
    }

    [Theory]
    [InlineData("legacy_macd_rsi", "1.0", "plugin_not_found:legacy_macd_rsi@1.0")]
    [InlineData("static", "1.0.0", "plugin_not_found:static@1.0.0")]
    [InlineData("Legacy_macd_rsi", "1.0.0", "plugin_not_found:Legacy_macd_rsi@1.0.0")]
    [InlineData("intraday_tsmom_v1", "1.0.0", "plugin_not_found:intraday_tsmom_v1@1.0.0")]
    [InlineData("intraday_tsmom_v1", "1.1.0", "missing_features:s:ema12|ema26|vol_realized_w60s")]
    public void errors_of_a_strategy(string type, string version, string error) =>
        Assert.Equal(error, Outcome(type, version, "{}", Oversold));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"2.99\"", "2")]
    [InlineData("0.4", "1")]
    [InlineData("1e2", "100")]
    public void quantities_are_cut_to_whole_units_and_at_least_one(string qty, string text) =>
        Assert.Equal(text, Run("legacy_macd_rsi", "1.0.0", $$"""{"qty":{{qty}}}""", Overbought).Decisions[0].Qty.ToString());

    [Fact]
    public void a_quantity_of_more_than_28_digits_refuses_the_run() => Assert.Equal(
        "arithmetic_out_of_range",
        Assert.Throws<RefusedException>(() => Run("legacy_macd_rsi", "1.0.0", """{"qty":"1e28"}""", Oversold)).Refusal.Code);

    [Theory]
    [InlineData("""{"price":1,"macd":2,"macd_signal":1}""", "feature_normalization_failed:missing_required_features:rsi14")]
    [InlineData("""{}""", "feature_normalization_failed:missing_required_features:macd|macd_signal|price|rsi14")]
    [InlineData("""{"feature_schema_version":2.0}""", "feature_normalization_failed:incompatible_feature_schema:2.0")]
    [InlineData("""{"feature_schema_version":" v4 "}""", "feature_normalization_failed:incompatible_feature_schema: v4 ")]
    [InlineData("""{"feature_schema_version":true}""", "feature_normalization_failed:incompatible_feature_schema:unreadable")]
    [InlineData("""{"feature_schema_version":"vv3"}""", "feature_normalization_failed:incompatible_feature_schema:vv3")]
    [InlineData("""{"feature_schema_version":"\u0663"}""", "feature_normalization_failed:incompatible_feature_schema:\u0663")]
    [InlineData("""{"feature_schema_version":"v 3"}""", "feature_normalization_failed:incompatible_feature_schema:v 3")]
    [InlineData("""{"feature_schema_version":1e22}""", "feature_normalization_failed:incompatible_feature_schema:1e+22")]
    [InlineData("""{"feature_schema_version":" V003.9.x","price":1,"macd":1,"macd_signal":1,"rsi14":1}""", "")]
    [InlineData("""{"feature_schema_version":3e0,"price":1,"macd":1,"macd_signal":1,"rsi14":1}""", "")]
    [InlineData("""{"feature_schema_version":null,"price":1,"macd":{"macd":1,"signal":1},"rsi":1}""", "")]
    [InlineData(
        """{"price":1,"macd":{"macd":1},"macd_signal":1,"rsi":1}""", "feature_normalization_failed:missing_required_features:macd_signal")]
    [InlineData(
        """{"price":1,"macd":1,"macd_signal":1,"rsi14":"","rsi":1}""", "feature_normalization_failed:missing_required_features:rsi14")]
    public void a_signal_without_a_vector_gives_one_error(string payload, string outcome) =>
        Assert.Equal(outcome, Outcome("legacy_macd_rsi", "1.0.0", "{}", payload));

    [Fact]
    public void a_difference_out_of_range_refuses_the_run_unless_a_label_is_given()
    {
        const string Payload = """{"price":1,"macd":"9e999999","macd_signal":"-9e999999","rsi14":1LABEL}""";
        var refused = Assert.Throws<RefusedException>(() =>
            Outcome("legacy_macd_rsi", "1.0.0", "{}", Payload.Replace("LABEL", "", StringComparison.Ordinal)));
        Assert.Equal("arithmetic_out_of_range", refused.Refusal.Code);
        Assert.Equal("buy", Outcome("legacy_macd_rsi", "1.0.0", "{}",
            Payload.Replace("LABEL", ",\"regime_label\":\"x\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("1Min", "\"1Min\"", true)]
    [InlineData("1Min", "\"\"", false)]
    [InlineData("1Min", "null", false)]
    [InlineData("", "\"\"", true)]
    [InlineData("", "null", false)]
    [InlineData("1min", "\"1Min\"", false)]
    public void a_strategy_looks_at_signals_of_exactly_its_timeframe(string strategy, string signal, bool looks)
    {
        var outcome = StrategyRuntime.Run(
            Signals($$"""[{"event_ts":1,"symbol":"A","timeframe":{{signal}},"payload":{{Oversold}}}]"""),
            StrategyConfiguration.Read("c.json", Encoding.UTF8.GetBytes($$"""[{"name":"s","base_timeframe":"{{strategy}}"}]""")));
        Assert.Equal(looks ? 1 : 0, outcome.Decisions.Count);
        Assert.Empty(outcome.Errors);
    }

    private static string Outcome(string type, string version, string parameters, string payload)
    {
        var outcome = Run(type, version, parameters, payload);
        return string.Join(';',
            outcome.Decisions.Select(decision => decision.Action == TradeAction.Buy ? "buy" : "sell").Concat(outcome.Errors));
    }

    private static RuntimeOutcome Run(string type, string version, string parameters, string payload) => StrategyRuntime.Run(
        Signals("""[{"event_ts":1,"symbol":"A","timeframe":"1Min","payload":""" + payload + "}]"),
        StrategyConfiguration.Read("c.json", Encoding.UTF8.GetBytes(
            $$"""[{"name":"s","strategy_type":"{{type}}","version":"{{version}}","params":""" + parameters + "}]")));

    private static SortedSignals Signals(string document) => SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes(document)));
}
