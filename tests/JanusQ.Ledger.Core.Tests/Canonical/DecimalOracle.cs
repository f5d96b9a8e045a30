using System.Globalization;
using System.Numerics;

namespace JanusQ.Ledger.Core.Tests.Canonical;

/// <summary>
/// Section 3.2 of artifacts.md over plain big integers, operation by operation as the table has it: form the exact result, then finish.
/// Nothing is bounded here, so operands' exponents must be near each other.
/// </summary>
internal sealed record DecimalOracle(bool Negative, BigInteger Coefficient, int Exponent)
{
    public static readonly DecimalOracle Zero = new(false, BigInteger.Zero, 0);

    private const int Precision = 28;
    private const int Limit = 999_999;

    public bool IsZero => Coefficient.IsZero;

    public int Digits => Coefficient.ToString(CultureInfo.InvariantCulture).Length;

    public int Adjusted => Exponent + Digits - 1;

    private BigInteger Signed => Negative ? -Coefficient : Coefficient;

    public DecimalOracle Finish()
    {
        if (IsZero) return this with { Exponent = Math.Clamp(Exponent, -1_000_026, Limit) };
        var result = Rounded(Precision);
        return Math.Abs(result.Adjusted) <= Limit ? result : throw new ArithmeticException();
    }

    public static DecimalOracle Add(DecimalOracle a, DecimalOracle b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        var sum = (a.Signed * Ten(a.Exponent - exponent)) + (b.Signed * Ten(b.Exponent - exponent));
        return new DecimalOracle(sum.IsZero ? a.Negative && b.Negative : sum.Sign < 0, BigInteger.Abs(sum), exponent).Finish();
    }

    public static DecimalOracle Subtract(DecimalOracle a, DecimalOracle b) => Add(a, b with { Negative = !b.Negative });

    public static DecimalOracle Multiply(DecimalOracle a, DecimalOracle b) =>
        new DecimalOracle(a.Negative != b.Negative, a.Coefficient * b.Coefficient, a.Exponent + b.Exponent).Finish();

    public static DecimalOracle Divide(DecimalOracle a, DecimalOracle b)
    {
        if (b.IsZero) throw new ArithmeticException();
        var negative = a.Negative != b.Negative;
        var ideal = a.Exponent - b.Exponent;
        if (a.IsZero) return new DecimalOracle(negative, BigInteger.Zero, ideal).Finish();

        // The quotient is a terminating decimal exactly where the reduced denominator has no primes but 2 and 5.
        var common = BigInteger.GreatestCommonDivisor(a.Coefficient, b.Coefficient);
        var numerator = a.Coefficient / common;
        var denominator = b.Coefficient / common;
        var rest = denominator;
        var places = 0;
        while (rest % 10 == 0) (rest, places) = (rest / 10, places + 1);
        var pure = true;
        while (rest > 1 && pure)
        {
            pure = rest % 2 == 0 || rest % 5 == 0;
            if (pure) (rest, places) = (rest / (rest % 2 == 0 ? 2 : 5), places + 1);
        }

        if (pure)
        {
            var exact = new DecimalOracle(negative, numerator * Ten(places) / denominator, ideal - places).Nearest(ideal);
            if (exact is not null) return exact.Finish();
        }

        return Scaled(negative, numerator, denominator, ideal).Finish();
    }

    public static DecimalOracle SquareRoot(DecimalOracle a)
    {
        var ideal = (int)Math.Floor(a.Exponent / 2.0);
        if (a.IsZero) return a with { Exponent = ideal };
        if (a.Negative) throw new ArithmeticException();
        var even = a.Exponent % 2 == 0 ? a : a with { Coefficient = a.Coefficient * 10, Exponent = a.Exponent - 1 };
        var whole = Root(even.Coefficient);
        if (whole * whole == even.Coefficient)
        {
            var exact = new DecimalOracle(false, whole, even.Exponent / 2).Nearest(ideal);
            if (exact is not null) return exact.Finish();
        }

        // Far more digits of the root than are kept, and a last digit that tells an inexact root from a tie.
        var widened = even.Coefficient * Ten(200);
        var root = Root(widened);
        var sticky = root * root == widened ? 0 : 1;
        return new DecimalOracle(false, (root * 10) + sticky, (even.Exponent / 2) - 101).Finish();
    }

    public static DecimalOracle Square(DecimalOracle a) =>
        a.IsZero ? Zero : new DecimalOracle(false, a.Coefficient * a.Coefficient, a.Exponent * 2).Rounded(31).Finish();

