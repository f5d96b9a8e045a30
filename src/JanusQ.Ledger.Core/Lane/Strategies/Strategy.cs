using System.Numerics;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>One configured strategy (lane.md section 5.2).</summary>
public sealed record Strategy
{
    /// <summary>Its id, distinct within a configuration.</summary>
    public required CanonicalText StrategyId { get; init; }

    /// <summary>Which plugin it runs.</summary>
    public required string StrategyType { get; init; }

    /// <summary>Which version of the plugin.</summary>
    public required string Version { get; init; }

    /// <summary>The parameters, members and numbers as given.</summary>
    public required JsonObject Params { get; init; }

    /// <summary>The timeframe of the signals that it looks at.</summary>
    public required string BaseTimeframe { get; init; }

    /// <summary>Whether it runs.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Its place in the order, before its id.</summary>
    public required BigInteger Priority { get; init; }

    /// <summary>The universe type of its strategy type.</summary>
    public string UniverseType => CodePoints.Lower(CodePoints.Trim(StrategyType)) switch
    {
        "static" or "legacy_macd_rsi" => "static",
        "intraday_tsmom" or "intraday_tsmom_v1" or "tsmom_intraday" => "intraday_tsmom_v1",
        _ => StrategyType,
    };
}
