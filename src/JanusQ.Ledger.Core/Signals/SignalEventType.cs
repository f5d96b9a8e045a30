using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>The event type of a signal's payload (artifacts.md section 5.3).</summary>
internal static class SignalEventType
{
    /// <summary>The type of an event that names none and carries indicators.</summary>
    public const string TechnicalIndicator = "technical_indicator";

    /// <summary>The type of an event that names none.</summary>
    public const string Unclassified = "unclassified_event";

    private static readonly byte[][] Keys =
        [.. new[] { "event_type", "eventType", "news_event_type", "taxonomy", "signal_type" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>lower(trim(text)): how a type that is named is written.</summary>
    public static string Normalize(string text) => CodePoints.Lower(CodePoints.Trim(text));

    /// <summary>The type of a payload; <paramref name="pool"/> normalizes what it is given.</summary>
    public static CanonicalText Of(JsonNode payload, CanonicalTextPool pool)
    {
        foreach (var key in Keys)
        {
            var named = payload[key];
            if (!named.IsText) continue;
            var type = pool.Of(named);
            if (type.Value.Length > 0) return type;
        }

        return pool.Of(
            payload["macd"u8].IsPresent || payload["rsi14"u8].IsPresent || payload["rsi"u8].IsPresent ? TechnicalIndicator : Unclassified);
    }
}