    public static DecimalOracle Negate(DecimalOracle a) => (a with { Negative = !a.IsZero && !a.Negative }).Finish();

    public static DecimalOracle Absolute(DecimalOracle a) => (a with { Negative = false }).Finish();

    public static int Compare(DecimalOracle a, DecimalOracle b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return (a.Signed * Ten(a.Exponent - exponent)).CompareTo(b.Signed * Ten(b.Exponent - exponent));
    }

    public static DecimalOracle Quantize(DecimalOracle a, int exponent, bool down)
    {
        if (exponent is < -1_000_026 or > Limit) throw new ArithmeticException();
        var shift = a.Exponent - exponent;
        var coefficient = shift >= 0 ? a.Coefficient * Ten(shift) : RoundAway(a.Coefficient, Ten(-shift), down);
        var result = new DecimalOracle(a.Negative, coefficient, exponent);
        if (!result.IsZero && (result.Digits > Precision || Math.Abs(result.Adjusted) > Limit)) throw new ArithmeticException();
        return result;
    }

    /// <summary>The plain text of section 3.1.</summary>
    public string Plain()
    {
        var digits = Coefficient.ToString(CultureInfo.InvariantCulture);
        var sign = Negative ? "-" : "";
        if (Exponent > 0 || Adjusted < -6)
        {
            var rest = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{rest}E{(Adjusted < 0 ? "-" : "+")}{Math.Abs(Adjusted).ToString(CultureInfo.InvariantCulture)}";
        }

        if (Exponent == 0) return sign + digits;
        digits = digits.PadLeft(1 - Exponent, '0');
        return $"{sign}{digits[..^-Exponent]}.{digits[^-Exponent..]}";
    }

    /// <summary>The artifact text of section 3.1.</summary>
    public string Artifact()
    {
        if (IsZero) return "0";
        var finished = Finish();
        while (finished.Coefficient % 10 == 0) finished = finished with
        {
            Coefficient = finished.Coefficient / 10,
            Exponent = finished.Exponent + 1
        };
        return finished.Plain();
    }

    /// <summary>
    /// The same exact value with at most 28 digits and the exponent nearest to <paramref name="ideal"/>; null if there is none.
    /// </summary>
    private DecimalOracle? Nearest(int ideal)
    {
        var shortest = this;
        while (shortest.Coefficient % 10 == 0) shortest = shortest with
        {
            Coefficient = shortest.Coefficient / 10,
            Exponent = shortest.Exponent + 1
        };
        if (shortest.Digits > Precision) return null;
        while (shortest.Exponent > ideal && shortest.Digits < Precision)
            shortest = shortest with { Coefficient = shortest.Coefficient * 10, Exponent = shortest.Exponent - 1 };
        return shortest;
    }

    private static DecimalOracle Scaled(bool negative, BigInteger numerator, BigInteger denominator, int exponent)
    {
        const int More = 200;
        var quotient = BigInteger.DivRem(numerator * Ten(More), denominator, out var rest);
        return new DecimalOracle(negative, (quotient * 10) + (rest.IsZero ? 0 : 1), exponent - More - 1);
    }

    private DecimalOracle Rounded(int precision)
    {
        var drop = Digits - precision;
        if (drop <= 0) return this;
        var result = this with { Coefficient = RoundAway(Coefficient, Ten(drop), false), Exponent = Exponent + drop };
        return result.Digits > precision ? result with { Coefficient = result.Coefficient / 10, Exponent = result.Exponent + 1 } : result;
    }

    private static BigInteger RoundAway(BigInteger value, BigInteger unit, bool down)
    {
        var kept = BigInteger.DivRem(value, unit, out var rest);
        if (down) return kept;
        var half = (rest * 2).CompareTo(unit);
        return half > 0 || (half == 0 && !kept.IsEven) ? kept + 1 : kept;
    }

    private static BigInteger Root(BigInteger value)
    {
        // Bit by bit: slow and beyond doubt.
        var root = BigInteger.Zero;
        for (var bit = (int)((value.GetBitLength() + 1) / 2); bit >= 0; bit--)
        {
            var candidate = root | (BigInteger.One << bit);
            if (candidate * candidate <= value) root = candidate;
        }

        return root;
    }

    private static BigInteger Ten(int exponent) => BigInteger.Pow(10, exponent);
}
