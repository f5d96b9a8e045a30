using System.Globalization;
using System.Numerics;
using System.Text;

namespace JanusQ.Ledger.Core.Canonical;

/// <content>Reading and writing (artifacts.md section 3.1).</content>
public readonly partial struct Decimal28
{
    /// <summary>Longest text accepted, in characters.</summary>
    public const int MaxTextLength = 5000;

    /// <summary>Reads a decimal text; nothing is rounded. False for everything that section 3.1 does not accept.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Decimal28 value)
    {
        value = default;
        if (text.Length > MaxTextLength || !Ascii.IsValid(text)) return false;
        Span<byte> bytes = text.Length <= 128 ? stackalloc byte[128] : new byte[text.Length];
        Ascii.FromUtf16(text, bytes, out var length);
        return TryParse(bytes[..length], out value);
    }

    /// <summary>
    /// Reads a decimal text from its ASCII bytes; nothing is rounded. False for everything that section 3.1 does not accept.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Decimal28 value)
    {
        value = default;
        if (text.Length is 0 or > MaxTextLength) return false;
        var at = 0;
        var negative = text[0] == '-';
        if (negative || text[0] == '+') at++;
        var start = at;
        var point = -1;
        UInt128 coefficient = 0;
        ulong narrow = 0;
        var digits = 0;
        var significant = 0;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9)
            {
                if (text[at] != '.' || point >= 0) break;
                point = at;
                continue;
            }

            digits++;
            if (significant == 0 && digit == 0) continue;
            if (++significant <= 19) narrow = (narrow * 10) + digit;
            else if (significant <= PowersOfTen.MaxDigits) coefficient = ((significant == 20 ? narrow : coefficient) * 10) + digit;
        }

        if (digits == 0) return false;
        var end = at;
        if (!TryReadExponent(text[at..], out var exponent)) return false;
        if (point >= 0) exponent -= end - point - 1;
        if (significant == 0)
        {
            if (!InRange(exponent)) return false;
            value = new Decimal28(negative, (UInt128)0, (int)exponent);
            return true;
        }

        if (!InRange(exponent + significant - 1)) return false;
        if (significant <= 19) value = new Decimal28(negative, (UInt128)narrow, (int)exponent);
        else if (significant <= PowersOfTen.MaxDigits) value = new Decimal28(negative, coefficient, (int)exponent);
        else value = new Decimal28(negative, LongDigits(text[start..end]), (int)exponent);
        return true;
    }

    /// <summary>The decimal of a JSON value: text, integer or real; false for everything else (section 3.1).</summary>
    public static bool TryRead(JsonValue? value, out Decimal28 result)
    {
        switch (value)
        {
            case JsonText text:
                return TryParse(text.Value, out result);
            case JsonInteger integer:
                result = Of(integer.Value);
                return true;
            case JsonReal real:
                result = Of(RealDigits.Of(real.Value));
                return true;
            default:
                result = default;
                return false;
        }
    }

    /// <summary>The decimal of a JSON value on a tape; false for everything that is no decimal.</summary>
    public static bool TryRead(JsonNode value, out Decimal28 result)
    {
        result = default;
        if (!value.IsPresent) return false;
        switch (value.Kind)
        {
            case JsonKind.Text:
                return value.IsPlainText ? TryParse(value.Token, out result) : TryParse(value.Text, out result);
            case JsonKind.Integer:
                var token = value.Token;
                if (token.Length < PowersOfTen.MaxDigits)
                {
                    // The sign of the token -0 is not kept: it is the integer 0.
                    if (!TryParse(token, out result)) return false;
                    if (result.IsZero) result = default;
                    return true;
                }

                result = Of(IntegerText.Read(token));
                return true;
            case JsonKind.Real:
                result = Of(RealText.DigitsOf(value.Token));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The decimal of a real's canonical token, so with at least one place after the point where that has no exponent.</summary>
    private static Decimal28 Of(in RealDigits real)
    {
        if (real.Count == 0) return new Decimal28(real.Negative, (UInt128)0, -1);
        var exponent = real.Exponent - real.Count + 1;
        if (!real.IsPositional || exponent < 0) return new Decimal28(real.Negative, (UInt128)real.Digits, exponent);
        return new Decimal28(real.Negative, real.Digits * PowersOfTen.Of(exponent + 1), -1);
    }

    /// <summary>The plain text (<c>str</c>).</summary>
    public override string ToString()
    {
        var buffer = new ByteBuffer(64);
        AppendText(buffer);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    /// <summary>
    /// The artifact text: <c>0</c> for any zero, otherwise finished and without trailing zeros, so that 100 is <c>1E+2</c>.
    /// </summary>
    /// <exception cref="DecimalRangeException">Finishing leaves the range.</exception>
    public string ToArtifactText()
    {
        var buffer = new ByteBuffer(64);
        AppendArtifactText(buffer);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    /// <summary><c>0</c> for any zero, otherwise the plain text: Z(x) of lane.md section 1.</summary>
    public string ToTextWithPlainZero() => IsZero ? "0" : ToString();

    /// <summary>Appends the plain text.</summary>
    public void AppendText(ByteBuffer target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (_long is null) AppendText(target, _negative, _small, _exponent);
        else AppendLongText(target);
    }

    /// <summary>Appends the artifact text.</summary>
    /// <exception cref="DecimalRangeException">Finishing leaves the range.</exception>
    public void AppendArtifactText(ByteBuffer target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (IsZero)
        {
            target.Append((byte)'0');
            return;
        }

        var finished = WithSign(_negative);
        var coefficient = finished._small;
        var exponent = finished._exponent;
        StripZeros(ref coefficient, ref exponent);
        AppendText(target, _negative, coefficient, exponent);
    }

    private static void StripZeros(ref UInt128 coefficient, ref int exponent)
    {
        // Most results end in digits other than zero, which one look at the lowest bits tells.
        while (((uint)coefficient & 1) == 0)
        {
            var (tenth, rest) = UInt128.DivRem(coefficient, 10);
            if (rest != 0) return;
            coefficient = tenth;
            exponent++;
        }
    }

    private static void AppendText(ByteBuffer target, bool negative, UInt128 coefficient, int exponent)
    {
        Span<byte> digits = stackalloc byte[40];
        int count;
        if (coefficient <= ulong.MaxValue)
        {
            ((ulong)coefficient).TryFormat(digits, out count, default, CultureInfo.InvariantCulture);
        }
        else
        {
            var (upper, lower) = UInt128.DivRem(coefficient, PowersOfTen.Of64(19));
            if (upper <= ulong.MaxValue)
            {
                ((ulong)upper).TryFormat(digits, out count, default, CultureInfo.InvariantCulture);
                ((ulong)lower).TryFormat(digits[count..], out var more, "D19", CultureInfo.InvariantCulture);
                count += more;
            }
            else
            {
                coefficient.TryFormat(digits, out count, default, CultureInfo.InvariantCulture);
            }
        }

        AppendText(target, negative, digits[..count], exponent);
    }

    private static void AppendText(ByteBuffer target, bool negative, ReadOnlySpan<byte> digits, int exponent)
    {
        var adjusted = exponent + digits.Length - 1;
        var span = target.Reserve(digits.Length + 24);
        var at = 0;
        if (negative) span[at++] = (byte)'-';
        if (exponent <= 0 && adjusted >= -6)
        {
            if (exponent == 0)
            {
                digits.CopyTo(span[at..]);
                target.Advance(at + digits.Length);
                return;
            }

            var before = digits.Length + exponent;
            if (before > 0)
            {
                digits[..before].CopyTo(span[at..]);
                at += before;
                span[at++] = (byte)'.';
                digits[before..].CopyTo(span[at..]);
                target.Advance(at - exponent);
                return;
            }

            span[at++] = (byte)'0';
            span[at++] = (byte)'.';
            span.Slice(at, -before).Fill((byte)'0');
            at -= before;
            digits.CopyTo(span[at..]);
            target.Advance(at + digits.Length);
            return;
        }

        span[at++] = digits[0];
        if (digits.Length > 1)
        {
            span[at++] = (byte)'.';
            digits[1..].CopyTo(span[at..]);
            at += digits.Length - 1;
        }

        span[at++] = (byte)'E';
        span[at++] = (byte)(adjusted < 0 ? '-' : '+');
        Math.Abs(adjusted).TryFormat(span[at..], out var written, default, CultureInfo.InvariantCulture);
        target.Advance(at + written);
    }

    private void AppendLongText(ByteBuffer target) =>
        AppendText(target, _negative, Encoding.ASCII.GetBytes(_long!.Value.ToString(CultureInfo.InvariantCulture)), _exponent);

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        const long Saturated = 1_000_000_000_000;
        exponent = 0;
        if (text.IsEmpty) return true;
        if (text[0] is not ((byte)'e' or (byte)'E')) return false;
        text = text[1..];
        var negative = !text.IsEmpty && text[0] == '-';
        if (negative || (!text.IsEmpty && text[0] == '+')) text = text[1..];
        if (text.IsEmpty) return false;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9) return false;
            exponent = Math.Min((exponent * 10) + digit, Saturated);
        }

        if (negative) exponent = -exponent;
        return true;
    }

    private static BigInteger LongDigits(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = new byte[text.Length];
        var count = 0;
        foreach (var b in text)
            if (b != '.') digits[count++] = b;
        return IntegerText.Read(digits[..count]);
    }

    private static bool InRange(long exponent) => exponent is >= -ExponentLimit and <= ExponentLimit;
}
