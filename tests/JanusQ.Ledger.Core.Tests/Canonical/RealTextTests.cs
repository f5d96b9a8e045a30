using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class RealTextTests
{
    private static readonly Gen<double> Bits = Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite);

    [Fact]
    public void canonical_text_of_random_bits_is_the_shortest_and_reads_back_to_the_same_bits() => Bits.Sample(HoldsFor, iter: 20_000);

    [Fact]
    public void canonical_text_of_prices_is_the_shortest_and_reads_back() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Int[0, 12], (c, places) => c / Math.Pow(10, places))
            .Sample(HoldsFor, iter: 20_000);

    [Fact]
    public void every_power_of_two_and_its_neighbours_are_shortest_and_read_back()
    {
        for (var power = -1074; power <= 1023; power++)
        {
            var value = Math.ScaleB(1.0, power);
            HoldsFor(value);
            HoldsFor(double.BitIncrement(value));
            if (value > double.Epsilon) HoldsFor(double.BitDecrement(value));
        }
    }

    [Fact]
    public void every_power_of_ten_and_its_neighbours_are_shortest_and_read_back()
    {
        for (var power = -323; power <= 308; power++)
        {
            var value = double.Parse("1e" + power.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            HoldsFor(value);
            HoldsFor(-double.BitIncrement(value));
            HoldsFor(double.BitDecrement(value));
        }
    }

    [Fact]
    public void whole_numbers_around_the_limit_of_exactness_are_shortest_and_read_back()
    {
        for (var n = -2000; n <= 2000; n++)
        {
            HoldsFor((double)((1L << 53) + n));
            HoldsFor((double)((1L << 62) + (n * 512L)));
            HoldsFor(1e16 + (n * 2.0));
            HoldsFor(n / 1e4);
        }
    }

    [Fact]
    public void a_token_reads_to_the_nearest_double_with_ties_to_even() => Gen.Select(Bits, Gen.Int[-1, 1], Gen.Int[0, 60]).Sample(
        (bits, nudge, zeros) =>
        {
            // The midpoint to the next double, exactly, or a hair beside it: the hardest tokens there are.
            var value = Math.Abs(bits);
            if (value >= double.BitDecrement(double.MaxValue)) return;
            var (lowDigits, lowExponent) = Scaled(value);
            var (highDigits, highExponent) = Scaled(double.BitIncrement(value));
            var exponent = Math.Min(lowExponent, highExponent) - 1;
            var middle = ((lowDigits * BigInteger.Pow(10, lowExponent - exponent))
                + (highDigits * BigInteger.Pow(10, highExponent - exponent))) / 2;
            middle = (middle * BigInteger.Pow(10, zeros + 1)) + nudge;
            exponent -= zeros + 1;
            var token = $"{middle.ToString(CultureInfo.InvariantCulture)}e{exponent.ToString(CultureInfo.InvariantCulture)}";
            Assert.True(RealText.TryRead(Encoding.ASCII.GetBytes(token), out var read));
            Assert.Equal(BitConverter.DoubleToInt64Bits(ExactReal.Nearest(middle, exponent)), BitConverter.DoubleToInt64Bits(read));
        },
        iter: 2_000);

    [Fact]
    public void a_plain_token_of_any_length_reads_to_the_nearest_double_and_writes_its_shortest() =>
        Gen.Select(Gen.String[Gen.Char['0', '9'], 1, 40], Gen.String[Gen.Char['0', '9'], 1, 40], Gen.Bool).Sample(
            (whole, fraction, negative) =>
            {
                whole = whole.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
                var token = $"{(negative ? "-" : "")}{whole}.{fraction}";
                var nearest = ExactReal.Nearest(BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture), -fraction.Length);
                var expected = ExactReal.Canonical(negative ? -nearest : nearest);
                Assert.Equal(expected, CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes(token))));
                Assert.Equal(expected, ThroughTheTape(token));
            },
            iter: 20_000);

    [Theory]
    [InlineData("1.7976931348623158e308", "1.7976931348623157e+308")]
    [InlineData("1.79769313486231580793e308", "1.7976931348623157e+308")]
    [InlineData("-1.7976931348623158079372e308", "-1.7976931348623157e+308")]
    [InlineData("2.4703282292062327e-324", "0.0")]
    [InlineData("-2.4703282292062327e-324", "-0.0")]
    [InlineData("2.4703282292062328e-324", "5e-324")]
    [InlineData("1e-999999999999999999999999", "0.0")]
    [InlineData("0e999999999999999999999999", "0.0")]
    [InlineData("-0.0e-5", "-0.0")]
    [InlineData("100.123456789012345678", "100.12345678901235")]
    [InlineData("1E0", "1.0")]
    [InlineData("9999999999999999.0", "1e+16")]
    [InlineData("999999999999999.9", "999999999999999.9")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("0.00012", "0.00012")]
    public void tokens_at_the_edges(string token, string canonical)
    {
        Assert.Equal(canonical, CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes(token))));
        Assert.Equal(canonical, ThroughTheTape(token));
    }

    [Theory]
    [InlineData("1e309")]
    [InlineData("-1e309")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1.7976931348623158079373e308")]
    [InlineData("0.00001e314")]
    [InlineData("1e999999999999999999999")]
    public void a_token_beyond_the_range_of_doubles_is_refused(string token) =>
        Assert.Throws<JsonRejectedException>(() => JsonValue.Read(Encoding.ASCII.GetBytes(token)));

    [Fact]
    public void long_digit_strings_are_read_exactly_and_fast()
    {
        // One digit far behind the tie decides.
        var tie = "9007199254740993" + "." + new string('0', 100_000);
        Assert.Equal("9007199254740992.0", CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes(tie))));
        Assert.Equal("9007199254740994.0", CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes(tie + "1"))));
        Assert.Equal("1e+308", CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes("1" + new string('0', 308) + ".0"))));
        Assert.Throws<JsonRejectedException>(() => JsonValue.Read(Encoding.ASCII.GetBytes("1" + new string('0', 309) + ".0")));
        Assert.Equal("1.0", CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes("0." + new string('0', 100_000) + "1e100001"))));
    }

    private static (BigInteger Digits, int Exponent) Scaled(double value)
    {
        if (value == 0) return (BigInteger.Zero, 0);
        var (digits, exponent) = ExactReal.Expansion(value);
        return (BigInteger.Parse(digits, CultureInfo.InvariantCulture), exponent - digits.Length + 1);
    }

    private static string ThroughTheTape(string token)
    {
        var tape = new JsonTape();
        tape.ReadDocument(Encoding.ASCII.GetBytes(token));
        var buffer = new ByteBuffer();
        tape.Root.AppendCanonical(buffer);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    private static void HoldsFor(double value)
    {
        var text = CanonicalJson.Text(new JsonReal(value));
        Assert.Equal(ExactReal.Canonical(value), text);
        var read = Assert.IsType<JsonReal>(JsonValue.Read(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(read.Value));
        Assert.Equal(text, ThroughTheTape(text));
    }
}
