using System.Numerics;

namespace JanusQ.Ledger.Core.Canonical;

/// <content>Division, roots, squares, and rewriting with another exponent (artifacts.md section 3.2).</content>
public readonly partial struct Decimal28
{
    /// <summary>Digits to which a square is rounded before it is finished.</summary>
    private const int SquarePrecision = 31;

    /// <summary>The quotient: exact with the exponent nearest to the ideal one if 28 digits are enough, otherwise rounded.</summary>
    /// <exception cref="DecimalRangeException">Division by zero, or the result is out of range.</exception>
    public static Decimal28 operator /(in Decimal28 left, in Decimal28 right)
    {
        if (right.IsZero) throw new DecimalRangeException("division by zero");
        var negative = left._negative ^ right._negative;
        var ideal = left._exponent - right._exponent;
        if (left.IsZero) return Finish(negative, (UInt128)0, ideal, false);

        // One digit more than the precision is enough, since a remainder is kept as such.
        var shift = right.Digits - left.Digits + Precision + 1;
        var quotient = Divide(left, right, shift, out var exact);
        var exponent = ideal - shift;
        if (!exact) return Finish(negative, quotient, exponent, true);
        while (exponent < ideal)
        {
            var (tenth, rest) = UInt128.DivRem(quotient, 10);
            if (rest != 0) break;
            quotient = tenth;
            exponent++;
        }

        return Finish(negative, quotient, exponent, false);
    }

    /// <summary>The root, rounded half to even on the true root where 28 digits are not enough.</summary>
    /// <exception cref="DecimalRangeException">The value is negative and not zero.</exception>
    public static Decimal28 Sqrt(in Decimal28 value)
    {
        var ideal = value._exponent >> 1;
        if (value.IsZero) return Finish(value._negative, (UInt128)0, ideal, false);
        if (value._negative) throw new DecimalRangeException("root of a negative number");

        // value = c × 10^(2e), and c gets so many digits that its root has one more than the precision.
        var coefficient = value.Coefficient;
        var exponent = value._exponent >> 1;
        if ((value._exponent & 1) != 0) coefficient *= 10;
        var rootDigits = (PowersOfTen.DigitsOf(coefficient) + 1) / 2;
        var shift = Precision + 1 - rootDigits;
        var exact = true;
        if (shift >= 0)
        {
            coefficient *= PowersOfTen.OfAny(2 * shift);
        }
        else
        {
            coefficient = BigInteger.DivRem(coefficient, PowersOfTen.OfAny(-2 * shift), out var dropped);
            exact = dropped.IsZero;
        }

        exponent -= shift;
        var root = FloorRoot(coefficient);
        exact = exact && root * root == coefficient;
        if (!exact) return Finish(false, root, exponent, true);
        while (exponent < ideal)
        {
            var tenth = BigInteger.DivRem(root, 10, out var rest);
            if (!rest.IsZero) break;
            root = tenth;
            exponent++;
        }

        return Finish(false, root, exponent, false);
    }

    /// <summary>The value times itself, rounded to 31 digits and then finished to 28; a zero gives <c>0</c>.</summary>
    /// <exception cref="DecimalRangeException">The result is out of range.</exception>
    public static Decimal28 Square(in Decimal28 value)
    {
        if (value.IsZero) return Zero;
        var coefficient = value.Coefficient;
        coefficient *= coefficient;
        var exponent = value._exponent * 2;
        var drop = PowersOfTen.DigitsOf(coefficient) - SquarePrecision;
        if (drop > 0)
        {
            coefficient = RoundHalfEven(coefficient, drop);
            exponent += drop;
        }

        return Finish(false, coefficient, exponent, false);
    }

    /// <summary>The value rewritten with the exponent of <paramref name="pattern"/>; the sign is kept, also on zero.</summary>
    /// <exception cref="DecimalRangeException">The result needs more than 28 digits or is out of range.</exception>
    public static Decimal28 Quantize(in Decimal28 value, in Decimal28 pattern, DecimalRounding rounding)
    {
        var exponent = pattern._exponent;
        if (exponent is < SmallestZeroExponent or > ExponentLimit) throw new DecimalRangeException();
        if (value.IsZero) return new Decimal28(value._negative, (UInt128)0, exponent);
        var shift = value._exponent - exponent;
        if (value.Digits + shift > Precision) throw new DecimalRangeException("the result needs more than 28 digits");
        BigInteger coefficient;
        if (shift >= 0) coefficient = value.Coefficient * PowersOfTen.OfAny(shift);
        else if (-shift > value.Digits) coefficient = BigInteger.Zero;
        else if (rounding == DecimalRounding.Down) coefficient = value.Coefficient / PowersOfTen.OfAny(-shift);
        else coefficient = RoundHalfEven(value.Coefficient, -shift);
        var result = new Decimal28(value._negative, coefficient, exponent);
        if (result.Digits > Precision || (!result.IsZero && !InRange(result.AdjustedExponent))) throw new DecimalRangeException();
        return result;
    }

    /// <summary>The sum of a list in its order, from <c>0</c>, finished after each addition.</summary>
    /// <exception cref="DecimalRangeException">A sum is out of range.</exception>
    public static Decimal28 Sum(ReadOnlySpan<Decimal28> values)
    {
        var sum = Zero;
        foreach (ref readonly var value in values) sum += value;
        return sum;
    }

    /// <summary>left × 10^shift / right without its fraction, in 29 or 30 digits.</summary>
    private static UInt128 Divide(in Decimal28 left, in Decimal28 right, int shift, out bool exact)
    {
        if (left._long is null && right._long is null)
        {
            if (shift >= 0 && PowersOfTen.DigitsOf(left._small) + shift <= PowersOfTen.MaxDigits)
            {
                var (quotient, rest) = UInt128.DivRem(left._small * PowersOfTen.Of(shift), right._small);
                exact = rest == 0;
                return quotient;
            }

            // 57 digits fit three words of 64 bits.
            if (right._small <= ulong.MaxValue
                && shift is >= 0 and <= PowersOfTen.MaxDigits && PowersOfTen.DigitsOf(left._small) + shift <= 57)
                return DivideWords(left._small, shift, (ulong)right._small, out exact);
        }

        var numerator = left.Coefficient;
        var denominator = right.Coefficient;
        if (shift >= 0) numerator *= PowersOfTen.OfAny(shift);
        else denominator *= PowersOfTen.OfAny(-shift);
        var whole = BigInteger.DivRem(numerator, denominator, out var remainder);
        exact = remainder.IsZero;
        return (UInt128)whole;
    }

    private static UInt128 DivideWords(UInt128 coefficient, int shift, ulong divisor, out bool exact)
    {
        var first = Math.Min(shift, 19);
        MultiplyWords(
            (ulong)coefficient, (ulong)(coefficient >> 64), 0, PowersOfTen.Of64(first), out var low, out var middle, out var high);
        if (shift > 19) MultiplyWords(low, middle, high, PowersOfTen.Of64(shift - 19), out low, out middle, out high);
        var (_, rest) = Math.DivRem(high, divisor);
        var (upper, next) = UInt128.DivRem(new UInt128(rest, middle), divisor);
        var (lower, last) = UInt128.DivRem(new UInt128((ulong)next, low), divisor);
        exact = last == 0;
        return (upper << 64) | lower;
    }

    private static void MultiplyWords(
        ulong low, ulong middle, ulong high, ulong factor, out ulong outLow, out ulong outMiddle, out ulong outHigh)
    {
        var carry = Math.BigMul(low, factor, out outLow);
        var product = new UInt128(Math.BigMul(middle, factor, out var middleLow), middleLow) + carry;
        outMiddle = (ulong)product;
        outHigh = (high * factor) + (ulong)(product >> 64);
    }

    private static BigInteger RoundHalfEven(BigInteger coefficient, int drop)
    {
        var unit = PowersOfTen.OfAny(drop);
        var kept = BigInteger.DivRem(coefficient, unit, out var rest);
        var half = (rest * 2).CompareTo(unit);
        return half > 0 || (half == 0 && !kept.IsEven) ? kept + 1 : kept;
    }

    /// <summary>The largest whole number whose square is not above <paramref name="value"/> (Newton from above).</summary>
    private static BigInteger FloorRoot(BigInteger value)
    {
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root) return root;
            root = next;
        }
    }
}

/// <summary>How <see cref="Decimal28.Quantize"/> rounds.</summary>
public enum DecimalRounding
{
    /// <summary>To the nearest, ties to the even digit.</summary>
    HalfEven,

    /// <summary>Toward zero.</summary>
    Down,
}

/// <summary>A decimal operation has no result in range (artifacts.md section 3.2); the calculation fails as a whole.</summary>
public sealed class DecimalRangeException(string why = "the result is out of range") : ArithmeticException($"Decimal arithmetic: {why}.");
