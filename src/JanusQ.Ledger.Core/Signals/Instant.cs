using System.Globalization;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>
/// A point in time with microsecond precision, UTC, years 0001 to 9999 (artifacts.md section 4). How it was spelled is forgotten.
/// </summary>
public readonly record struct Instant : IComparable<Instant>
{
    /// <summary>Characters of <see cref="ToString"/> at most.</summary>
    public const int MaxTextLength = 32;

    private const long MicrosPerSecond = 1_000_000;
    private const long EpochMicros = 62_135_596_800L * MicrosPerSecond;
    private const long EndMicros = 315_537_897_600L * MicrosPerSecond;
    private const long LargestSeconds = 20_000_000_000;

    private Instant(long micros) => Micros = micros;

    /// <summary>Microseconds since 0001-01-01T00:00:00 UTC.</summary>
    public long Micros { get; }

    /// <summary>The same instant as the runtime's type.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(Micros * 10, TimeSpan.Zero);

    /// <summary>An instant of the runtime, cut off to microseconds.</summary>
    public static Instant Of(DateTimeOffset value) => new(value.UtcTicks / 10);

    /// <summary>Reads an accepted timestamp text.</summary>
    /// <exception cref="FormatException">The text is not accepted.</exception>
    public static Instant Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a timestamp such as 2026-01-05T14:30:00Z.");

    /// <summary>Reads an accepted timestamp text; false for everything that section 4 refuses.</summary>
    public static bool TryParse(string? text, out Instant value)
    {
        value = default;
        if (text is null) return false;
        Span<byte> ascii = text.Length <= 128 ? stackalloc byte[128] : new byte[text.Length];
        return System.Text.Ascii.FromUtf16(text, ascii, out var length) == System.Buffers.OperationStatus.Done
            && TryParse(ascii[..length], out value);
    }

    /// <summary>Reads a timestamp: a text or an integer of seconds or milliseconds since 1970.</summary>
    public static bool TryRead(JsonNode node, out Instant value)
    {
        value = default;
        if (!node.IsPresent) return false;
        return node.Kind switch
        {
            JsonKind.Text => node.IsPlainText ? TryParse(node.Token, out value) : TryParse(node.Text, out value),
            JsonKind.Integer => long.TryParse(node.Token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && TryFromUnix(number, out value),
            _ => false,
        };
    }

    /// <summary>Reads a timestamp: a text or an integer of seconds or milliseconds since 1970.</summary>
    public static bool TryRead(JsonValue? node, out Instant value)
    {
        value = default;
        return node switch
        {
            JsonText text => TryParse(text.Value, out value),
            JsonInteger integer =>
                integer.Value >= long.MinValue && integer.Value <= long.MaxValue && TryFromUnix((long)integer.Value, out value),
            _ => false,
        };
    }

    /// <summary>Whole milliseconds from an earlier instant to this one, cut off; 0 if it is not earlier.</summary>
    public long MillisecondsSince(Instant earlier) => Micros <= earlier.Micros ? 0 : (Micros - earlier.Micros) / 1000;

    /// <inheritdoc />
    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    /// <summary>Whether left is before right.</summary>
    public static bool operator <(Instant left, Instant right) => left.Micros < right.Micros;

    /// <summary>Whether left is after right.</summary>
    public static bool operator >(Instant left, Instant right) => left.Micros > right.Micros;

    /// <summary>Whether left is not after right.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Micros <= right.Micros;

    /// <summary>Whether left is not before right.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Micros >= right.Micros;

    /// <summary>The instant text: <c>YYYY-MM-DDTHH:MM:SS+00:00</c>, with six digits of fraction where they are not zero.</summary>
    public override string ToString() => Spell("+00:00"u8);

    /// <summary>The instant text with <c>Z</c> in place of <c>+00:00</c> (lane.md section 8).</summary>
    public string ToTextWithZ() => Spell("Z"u8);

    /// <summary>Appends the instant text.</summary>
    public void AppendTo(ByteBuffer target) => Append(target, "+00:00"u8);

    /// <summary>Appends the instant text with <c>Z</c> in place of <c>+00:00</c>.</summary>
    public void AppendWithZ(ByteBuffer target) => Append(target, "Z"u8);

    private string Spell(ReadOnlySpan<byte> zone)
    {
        var buffer = new ByteBuffer(MaxTextLength);
        Append(buffer, zone);
        return System.Text.Encoding.ASCII.GetString(buffer.Written);
    }

    private void Append(ByteBuffer target, ReadOnlySpan<byte> zone)
    {
        ArgumentNullException.ThrowIfNull(target);
        var span = target.Reserve(MaxTextLength);
        var date = new DateTime(Micros * 10, DateTimeKind.Utc);
        var (year, month, day) = DateOnly.FromDateTime(date);
        Digits(span, 0, year, 4);
        span[4] = (byte)'-';
        Digits(span, 5, month, 2);
        span[7] = (byte)'-';
        Digits(span, 8, day, 2);
        span[10] = (byte)'T';
        var second = (int)(Micros / MicrosPerSecond % 86_400);
        Digits(span, 11, second / 3600, 2);
        span[13] = (byte)':';
        Digits(span, 14, second / 60 % 60, 2);
        span[16] = (byte)':';
        Digits(span, 17, second % 60, 2);
        var length = 19;
        var fraction = (int)(Micros % MicrosPerSecond);
        if (fraction != 0)
        {
            span[length++] = (byte)'.';
            Digits(span, length, fraction, 6);
            length += 6;
        }

        zone.CopyTo(span[length..]);
        target.Advance(length + zone.Length);
    }

    private static void Digits(Span<byte> span, int at, int value, int count)
    {
        for (var i = at + count - 1; i >= at; i--)
        {
            span[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static bool TryFromUnix(long number, out Instant value)
    {
        value = default;
        var seconds = number is >= -LargestSeconds and <= LargestSeconds;
        if (!seconds && number is > EndMicros / 1000 or < -EndMicros / 1000) return false;
        return TryFromMicros(EpochMicros + (number * (seconds ? MicrosPerSecond : 1000)), out value);
    }

    private static bool TryFromMicros(long micros, out Instant value)
    {
        value = new Instant(micros);
        return micros is >= 0 and < EndMicros;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out Instant value)
    {
        value = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return false;
        if (!TryDigits(text, 0, 4, out var year) || !TryDigits(text, 5, 2, out var month) || !TryDigits(text, 8, 2, out var day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        var micros = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks / 10;
        if (text.Length == 10) return TryFromMicros(micros, out value);

        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)'_' or (byte)' ')) return false;
        var rest = text[11..];
        if (rest.Length < 5 || rest[2] != ':' || !TryDigits(rest, 0, 2, out var hour) || !TryDigits(rest, 3, 2, out var minute))
            return false;
        if (hour > 23 || minute > 59) return false;
        micros += ((hour * 3600L) + (minute * 60L)) * MicrosPerSecond;
        rest = rest[5..];
        if (!rest.IsEmpty && rest[0] == ':')
        {
            if (rest.Length < 3 || !TryDigits(rest, 1, 2, out var second) || second > 59) return false;
            micros += second * MicrosPerSecond;
            rest = rest[3..];
            if (!rest.IsEmpty && rest[0] is (byte)'.' or (byte)',')
            {
                if (!TryFraction(ref rest, out var fraction)) return false;
                micros += fraction;
            }
        }

        return TryZone(rest, out var offsetMinutes) && TryFromMicros(micros - (offsetMinutes * 60 * MicrosPerSecond), out value);
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int micros)
    {
        micros = 0;
        var count = 0;
        var at = 1;
        for (; at < rest.Length && (uint)(rest[at] - '0') <= 9; at++)
        {
            if (count == 6) continue;
            micros = (micros * 10) + (rest[at] - '0');
            count++;
        }

        if (count == 0) return false;
        for (; count < 6; count++) micros *= 10;
        rest = rest[at..];
        return true;
    }

    private static bool TryZone(ReadOnlySpan<byte> zone, out long offsetMinutes)
    {
        offsetMinutes = 0;
        if (zone.IsEmpty || zone is [(byte)'Z' or (byte)'z']) return true;
        if (zone[0] is not ((byte)'+' or (byte)'-')) return false;
        var minuteAt = zone.Length == 6 && zone[3] == ':' ? 4 : 3;
        if (zone.Length != minuteAt + 2 || !TryDigits(zone, 1, 2, out var hours) || !TryDigits(zone, minuteAt, 2, out var minutes))
            return false;
        if (hours > 23 || minutes > 59) return false;
        offsetMinutes = (zone[0] == '-' ? -1 : 1) * ((hours * 60L) + minutes);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        for (var i = at; i < at + count; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9) return false;
            value = (value * 10) + (int)digit;
        }

        return true;
    }
}
