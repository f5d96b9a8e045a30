using System.Globalization;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// Reads and writes reals (artifacts.md sections 1.7 and 2): the double nearest to a token, and the shortest digits that read back as the
/// same double, laid out positionally or with an exponent.
/// </summary>
public static class RealText
{
    /// <summary>
    /// Up to so many significant digits a decimal text is itself the shortest spelling of its double (DBL_DIG of IEEE 754 binary64).
    /// </summary>
    private const int ExactDigits = 15;

    /// <summary>Far enough inside the range of normal doubles for <see cref="ExactDigits"/> to hold.</summary>
    private const int ExactExponent = 290;

    /// <summary>More digits than any double or midpoint between two needs (767); what is beyond only matters as "not zero".</summary>
    private const int MostDigits = 800;

    private const int MostWritten = 32;

    /// <summary>The double nearest to a real token of JSON, ties to even; false if that is an infinity.</summary>
    public static bool TryRead(ReadOnlySpan<byte> token, out double value)
    {
        // Few digits and no exponent cannot leave the range, and the runtime reads them exactly.
        if (token.Length <= 64 && token.IndexOfAny((byte)'e', (byte)'E') < 0)
        {
            value = double.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }

        var digits = Significand(token, out var negative, out var exponent);
        if (digits.Length == 0 || exponent < -400)
        {
            value = negative ? -0.0 : 0.0;
            return true;
        }

        if (exponent > 400)
        {
            value = 0;
            return false;
        }

        Span<byte> compact = stackalloc byte[MostDigits + MostWritten];
        var length = 0;
        if (negative) compact[length++] = (byte)'-';
        compact[length++] = digits[0];
        compact[length++] = (byte)'.';
        digits[1..].CopyTo(compact[length..]);
        length += digits.Length - 1;
        compact[length++] = (byte)'0';
        compact[length++] = (byte)'e';
        exponent.TryFormat(compact[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        value = double.Parse(compact[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value);
    }

    /// <summary>Whether the double nearest to a real token is finite.</summary>
    internal static bool IsInRange(ReadOnlySpan<byte> token) =>
        (token.Length <= 300 && token.IndexOfAny((byte)'e', (byte)'E') < 0) || TryRead(token, out _);

    /// <summary>Appends a finite double.</summary>
    public static void Append(ByteBuffer target, double value)
    {
        ArgumentNullException.ThrowIfNull(target);
        Append(target, RealDigits.Of(value));
    }

    /// <summary>Appends the canonical spelling of the double that a real token of JSON names.</summary>
    internal static void AppendToken(ByteBuffer target, ReadOnlySpan<byte> token) => Append(target, DigitsOf(token));

    /// <summary>The digits of the canonical spelling of the double that a real token of JSON names.</summary>
    internal static RealDigits DigitsOf(ReadOnlySpan<byte> token)
    {
        if (TryExact(token, out var digits)) return digits;
        TryRead(token, out var value);
        return RealDigits.Of(value);
    }

    private static bool TryExact(ReadOnlySpan<byte> token, out RealDigits digits)
    {
        var negative = token[0] == '-';
        ulong coefficient = 0;
        var count = 0;
        var exponent = 0;
        var afterPoint = false;
        digits = default;
        for (var i = negative ? 1 : 0; i < token.Length; i++)
        {
            var b = token[i];
            if (b == '.')
            {
                afterPoint = true;
                continue;
            }

            if (b is (byte)'e' or (byte)'E') return false;
            if (count > 0 || b != '0')
            {
                if (++count > 18) return false;
                coefficient = (coefficient * 10) + (ulong)(b - '0');
            }

            if (afterPoint && --exponent < -ExactExponent) return false;
        }

        digits = RealDigits.Strip(negative, coefficient, exponent);
        return digits.Count <= ExactDigits;
    }

    /// <summary>
    /// The significant digits of a token without leading zeros, and the exponent of the first. Beyond 800 digits a 1 stands for the rest.
    /// </summary>
    private static ReadOnlySpan<byte> Significand(ReadOnlySpan<byte> token, out bool negative, out int exponent)
    {
        negative = token[0] == '-';
        var digits = new byte[Math.Min(token.Length, MostDigits)];
        var kept = 0;
        long beforePoint = 0;
        long leadingZeros = 0;
        var afterPoint = false;
        long written = 0;
        for (var i = negative ? 1 : 0; i < token.Length; i++)
        {
            var b = token[i];
            if (b == '.')
            {
                afterPoint = true;
            }
            else if (b is (byte)'e' or (byte)'E')
            {
                written = Exponent(token[(i + 1)..]);
                break;
            }
            else
            {
                if (!afterPoint) beforePoint++;
                if (kept == 0 && b == '0') leadingZeros++;
                else if (kept < MostDigits - 1) digits[kept++] = b;
                else if (b != '0') digits[MostDigits - 1] = (byte)'1';
            }
        }

        var first = beforePoint - leadingZeros - 1 + written;
        exponent = (int)Math.Clamp(first, -1000, 1000);
        return kept == MostDigits - 1 && digits[^1] == '1' ? digits : digits.AsSpan(0, kept);
    }

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        const long Saturated = 1_000_000_000_000;
        var negative = text[0] == '-';
        long value = 0;
        foreach (var b in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text) value = Math.Min((value * 10) + (b - '0'), Saturated);
        return negative ? -value : value;
    }

    private static void Append(ByteBuffer target, in RealDigits digits)
    {
        var span = target.Reserve(MostWritten);
        target.Advance(digits.Write(span));
    }
}

/// <summary>
/// A real as sign, digits and exponent: ±d1.d2…dn × 10^<see cref="Exponent"/>, without trailing zeros. Zero has no digits.
/// </summary>
internal readonly struct RealDigits
{
    private RealDigits(bool negative, ulong digits, int count, int exponent)
    {
        Negative = negative;
        Digits = digits;
        Count = count;
        Exponent = exponent;
    }

    public bool Negative { get; }

    /// <summary>d1…dn as one number.</summary>
    public ulong Digits { get; }

    /// <summary>n, 0 for zero.</summary>
    public int Count { get; }

    /// <summary>Exponent of d1.</summary>
    public int Exponent { get; }

    /// <summary>Whether the canonical spelling has no exponent.</summary>
    public bool IsPositional => Count == 0 || Exponent is >= -4 and < 16;

    /// <summary>The shortest digits that read back as the same double.</summary>
    public static RealDigits Of(double value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);

        // The runtime's shortest digits do not always read back (2^-25 does not on .NET 10); seventeen always do.
        if (double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture) != value)
            value.TryFormat(text, out length, "G17", CultureInfo.InvariantCulture);
        return Parse(text[..length]);
    }

