using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>
/// Reads decisions that do not come from the lane's own runtime, and checks what the evaluation will ask of them (lane.md
/// section 10.3, C24).
/// </summary>
public static class OutsideDecisions
{
    /// <summary>Where the price is looked for when the signal had none, in this order.</summary>
    internal static readonly string[] PriceParams = ["price", "limit_price", "stop_price"];

    private static readonly string[] CostInputs = ["spread", "volatility", "adv"];

    /// <summary>Reads the decisions of one fold, in order.</summary>
    /// <param name="decisions">Objects with the members of section 7.5 and <c>features</c>.</param>
    /// <exception cref="RefusedException"><c>decision_invalid</c> with <c>decision_index</c> and <c>field</c>.</exception>
    public static IReadOnlyList<Decision> Read(JsonArray decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return [.. decisions.Elements.Select((element, index) => new Entry(element as JsonObject, index).Read())];
    }

    private readonly struct Entry(JsonObject? members, int index)
    {
        public Decision Read()
        {
            var features = members?["features"] as JsonObject ?? JsonObject.Empty;
            var parameters = members?["params"] switch
            {
                null => JsonObject.Empty,
                JsonObject given => given,
                _ => throw Invalid("params", "an object or nothing"),
            };
            var decision = new Decision
            {
                StrategyId = new CanonicalText(Text("strategy_id")),
                Symbol = new CanonicalText(Text("symbol")),
                EventTime = Instant.TryRead(members?["event_ts"], out var eventTime) ? eventTime : throw Invalid("event_ts", "a timestamp"),
                Timeframe = Text("timeframe", "1Min"),
                Action = Text("action") switch
                {
                    "buy" => TradeAction.Buy,
                    "sell" => TradeAction.Sell,
                    _ => throw Invalid("action", "buy or sell"),
                },
                OrderType = Text("order_type", "market"),
                TimeInForce = Text("time_in_force", "day"),
                Rationale = members?["rationale"] is JsonText rationale ? rationale.Value : null,
                Params = parameters,
                Qty = Decimal28.TryRead(members?["qty"], out var qty) ? qty : throw Invalid("qty", "a decimal"),
                Features = new SignalFeatures(
                    Feature(features, "macd"),
                    Feature(features, "macd_signal"),
                    Feature(features, "rsi"),
                    Feature(features, "price"),
                    Feature(features, "volatility")),
            };
            foreach (var name in CostInputs)
            {
                if (parameters[name] is not (null or JsonNull) and var given && !Decimal28.TryRead(given, out _))
                    throw Invalid("params." + name, "a decimal, null or nothing");
            }

            if (parameters["execution_seconds"] is { } seconds && seconds is not JsonInteger { Value.Sign: > 0 })
                throw Invalid("params.execution_seconds", "an integer greater than 0, or nothing");
            if (decision.Features.Price is null) CheckPrice(parameters);
            return decision;
        }

        private void CheckPrice(JsonObject parameters)
        {
            foreach (var name in PriceParams)
            {
                if (parameters[name] is null or JsonNull) continue;
                if (!Decimal28.TryRead(parameters[name], out _)) throw Invalid("params." + name, "a decimal where the signal has no price");
                return;
            }
        }

        private Decimal28? Feature(JsonObject features, string name)
        {
            if (features[name] is null or JsonNull) return null;
            return Decimal28.TryRead(features[name], out var value) ? value : throw Invalid("features." + name, "a decimal or null");
        }

        private string Text(string name, string? otherwise = null) => members?[name] switch
        {
            JsonText text => text.Value,
            null when otherwise is not null => otherwise,
            _ => throw Invalid(name, "a text"),
        };

        private RefusedException Invalid(string field, string expected) => new(
            new Refusal("decision_invalid", $"decisions[{index.ToString(CultureInfo.InvariantCulture)}].{field} must be {expected}.")
                .With("decision_index", index).With("field", field));
    }
}
