using System.Globalization;
using System.Numerics;

namespace JanusQ.Ledger.Core.Tests.Canonical;

/// <summary>
/// Doubles as exact rationals, after IEEE 754 and nothing else: the oracle for reading and writing reals. A finite positive double is
/// m × 2^e; the texts that read back as it are those between the midpoints to its neighbours, the midpoints too where m is even.
/// </summary>
internal static class ExactReal
{
    /// <summary>The exact decimal digits of a positive double, without trailing zeros, and the exponent of the first.</summary>
    public static (string Digits, int Exponent) Expansion(double value)
    {
        var (mantissa, exponent) = Parts(value);
        var places = Math.Max(0, -exponent);
        var digits = exponent >= 0 ? mantissa << exponent : mantissa * BigInteger.Pow(5, places);
        var text = digits.ToString(CultureInfo.InvariantCulture);
        return (text.TrimEnd('0'), text.Length - 1 - places);
    }

    /// <summary>The canonical spelling of a finite double by artifacts.md section 2, straight from its definition.</summary>
    public static string Canonical(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0) return sign + "0.0";
        var (digits, x) = Shortest(Math.Abs(value));
        if (x is < -4 or >= 16)
        {
            var rest = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{rest}e{(x < 0 ? '-' : '+')}{Math.Abs(x).ToString("00", CultureInfo.InvariantCulture)}";
        }

        if (x < 0) return sign + "0." + new string('0', -x - 1) + digits;
        if (digits.Length <= x + 1) return sign + digits.PadRight(x + 1, '0') + ".0";
        return sign + digits[..(x + 1)] + "." + digits[(x + 1)..];
    }

    /// <summary>The double nearest to digits × 10^exponent, ties to even; infinity above the range.</summary>
    public static double Nearest(BigInteger digits, int exponent)
    {
        if (digits.IsZero) return 0;
        var numerator = exponent >= 0 ? digits * BigInteger.Pow(10, exponent) : digits;
        var denominator = exponent >= 0 ? BigInteger.One : BigInteger.Pow(10, -exponent);

        // The binary exponent of the last mantissa bit: 53 bits, but never below the subnormals' 2^-1074.
        var e = Math.Max((int)(numerator.GetBitLength() - denominator.GetBitLength()) - 54, -1074);
        while (true)
        {
            var scaledNumerator = e < 0 ? numerator << -e : numerator;
            var scaledDenominator = e > 0 ? denominator << e : denominator;
            var mantissa = BigInteger.DivRem(scaledNumerator, scaledDenominator, out var rest);
            if (mantissa.GetBitLength() > 53)
            {
                e++;
                continue;
            }

            var half = (rest * 2).CompareTo(scaledDenominator);
            if (half > 0 || (half == 0 && !mantissa.IsEven)) mantissa++;
            if (mantissa.GetBitLength() > 53)
            {
                mantissa >>= 1;
                e++;
            }

            return mantissa.GetBitLength() + e > 1024 ? double.PositiveInfinity : Math.ScaleB((double)mantissa, e);
        }
    }

    private static (BigInteger Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var biased = (int)(bits >> 52) & 0x7FF;
        var fraction = bits & ((1L << 52) - 1);
        return biased == 0 ? (fraction, -1074) : (fraction | (1L << 52), biased - 1075);
    }

    private static (string Digits, int Exponent) Shortest(double value)
    {
        var (m, e) = Parts(value);
        var lowerIsNear = m == BigInteger.One << 52 && e > -1074;

        // All of value, lower and upper midpoint as integers over one denominator 2^k: value = v / 2^k.
        var scale = Math.Max(0, 2 - e);
        var v = m << (e + scale);
        var upper = v + (BigInteger.One << (e + scale - 1));
        var lower = v - (BigInteger.One << (e + scale - (lowerIsNear ? 2 : 1)));
        var one = BigInteger.One << scale;
        var inclusive = m.IsEven;
        for (var length = 1; ; length++)
        {
            var x = Expansion(value).Exponent;
            var places = length - 1 - x;
            var up = places >= 0 ? BigInteger.Pow(10, places) : BigInteger.One;
            var down = places >= 0 ? BigInteger.One : BigInteger.Pow(10, -places);
            var floor = BigInteger.Divide(v * up, one * down);
            BigInteger? best = null;
            var bestDistance = BigInteger.Zero;
            foreach (var candidate in new[] { floor, floor + 1 })
            {
                var at = candidate * one * down;
                var low = at.CompareTo(lower * up);
                var high = at.CompareTo(upper * up);
                if (inclusive ? low < 0 || high > 0 : low <= 0 || high >= 0) continue;
                var distance = BigInteger.Abs(at - (v * up));
                if (best is null || distance < bestDistance || (distance == bestDistance && candidate.IsEven)) (best,
                    bestDistance) = (candidate, distance);
            }

            if (best is not { } found || found.IsZero) continue;
            var text = found.ToString(CultureInfo.InvariantCulture);
            return (text.TrimEnd('0'), text.Length - 1 - places);
        }
    }
}
