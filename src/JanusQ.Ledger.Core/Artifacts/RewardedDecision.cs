using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>What the reward artifact needs of a decision (artifacts.md section 7).</summary>
public sealed record RewardedDecision
{
    /// <summary>The strategy that decided.</summary>
    public required CanonicalText StrategyId { get; init; }

    /// <summary>The symbol that it decided about.</summary>
    public required CanonicalText Symbol { get; init; }

    /// <summary>The instant that it decided on.</summary>
    public required Instant EventTime { get; init; }

    /// <summary>True for <c>buy</c>, false for <c>sell</c>.</summary>
    public required bool IsBuy { get; init; }

    /// <summary>Whether a reason that is not blank was given, by <c>rationale</c> or <c>params.rationale</c>.</summary>
    public required bool HasRationale { get; init; }

    /// <summary>lower(trim(params.event_type)), null if that is no text or blank.</summary>
    public required string? PredictedEventType { get; init; }

    /// <summary>Reads decisions from outside.</summary>
    /// <exception cref="RefusedException"><c>decision_invalid</c> with <c>decision_index</c> and <c>field</c>.</exception>
    public static IReadOnlyList<RewardedDecision> Read(JsonArray decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return [.. decisions.Elements.Select(Read)];
    }

    private static RewardedDecision Read(JsonValue element, int index)
    {
        RefusedException Invalid(string field, string expected) => new(
            new Refusal("decision_invalid", $"decisions[{index.ToString(CultureInfo.InvariantCulture)}].{field} must be {expected}.")
                .With("decision_index", index).With("field", field));

        if (element is not JsonObject decision) throw Invalid("", "an object");
        if (decision["strategy_id"] is not JsonText strategyId) throw Invalid("strategy_id", "a text");
        if (decision["symbol"] is not JsonText symbol) throw Invalid("symbol", "a text");
        if (!Instant.TryRead(decision["event_ts"], out var eventTime)) throw Invalid("event_ts", "a timestamp");
        if (decision["action"] is not JsonText { Value: "buy" or "sell" } action) throw Invalid("action", "buy or sell");
        if (decision["rationale"] is not (null or JsonNull or JsonText)) throw Invalid("rationale", "a text, null or nothing");
        if (decision["params"] is not (null or JsonObject)) throw Invalid("params", "an object or nothing");
        var parameters = decision["params"] as JsonObject ?? JsonObject.Empty;
        return new RewardedDecision
        {
            StrategyId = new CanonicalText(strategyId.Value),
            Symbol = new CanonicalText(symbol.Value),
            EventTime = eventTime,
            IsBuy = action.Value == "buy",
            HasRationale = IsGiven(decision["rationale"]) || IsGiven(parameters["rationale"]),
            PredictedEventType = IsGiven(parameters["event_type"])
                ? SignalEventType.Normalize(((JsonText)parameters["event_type"]!).Value)
                : null,
        };
    }

    private static bool IsGiven(JsonValue? value) => value is JsonText text && !CodePoints.IsBlank(text.Value);
}