    /// <summary>coefficient × 10^exponent with its trailing zeros taken off.</summary>
    public static RealDigits Strip(bool negative, ulong coefficient, int exponent)
    {
        if (coefficient == 0) return new RealDigits(negative, 0, 0, 0);
        while (coefficient % 10 == 0)
        {
            coefficient /= 10;
            exponent++;
        }

        var count = PowersOfTen.DigitsOf(coefficient);
        return new RealDigits(negative, coefficient, count, exponent + count - 1);
    }

    /// <summary>Writes the canonical spelling; at most 25 bytes.</summary>
    public int Write(Span<byte> target)
    {
        var at = 0;
        if (Negative) target[at++] = (byte)'-';
        if (Count == 0)
        {
            "0.0"u8.CopyTo(target[at..]);
            return at + 3;
        }

        Span<byte> digits = stackalloc byte[20];
        Digits.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        digits = digits[..count];
        if (Exponent is < -4 or >= 16)
        {
            target[at++] = digits[0];
            if (count > 1)
            {
                target[at++] = (byte)'.';
                digits[1..].CopyTo(target[at..]);
                at += count - 1;
            }

            target[at++] = (byte)'e';
            target[at++] = (byte)(Exponent < 0 ? '-' : '+');
            Math.Abs(Exponent).TryFormat(target[at..], out var written, "00", CultureInfo.InvariantCulture);
            return at + written;
        }

        var before = Exponent + 1;
        if (before <= 0)
        {
            target[at++] = (byte)'0';
            target[at++] = (byte)'.';
            target.Slice(at, -before).Fill((byte)'0');
            at -= before;
            digits.CopyTo(target[at..]);
            return at + count;
        }

        var whole = Math.Min(before, count);
        digits[..whole].CopyTo(target[at..]);
        at += whole;
        target.Slice(at, before - whole).Fill((byte)'0');
        at += before - whole;
        target[at++] = (byte)'.';
        if (whole == count)
        {
            target[at++] = (byte)'0';
            return at;
        }

        digits[whole..].CopyTo(target[at..]);
        return at + count - whole;
    }

    private static RealDigits Parse(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        ulong coefficient = 0;
        var exponent = 0;
        var afterPoint = false;
        for (var i = negative ? 1 : 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                afterPoint = true;
            }
            else if (text[i] == 'E')
            {
                exponent += int.Parse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                coefficient = (coefficient * 10) + (ulong)(text[i] - '0');
                if (afterPoint) exponent--;
            }
        }

        return Strip(negative, coefficient, exponent);
    }
}
