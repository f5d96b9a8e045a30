using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The one strategy that every candidate is measured against (lane.md section 11).</summary>
internal static class Baseline
{
    public const string Id = "baseline-legacy-macd-rsi";

    /// <summary>What stands in its report for the strategy configuration.</summary>
    public const string ConfigPath = "baseline:legacy_macd_rsi@1.0.0";

    public static readonly IReadOnlyList<Strategy> Strategies =
    [
        new Strategy
        {
            StrategyId = new CanonicalText(Id),
            StrategyType = MacdRsiPlugin.Type,
            Version = MacdRsiPlugin.Version,
            Params = JsonObject.Of(("buy_rsi_threshold", 35), ("sell_rsi_threshold", 65), ("qty", 1)),
            BaseTimeframe = "1Min",
            Enabled = true,
            Priority = 0,
        },
    ];

    public static string RunIdOf(string runId) => runId + "-baseline";
}
