using System.Globalization;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Conformance;

/// <summary>
/// The scale recipe <c>scale-v1</c> (artifacts.md section 11): signals and decisions from a seed. The benchmarks use this very file.
/// </summary>
internal sealed record ScaleRecipe(JsonArray Signals, JsonArray Decisions)
{
    public static ScaleRecipe Make(ulong seed, int symbols, int minutes, DateTime start)
    {
        var g = new Generator(seed);
        var h = new Generator(unchecked(seed + 1));
        var names = Enumerable.Range(0, symbols).Select(Name).ToArray();
        var prices = Enumerable.Range(0, symbols).Select(symbol => 5000 + (37 * symbol)).ToArray();
        var signals = new List<JsonValue>();
        var decisions = new List<JsonValue>();
        for (var minute = 0; minute < minutes; minute++)
        {
            var instant = start.AddMinutes(minute);
            for (var symbol = 0; symbol < symbols; symbol++)
            {
                prices[symbol] = Math.Max(100, prices[symbol] + g.Next(41) - 20);
                var k = (minute * symbols) + symbol;
                signals.Add(Signal(g, names[symbol], prices[symbol], instant, k));
                if (k % 3 == 0) decisions.Add(Decision(h, names[symbol], instant.AddSeconds(k % 30 == 0 ? 1 : 0)));
            }
        }

        signals.Reverse();
        return new ScaleRecipe(new JsonArray(signals), new JsonArray(decisions));
    }

    private static JsonObject Signal(Generator g, string symbol, int cents, DateTime instant, int k)
    {
        var payload = Payload(g.Next(8), cents);
        payload = g.Next(5) switch
        {
            1 => payload.With("event_type", "Earnings"),
            2 => payload.With("eventType", " guidance "),
            3 => payload.With("taxonomy", "MACRO"),
            4 => payload.With("signal_type", "Flow"),
            _ => payload,
        };
        var eventTs = g.Next(4) switch
        {
            0 => Spell(instant) + "Z",
            1 => Spell(instant) + "+00:00",
            2 => Spell(instant.AddHours(-5)) + "-05:00",
            _ => Spell(instant),
        };
        JsonValue seq = g.Next(10) == 0 ? JsonValue.Null : k + 1;
        var signal = JsonObject.Of(("event_ts", eventTs), ("symbol", symbol), ("payload", payload), ("timeframe", "1Min"), ("seq", seq));
        return g.Next(3) switch
        {
            0 => signal.With("source", "feed-a"),
            1 => signal.With("source", "feed-b"),
            _ => signal,
        };
    }

    private static JsonObject Payload(int kind, int c) => kind switch
    {
        0 => JsonObject.Of(("price", T(c))),
        1 => JsonObject.Of(("price", Number(c))),
        2 => JsonObject.Of(("close", T(c))),
        3 => JsonObject.Of(("vwap", JsonObject.Of(("session", T(c)), ("w5m", T(c + 1))))),
        4 => JsonObject.Of(("vwap", JsonObject.Of(("session", JsonValue.Null), ("w5m", Number(c))))),
        5 => JsonObject.Of(("imbalance", JsonObject.Of(("bid_px", T(c - 1)), ("ask_px", T(c + 2))))),
        6 => JsonObject.Of(("c", T(c)), ("macd", JsonObject.Of(("macd", "0.1"), ("signal", "0.2"))), ("rsi14", "50")),
        _ => JsonObject.Of(("last", Number(c)), ("note", "\u00e9\U0001F600 \"x\"\n")),
    };

    private static JsonObject Decision(Generator h, string symbol, DateTime instant)
    {
        var action = h.Next(2) == 0 ? "buy" : "sell";
        var strategy = "strat-" + h.Next(4).ToString(CultureInfo.InvariantCulture);
        var parameters = h.Next(4) switch
        {
            0 => JsonObject.Empty,
            1 => JsonObject.Of(("event_type", "earnings")),
            2 => JsonObject.Of(("event_type", "technical_indicator"), ("rationale", "r")),
            _ => JsonObject.Of(("event_type", "Macro ")),
        };
        JsonValue rationale = h.Next(3) == 0 ? "because" : JsonValue.Null;
        return JsonObject.Of(
            ("strategy_id", strategy), ("symbol", symbol), ("event_ts", Spell(instant) + "Z"), ("action", action), ("rationale", rationale),
            ("params", parameters));
    }

    private static string Name(int symbol) =>
        (symbol % 50) switch { 49 => "\uFF33", 48 => "\U0001F600", _ => "S" } + symbol.ToString("000", CultureInfo.InvariantCulture);

    private static string T(int cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static JsonReal Number(int cents) => new(double.Parse(T(cents), CultureInfo.InvariantCulture));

    private static string Spell(DateTime instant) => instant.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private sealed class Generator(ulong seed)
    {
        private ulong _state = seed;

        public int Next(int modulus)
        {
            _state = unchecked((_state * 6364136223846793005UL) + 1442695040888963407UL);
            return (int)((_state >> 33) % (ulong)modulus);
        }
    }
}
