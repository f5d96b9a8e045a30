using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>What a strategy may ask for.</summary>
public enum TradeAction : byte
{
    /// <summary><c>buy</c></summary>
    Buy,

    /// <summary><c>sell</c></summary>
    Sell,
}

/// <summary>What the runtime attaches to a decision: the members of its <c>params</c> (lane.md section 7.5).</summary>
/// <param name="StrategyType">The plugin that decided.</param>
/// <param name="Confidence">How sure it is, 0 to 1.</param>
/// <param name="FeatureHash">The normalization hash of the signal's feature vector.</param>
public sealed record DecisionRuntime(string StrategyType, Decimal28 Confidence, Sha256Hash FeatureHash)
{
    /// <summary>The <c>params</c> of the decision.</summary>
    public JsonObject ToParams() => JsonObject.Of(
        ("runtime", JsonObject.Of(
            ("strategy_type", StrategyType),
            ("schema", FeatureReader.SchemaVersion),
            ("confidence", Confidence.ToString()),
            ("horizon", "intraday"))),
        ("feature_hash", FeatureHash));
}

/// <summary>One decision with the features of its signal (lane.md section 7.5).</summary>
public sealed record Decision
{
    private readonly JsonObject? _params;

    /// <summary>The strategy that decided.</summary>
    public required CanonicalText StrategyId { get; init; }

    /// <summary>The symbol of its signal.</summary>
    public required CanonicalText Symbol { get; init; }

    /// <summary>The instant of its signal.</summary>
    public required Instant EventTime { get; init; }

    /// <summary>The timeframe of its signal, <c>1Min</c> where that is empty.</summary>
    public required string Timeframe { get; init; }

    /// <summary>Buy or sell.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>How much, in units.</summary>
    public required Decimal28 Qty { get; init; }

    /// <summary>The order type, <c>market</c> for the lane's own decisions.</summary>
    public string OrderType { get; init; } = "market";

    /// <summary>How long an order is good, <c>day</c> for the lane's own decisions.</summary>
    public string TimeInForce { get; init; } = "day";

    /// <summary>Why.</summary>
    public required string? Rationale { get; init; }

    /// <summary>Where the runtime decided: confidence and feature hash. Null for a decision from outside.</summary>
    public DecisionRuntime? Runtime { get; init; }

    /// <summary>Runtime, confidence and feature hash; from outside any object.</summary>
    public JsonObject Params
    {
        get => _params ?? Runtime?.ToParams() ?? JsonObject.Empty;
        init => _params = value;
    }

    /// <summary>The features of its signal.</summary>
    public required SignalFeatures Features { get; init; }

    /// <summary>The decision as an element of the walk-forward results: <c>decision</c> and <c>features</c> (lane.md section 8).</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("decision", JsonObject.Of(
            ("strategy_id", StrategyId.Value),
            ("symbol", Symbol.Value),
            ("event_ts", EventTime.ToTextWithZ()),
            ("timeframe", Timeframe),
            ("action", Action == TradeAction.Buy ? "buy" : "sell"),
            ("qty", Qty.ToString()),
            ("order_type", OrderType),
            ("time_in_force", TimeInForce),
            ("limit_price", JsonValue.Null),
            ("stop_price", JsonValue.Null),
            ("rationale", Rationale),
            ("params", Params))),
        ("features", JsonObject.Of(
            ("macd", Features.Macd?.ToString()),
            ("macd_signal", Features.MacdSignal?.ToString()),
            ("rsi", Features.Rsi?.ToString()),
            ("price", Features.Price?.ToString()))));

    /// <summary>The decision as the reward artifact sees it.</summary>
    public RewardedDecision ToRewarded() => new()
    {
        StrategyId = StrategyId,
        Symbol = Symbol,
        EventTime = EventTime,
        IsBuy = Action == TradeAction.Buy,
        HasRationale = IsGiven(Rationale) || (Param("rationale") is JsonText rationale && IsGiven(rationale.Value)),
        PredictedEventType = Param("event_type") is JsonText type && IsGiven(type.Value) ? SignalEventType.Normalize(type.Value) : null,
    };

    /// <summary>A member of <c>params</c> that the runtime never gives; null if absent.</summary>
    internal JsonValue? Param(string name) => _params?[name];

    private static bool IsGiven(string? text) => text is not null && !CodePoints.IsBlank(text);
}
