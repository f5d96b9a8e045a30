using System.Globalization;
using CsCheck;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

/// <summary>
/// Random documents of signals and decisions with many equal instants and symbols, no two signals equal in all three sort keys.
/// </summary>
internal static class RandomSignals
{
    private static readonly string[] Symbols = ["", "A", "AA", "B", "\uff21", "\U0001F600", "a", "é"];
    private static readonly string[] Prices = ["0", "-1", "1", "100.10", "99.99", "1E-10", "3", "7", "123456789012345678901234567890.5",
        "0.000"];

    private static readonly Gen<JsonValue> Price = Gen.OneOf<JsonValue>(
        Gen.OneOf(Prices.Select(text => Gen.Const((JsonValue)text)).ToArray()),
        Gen.Int[1, 100_000].Select(cents => (JsonValue)new JsonReal(cents / 100.0)),
        Gen.Int[0, 500].Select(value => (JsonValue)value));

    private static readonly Gen<JsonObject> Payload = Gen.OneOf(
        Price.Select(price => JsonObject.Of(("price", price))),
        Price.Select(price => JsonObject.Of(("event_type", " Earnings "), ("vwap", JsonObject.Of(("session", price))))),
        Price.Select(price => JsonObject.Of(("imbalance", JsonObject.Of(("bid_px", price), ("ask_px", "2"))), ("rsi", JsonValue.Null))),
        Gen.Const(JsonObject.Of(("note", "no price \u00e9\U0001F600"))));

    public static readonly Gen<JsonObject[]> Signals = Gen.Select(Gen.Int[0, 12], Gen.OneOf(Symbols.Select(Gen.Const).ToArray()), Payload,
        Gen.Int[0, 3], Gen.Int[0, 5])
        .Array[1, 80]
        .Select(drawn => drawn.Select((draw, index) => Signal(draw.Item1, draw.Item2, draw.Item3, draw.Item4, draw.Item5, index))
            .ToArray());

    public static readonly Gen<JsonObject[]> Decisions = Gen.Select(Gen.Int[0, 14], Gen.OneOf(Symbols.Select(Gen.Const).ToArray()),
        Gen.Bool, Gen.Int[0, 4])
        .Array[0, 60]
        .Select(drawn => drawn.Select((draw, index) => Decision(draw.Item1, draw.Item2, draw.Item3, draw.Item4, index)).ToArray());

    /// <summary>The bytes of both artifacts' files.</summary>
    public static (byte[] EventCar, byte[] Reward) Build(IEnumerable<JsonObject> signals, IEnumerable<JsonObject> decisions,
        int? threads = null)
    {
        var document = CanonicalJson.Bytes(new JsonArray(signals));
        var generatedAt = Instant.Parse("2026-02-25");
        var eventCar = EventCarArtifact.Build("run-é", SortedSignals.Of(SignalsDocument.Read(document)), generatedAt, threads: threads);
        var reward = HgrmRewardArtifact.Build("cand-1", eventCar, RewardedDecision.Read(new JsonArray(decisions)), generatedAt, threads);
        return (eventCar.ToBytes(), reward.ToBytes());
    }

    private static JsonObject Signal(int minute, string symbol, JsonObject payload, int spelling, int source, int index)
    {
        var instant = new DateTimeOffset(2026, 1, 5, 14, 30 + minute, 0, TimeSpan.Zero);
        JsonValue eventTs = spelling switch
        {
            0 => instant.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            1 => instant.ToOffset(TimeSpan.FromHours(-5)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            2 => instant.ToUnixTimeSeconds(),
            _ => instant.ToUnixTimeMilliseconds(),
        };
        var signal = JsonObject.Of(("event_ts", eventTs), ("symbol", symbol), ("payload", payload), ("seq", index));
        return source switch
        {
            0 => signal,
            1 => signal.With("source", JsonValue.Null),
            2 => signal.With("source", ""),
            _ =>
            signal.With("source", "feed")
        };
    }

    private static JsonObject Decision(int minute, string symbol, bool buy, int kind, int index)
    {
        var instant = new DateTimeOffset(2026, 1, 5, 14, 30 + minute, 0, TimeSpan.Zero)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var decision = JsonObject.Of(
            ("strategy_id", "s-" + (index % 17).ToString(CultureInfo.InvariantCulture)), ("symbol", symbol), ("event_ts", instant),
                ("action", buy ? "buy" : "sell"));
        return kind switch
        {
            0 => decision,
            1 => decision.With("rationale", "because"),
            2 => decision.With("params", JsonObject.Of(("event_type", "EARNINGS"))),
            3 => decision.With("params", JsonObject.Of(("event_type", "unclassified_event"), ("rationale", "r"))),
            _ => decision.With("rationale", " ").With("params", JsonObject.Of(("rationale", false))),
        };
    }
}
