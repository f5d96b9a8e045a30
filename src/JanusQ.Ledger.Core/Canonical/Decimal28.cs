using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// A decimal of the contract: sign, coefficient of any length, exponent (artifacts.md section 3). Operations form their exact result and
/// round it once to 28 digits, half to even. A default value is the decimal <c>0</c>. Coefficients up to 128 bits never leave the
/// processor's registers; longer ones, which only long operands bring, are <see cref="BigInteger"/>.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "Equal values have several representations: compare with Compare or by text.")]
[SuppressMessage("Usage", "CA2225", Justification = "The operators are the operations' names.")]
public readonly partial struct Decimal28
{
    /// <summary>Digits that a finished result keeps.</summary>
    public const int Precision = 28;

    /// <summary>Largest adjusted exponent of a value that is not zero; the smallest is its negative.</summary>
    public const int ExponentLimit = 999_999;

    private const int SmallestZeroExponent = -1_000_026;

    private readonly UInt128 _small;
    private readonly LongCoefficient? _long;
    private readonly int _exponent;
    private readonly bool _negative;

    /// <summary>A coefficient that needs more than 128 bits.</summary>
    private sealed class LongCoefficient(BigInteger value)
    {
        public readonly BigInteger Value = value;
        public readonly int Digits = PowersOfTen.DigitsOf(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Decimal28(bool negative, UInt128 coefficient, int exponent)
    {
        _negative = negative;
        _small = coefficient;
        _exponent = exponent;
    }

    private Decimal28(bool negative, BigInteger coefficient, int exponent)
    {
        _negative = negative;
        _exponent = exponent;
        if (coefficient.GetBitLength() <= 128) _small = (UInt128)coefficient;
        else _long = new LongCoefficient(coefficient);
    }

    /// <summary>The decimal <c>0</c>.</summary>
    public static Decimal28 Zero => default;

    /// <summary>The decimal <c>1</c>.</summary>
    public static Decimal28 One => new(false, (UInt128)1, 0);

    /// <summary>Whether the value is a zero, of either sign and any exponent.</summary>
    public bool IsZero => _long is null && _small == 0;

    /// <summary>Whether the sign is minus; a zero can be negative.</summary>
    public bool IsNegative => _negative;

    /// <summary>Whether the value is greater than zero.</summary>
    public bool IsPositive => !_negative && !IsZero;

    /// <summary>The exponent e of ± c × 10^e.</summary>
    public int Exponent => _exponent;

    /// <summary>The coefficient c.</summary>
    public BigInteger Coefficient => _long?.Value ?? _small;

    private int Digits => _long?.Digits ?? PowersOfTen.DigitsOf(_small);

    private int AdjustedExponent => _exponent + Digits - 1;

    /// <summary>The whole number <paramref name="value"/>, with exponent 0.</summary>
    public static Decimal28 Of(long value) => new(value < 0, (UInt128)(value < 0 ? -(Int128)value : value), 0);

    /// <summary>The whole number <paramref name="value"/>, with exponent 0; exact.</summary>
    public static Decimal28 Of(BigInteger value) => new(value.Sign < 0, BigInteger.Abs(value), 0);

    /// <summary>A constant of a rule, from its text.</summary>
    /// <exception cref="FormatException">Not a decimal text.</exception>
    public static Decimal28 Of(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a decimal.");

    /// <summary>The sum, finished.</summary>
    /// <exception cref="DecimalRangeException">The result is out of range.</exception>
    public static Decimal28 operator +(in Decimal28 left, in Decimal28 right) => Add(left, right, right._negative);

    /// <summary>The difference, finished.</summary>
    /// <exception cref="DecimalRangeException">The result is out of range.</exception>
    public static Decimal28 operator -(in Decimal28 left, in Decimal28 right) => Add(left, right, !right._negative);

    /// <summary>The product, finished.</summary>
    /// <exception cref="DecimalRangeException">The result is out of range.</exception>
    public static Decimal28 operator *(in Decimal28 left, in Decimal28 right)
    {
        var negative = left._negative ^ right._negative;
        var exponent = left._exponent + right._exponent;
        if (left._long is null && right._long is null
            && PowersOfTen.DigitsOf(left._small) + PowersOfTen.DigitsOf(right._small) <= PowersOfTen.MaxDigits)
            return Finish(negative, left._small * right._small, exponent, false);
        return Finish(negative, left.Coefficient * right.Coefficient, exponent, false);
    }

    /// <summary>The value with its sign flipped, finished; a zero becomes positive.</summary>
    public static Decimal28 operator -(in Decimal28 value) => value.WithSign(!value._negative && !value.IsZero);

    /// <summary>Whether left is less, by exact value.</summary>
    public static bool operator <(in Decimal28 left, in Decimal28 right) => Compare(left, right) < 0;

    /// <summary>Whether left is greater, by exact value.</summary>
    public static bool operator >(in Decimal28 left, in Decimal28 right) => Compare(left, right) > 0;

    /// <summary>Whether left is less or equal, by exact value.</summary>
    public static bool operator <=(in Decimal28 left, in Decimal28 right) => Compare(left, right) <= 0;

    /// <summary>Whether left is greater or equal, by exact value.</summary>
    public static bool operator >=(in Decimal28 left, in Decimal28 right) => Compare(left, right) >= 0;

    /// <summary>The value with sign plus, finished.</summary>
    public static Decimal28 Abs(in Decimal28 value) => value.WithSign(false);

    /// <summary>The second if it is less, otherwise the first; nothing is rounded.</summary>
    public static Decimal28 Min(in Decimal28 first, in Decimal28 second) => Compare(second, first) < 0 ? second : first;

    /// <summary>The second if it is greater, otherwise the first; nothing is rounded.</summary>
    public static Decimal28 Max(in Decimal28 first, in Decimal28 second) => Compare(second, first) > 0 ? second : first;

    /// <summary>-1, 0 or 1 by exact value; zeros are equal and representations do not matter.</summary>
    public static int Compare(in Decimal28 left, in Decimal28 right)
    {
        var leftSign = left.IsZero ? 0 : left._negative ? -1 : 1;
        var rightSign = right.IsZero ? 0 : right._negative ? -1 : 1;
        if (leftSign != rightSign) return leftSign < rightSign ? -1 : 1;
        if (leftSign == 0) return 0;
        return leftSign * CompareMagnitudes(left, right);
    }

    private static int CompareMagnitudes(in Decimal28 left, in Decimal28 right)
    {
        if (left._exponent == right._exponent && left._long is null && right._long is null) return left._small.CompareTo(right._small);
        var adjusted = left.AdjustedExponent.CompareTo(right.AdjustedExponent);
        if (adjusted != 0) return adjusted;

        // Equal adjusted exponents: the exponents differ by no more than the coefficients' lengths, so aligning is bounded.
        var shift = left._exponent - right._exponent;
        if (shift < 0) return -CompareMagnitudes(right, left);
        if (left._long is null && right._long is null && PowersOfTen.DigitsOf(left._small) + shift <= PowersOfTen.MaxDigits)
            return (left._small * PowersOfTen.Of(shift)).CompareTo(right._small);
        return (left.Coefficient * PowersOfTen.OfAny(shift)).CompareTo(right.Coefficient);
    }

    private static Decimal28 Add(in Decimal28 left, in Decimal28 right, bool rightNegative)
    {
        var shift = left._exponent - right._exponent;
        if (left._long is null && right._long is null)
        {
            var a = left._small;
            var b = right._small;
            var exponent = left._exponent;
            var fits = true;
            if (shift > 0)
            {
                fits = PowersOfTen.DigitsOf(a) + shift < PowersOfTen.MaxDigits && b < PowersOfTen.Of(PowersOfTen.MaxDigits);
                if (fits) a *= PowersOfTen.Of(shift);
                exponent = right._exponent;
            }
            else if (shift < 0)
            {
                fits = PowersOfTen.DigitsOf(b) - shift < PowersOfTen.MaxDigits && a < PowersOfTen.Of(PowersOfTen.MaxDigits);
                if (fits) b *= PowersOfTen.Of(-shift);
            }
            else
            {
                fits = a < PowersOfTen.Of(PowersOfTen.MaxDigits) && b < PowersOfTen.Of(PowersOfTen.MaxDigits);
            }

            if (fits)
            {
                if (left._negative == rightNegative) return Finish(rightNegative, a + b, exponent, false);
                if (a == b) return Finish(false, (UInt128)0, exponent, false);
                return a > b ? Finish(left._negative, a - b, exponent, false) : Finish(rightNegative, b - a, exponent, false);
            }
        }

        return shift >= 0
            ? AddLong(left, left._negative, right, rightNegative)
            : AddLong(right, rightNegative, left, left._negative);
    }

    /// <summary>Adds where the exponent of <paramref name="high"/> is not below that of <paramref name="low"/>.</summary>
    private static Decimal28 AddLong(in Decimal28 high, bool highNegative, in Decimal28 low, bool lowNegative)
    {
        if (high.IsZero || low.IsZero)
        {
            if (high.IsZero && low.IsZero) return Finish(highNegative && lowNegative, (UInt128)0, low._exponent, false);
            if (high.IsZero) return Finish(lowNegative, low.Coefficient, low._exponent, false);

            // The zero only asks for more digits behind the value; more than one beyond the precision are cut off again.
            var padding = Math.Min(high._exponent - low._exponent, Math.Max(0, Precision + 1 - high.Digits));
            return Finish(highNegative, high.Coefficient * PowersOfTen.OfAny(padding), high._exponent - padding, false);
        }

        var lowCoefficient = low.Coefficient;
        var lowExponent = low._exponent;

        // Of a remote operand only its sign and existence can matter: it is replaced by a 1 well below the last digit kept.
        var remote = high._exponent + Math.Min(-1, high.Digits - Precision - 2);
        if (low.AdjustedExponent < remote)
        {
            lowCoefficient = BigInteger.One;
            lowExponent = remote;
        }

        var aligned = high.Coefficient * PowersOfTen.OfAny(high._exponent - lowExponent);
        var sum = (highNegative ? -aligned : aligned) + (lowNegative ? -lowCoefficient : lowCoefficient);
        return Finish(sum.Sign < 0, BigInteger.Abs(sum), lowExponent, false);
    }

    private Decimal28 WithSign(bool negative) =>
        _long is null ? Finish(negative, _small, _exponent, false) : Finish(negative, _long.Value, _exponent, false);

    /// <summary>Finish of artifacts.md 3.2. <paramref name="remainder"/>: the exact value lies a little above the coefficient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Decimal28 Finish(bool negative, UInt128 coefficient, int exponent, bool remainder)
    {
        var digits = PowersOfTen.DigitsOf(coefficient);
        if (digits <= Precision && coefficient != 0 && (uint)(exponent + digits - 1 + ExponentLimit) <= 2 * ExponentLimit)
            return new Decimal28(negative, coefficient, exponent);
        return FinishRounding(negative, coefficient, digits, exponent, remainder);
    }

    private static Decimal28 FinishRounding(bool negative, UInt128 coefficient, int digits, int exponent, bool remainder)
    {
        if (coefficient == 0) return new Decimal28(negative, coefficient, Math.Clamp(exponent, SmallestZeroExponent, ExponentLimit));
        if (digits > Precision)
        {
            var drop = digits - Precision;
            coefficient = RoundHalfEven(coefficient, drop, remainder);
            exponent += drop;
            if (coefficient == PowersOfTen.Of(Precision))
            {
                coefficient = PowersOfTen.Of(Precision - 1);
                exponent++;
            }

            digits = Precision;
        }

        return InRange(exponent + digits - 1) ? new Decimal28(negative, coefficient, exponent) : throw new DecimalRangeException();
    }

    private static Decimal28 Finish(bool negative, BigInteger coefficient, int exponent, bool remainder)
    {
        var digits = PowersOfTen.DigitsOf(coefficient);
        if (digits <= PowersOfTen.MaxDigits) return Finish(negative, (UInt128)coefficient, exponent, remainder);
        var drop = digits - Precision - 2;
        var kept = BigInteger.DivRem(coefficient, PowersOfTen.OfAny(drop), out var rest);
        return Finish(negative, (UInt128)kept, exponent + drop, remainder || !rest.IsZero);
    }

    /// <summary>Drops the lowest digits, rounding half to even on the exact value dropped.</summary>
    private static UInt128 RoundHalfEven(UInt128 coefficient, int drop, bool remainder)
    {
        var unit = PowersOfTen.Of(drop);
        var kept = coefficient / unit;
        var rest = coefficient - (kept * unit);
        var half = unit / 2;
        if (rest > half || (rest == half && (remainder || (kept & 1) == 1))) kept++;
        return kept;
    }

    private static bool InRange(int adjustedExponent) => adjustedExponent is >= -ExponentLimit and <= ExponentLimit;
}
