using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>The price of a signal's payload (artifacts.md section 5.2).</summary>
internal static class SignalPrice
{
    private static readonly byte[][] DirectKeys =
        [.. new[] { "price", "close", "c", "last", "vwap", "vwap_session", "vwap_w5m" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private static readonly Decimal28 Two = Decimal28.Of(2);

    /// <summary>The first source that yields a value; null if none does.</summary>
    /// <param name="payload">The payload object, or an absent node.</param>
    /// <param name="field">The field consulted that is no finite decimal, if the answer is false.</param>
    /// <param name="price">The price.</param>
    /// <exception cref="DecimalRangeException">The mean of bid and ask is out of range.</exception>
    public static bool TryRead(JsonNode payload, out string? field, out Decimal28? price)
    {
        field = null;
        price = null;
        var vwap = payload["vwap"u8];
        if (vwap.IsObject)
        {
            if (!TryConsult(vwap["session"u8], "vwap.session", ref field, ref price)) return false;
            if (price is null && !TryConsult(vwap["w5m"u8], "vwap.w5m", ref field, ref price)) return false;
            if (price is not null) return true;
        }

        foreach (var key in DirectKeys)
        {
            var direct = payload[key];
            if (!direct.IsPresent) continue;
            if (!direct.IsObject || key.AsSpan().SequenceEqual("vwap"u8) is false)
            {
                if (!TryConsult(direct, System.Text.Encoding.ASCII.GetString(key), ref field, ref price)) return false;
                if (price is not null) return true;
            }

            break;
        }

        var imbalance = payload["imbalance"u8];
        var bid = imbalance["bid_px"u8];
        var ask = imbalance["ask_px"u8];
        if (!bid.IsGiven || !ask.IsGiven) return true;
        Decimal28? bidPrice = null;
        Decimal28? askPrice = null;
        if (!TryConsult(bid, "imbalance.bid_px", ref field, ref bidPrice) || !TryConsult(ask, "imbalance.ask_px", ref field, ref askPrice))
            return false;
        price = (bidPrice!.Value + askPrice!.Value) / Two;
        return true;
    }

    private static bool TryConsult(JsonNode value, string name, ref string? field, ref Decimal28? price)
    {
        if (!value.IsGiven) return true;
        if (Decimal28.TryRead(value, out var read))
        {
            price = read;
            return true;
        }

        field = name;
        return false;
    }
}
