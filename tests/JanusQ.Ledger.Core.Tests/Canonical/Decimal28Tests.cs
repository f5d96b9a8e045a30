using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class Decimal28Tests
{
    private static readonly Gen<BigInteger> Coefficient = Gen.Frequency(
        (3, Gen.Long[0, 99_999].Select(value => (BigInteger)value)),
        (4, Digits(1, 28)),
        (3, Digits(28, 28)),
        (3, Digits(29, 80)),
        (1, Gen.Const(BigInteger.Zero)),
        (1, Gen.Int[0, 45].Select(n => BigInteger.Pow(10, n))),
        (1, Gen.Int[1, 45].Select(n => BigInteger.Pow(10, n) - 1)),
        (1, Gen.Select(Digits(28, 28), Gen.Int[0, 12], (c, n) => ((c * 10) + 5) * BigInteger.Pow(10, n))),
        (1, Gen.Select(Digits(14, 20), c => c * c)),
        (1, Gen.Select(Gen.Int[0, 40], Gen.Int[0, 90], (fives, twos) => BigInteger.Pow(5, fives) << twos)));

    private static readonly Gen<DecimalOracle> Near =
        Gen.Select(Gen.Bool, Coefficient, Gen.Int[-60, 60], (negative, c, e) => new DecimalOracle(negative, c, e));

    /// <summary>Operands that meet in a tie: both have the same digits around the 28th.</summary>
    private static readonly Gen<(DecimalOracle, DecimalOracle)> Pair = Gen.Frequency(
        (6, Gen.Select(Near, Near)),
        (2, Gen.Select(Near, Gen.Int[-3, 3], (a, nudge) =>
            (a, a with { Coefficient = BigInteger.Abs(a.Coefficient + nudge), Negative = !a.Negative }))),
        (2, Gen.Select(Digits(28, 28), Gen.Int[-5, 5], Gen.OneOf(1, 5, 49, 50, 51, 499999, 500000, 500001), Gen.Bool,
            (c, e, low, negative) =>
            (new DecimalOracle(false, c, e), new DecimalOracle(negative, low, e - low.ToString(CultureInfo.InvariantCulture).Length)))));

    [Fact]
    public void addition_and_subtraction_are_the_oracles() => Pair.Sample(
        (a, b) =>
        {
            Same(() => DecimalOracle.Add(a, b), () => Of(a) + Of(b));
            Same(() => DecimalOracle.Subtract(a, b), () => Of(a) - Of(b));
        },
        iter: 30_000);

    [Fact]
    public void multiplication_is_the_oracles() =>
        Pair.Sample((a, b) => Same(() => DecimalOracle.Multiply(a, b), () => Of(a) * Of(b)), iter: 30_000);

    [Fact]
    public void division_is_the_oracles() =>
        Pair.Sample((a, b) => Same(() => DecimalOracle.Divide(a, b), () => Of(a) / Of(b)), iter: 30_000);

    [Fact]
    public void a_product_divided_by_a_factor_is_the_oracles() => Gen.Select(Near, Near).Sample(
        (a, b) =>
        {
            var product = new DecimalOracle(a.Negative != b.Negative, a.Coefficient * b.Coefficient, a.Exponent + b.Exponent);
            Same(() => DecimalOracle.Divide(product, b), () => Of(product) / Of(b));
        },
        iter: 10_000);

    [Fact]
    public void roots_and_squares_are_the_oracles() => Near.Sample(
        a =>
        {
            var positive = a with { Negative = a.IsZero && a.Negative };
            Same(() => DecimalOracle.SquareRoot(positive), () => Decimal28.Sqrt(Of(positive)));
            Same(() => DecimalOracle.SquareRoot(a), () => Decimal28.Sqrt(Of(a)));
            Same(() => DecimalOracle.Square(a), () => Decimal28.Square(Of(a)));
        },
        iter: 6_000);

    [Fact]
    public void squares_are_rounded_twice_through_31_digits()
    {
        // The lengths at which few digits are dropped the first time, so that the second rounding often meets a tie that the
        // first one made.
        Gen.Select(Digits(16, 18), Gen.Int[-9, 9]).Sample(
            (c, e) => Same(() => DecimalOracle.Square(new DecimalOracle(true, c, e)), () =>
                Decimal28.Square(Of(new DecimalOracle(true, c, e)))),
            iter: 40_000);
        var once = 0;
        Digits(28, 28).Sample(
            c =>
            {
                var a = Of(new DecimalOracle(false, c, 0));
                Same(() => DecimalOracle.Square(new DecimalOracle(false, c, 0)), () => Decimal28.Square(a));
                if (!a.IsZero && Decimal28.Compare(Decimal28.Square(a), a * a) != 0) Interlocked.Increment(ref once);
            },
            iter: 20_000);
        Assert.InRange(once, 1, 100);
    }

    [Fact]
    public void roots_of_exact_squares_and_of_ties_are_the_oracles() =>
        Gen.Select(Digits(1, 40), Gen.Int[-31, 31], Gen.Int[-1, 1], Gen.Int[0, 3]).Sample(
            (root, e, nudge, zeros) =>
            {
                var square = new DecimalOracle(false, BigInteger.Max((root * root * BigInteger.Pow(10, zeros)) + nudge, 0), e);
                Same(() => DecimalOracle.SquareRoot(square), () => Decimal28.Sqrt(Of(square)));
            },
            iter: 10_000);

    [Fact]
    public void negation_and_absolute_value_are_the_oracles() => Near.Sample(
        a =>
        {
            Same(() => DecimalOracle.Negate(a), () => -Of(a));
            Same(() => DecimalOracle.Absolute(a), () => Decimal28.Abs(Of(a)));
        },
        iter: 20_000);

    [Fact]
    public void quantization_is_the_oracles() => Gen.Select(Near, Gen.Int[-70, 70], Gen.Bool).Sample(
        (a, exponent, down) => Same(
            () => DecimalOracle.Quantize(a, exponent, down),
            () => Decimal28.Quantize(Of(a), Of(new DecimalOracle(true, 7, exponent)), down ? DecimalRounding.Down
                : DecimalRounding.HalfEven)),
        iter: 30_000);

    [Fact]
    public void quantization_of_ties_is_the_oracles() =>
        Gen.Select(Digits(1, 27), Gen.Int[1, 30], Gen.Int[-1, 1], Gen.Bool, Gen.Bool).Sample(
            (kept, places, nudge, negative, down) =>
            {
                var tie = new DecimalOracle(negative, (kept * BigInteger.Pow(10, places)) + (5 * BigInteger.Pow(10, places - 1)) + nudge,
                    -places);
                Same(() => DecimalOracle.Quantize(tie, 0, down), () =>
                    Decimal28.Quantize(Of(tie), Decimal28.One, down ? DecimalRounding.Down : DecimalRounding.HalfEven));
            },
            iter: 20_000);

    [Fact]
    public void comparison_is_by_exact_value_and_a_total_order() => Gen.Select(Near, Near, Near).Sample(
        (a, b, c) =>
        {
            var x = Of(a);
            var y = Of(b);
            var z = Of(c);
            Assert.Equal(Math.Sign(DecimalOracle.Compare(a, b)), Decimal28.Compare(x, y));
            Assert.Equal(-Decimal28.Compare(x, y), Decimal28.Compare(y, x));
            Assert.Equal(0, Decimal28.Compare(x, Of(a with { Coefficient = a.Coefficient * 1000, Exponent = a.Exponent - 3 })));
            if (x <= y && y <= z) Assert.True(x <= z);
            Assert.Equal(Decimal28.Compare(x, y) == 0, x <= y && x >= y);
            Assert.Equal(Decimal28.Compare(x, y) < 0, x < y);
            Assert.Equal(Decimal28.Compare(x, y) > 0, x > y);
        },
        iter: 20_000);

    [Fact]
    public void the_first_of_two_equals_is_minimum_and_maximum_and_nothing_is_rounded() => Gen.Select(Near, Near, Gen.Int[0, 3]).Sample(
        (a, b, zeros) =>
        {
            var other = a with { Coefficient = a.Coefficient * BigInteger.Pow(10, zeros), Exponent = a.Exponent - zeros };
            Assert.Equal(a.Plain(), Decimal28.Min(Of(a), Of(other)).ToString());
            Assert.Equal(other.Plain(), Decimal28.Max(Of(other), Of(a)).ToString());
            Assert.Equal((DecimalOracle.Compare(b, a) < 0 ? b : a).Plain(), Decimal28.Min(Of(a), Of(b)).ToString());
            Assert.Equal((DecimalOracle.Compare(b, a) > 0 ? b : a).Plain(), Decimal28.Max(Of(a), Of(b)).ToString());
        },
        iter: 10_000);

    [Fact]
    public void a_sum_starts_from_zero_and_finishes_after_each_addition() => Near.Array[0, 12].Sample(
        values => Same(
            () => values.Aggregate(DecimalOracle.Zero, DecimalOracle.Add),
            () => Decimal28.Sum(values.Select(Of).ToArray())),
        iter: 5_000);

    [Fact]
    public void texts_round_trip_and_keep_sign_exponent_and_every_digit() =>
        Gen.Select(Gen.Bool, Coefficient, Gen.Int[-999_900, 999_900]).Sample(
            (negative, c, e) =>
            {
                var expected = new DecimalOracle(negative, c, e);
                if (!expected.IsZero && Math.Abs(expected.Adjusted) > 999_999) return;
                var value = Decimal28.Of(
                    $"{(negative ? "-" : "+")}000{c.ToString(CultureInfo.InvariantCulture)}e{e.ToString(CultureInfo.InvariantCulture)}");
                Assert.Equal((negative, c, e), (value.IsNegative, value.Coefficient, value.Exponent));
                Assert.Equal(expected.Plain(), value.ToString());
                var again = Decimal28.Of(value.ToString());
                Assert.Equal((negative, c, e), (again.IsNegative, again.Coefficient, again.Exponent));
                Assert.Equal(expected.Artifact(), value.ToArtifactText());
                Assert.Equal(c.IsZero ? "0" : expected.Plain(), value.ToTextWithPlainZero());
            },
            iter: 20_000);

    [Fact]
    public void characters_and_bytes_are_read_alike() => Gen.Frequency(
        (3, Gen.String[Gen.OneOf("0123456789.eE+-".Select(Gen.Const).ToArray()), 0, 12]),
        (1, Gen.String[Gen.Char['\0', '\u0200'], 0, 6])).Sample(
        text =>
        {
            var accepted = Decimal28.TryParse(text, out var fromCharacters);
            Assert.Equal(System.Text.RegularExpressions.Regex.IsMatch(text, @"\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z")
                && InRange(text), accepted);
            Assert.Equal(accepted, Decimal28.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes));
            Assert.Equal(fromCharacters.ToString(), fromBytes.ToString());
            Assert.Equal(accepted, Decimal28.TryRead((JsonValue)text, out var fromJson));
            Assert.Equal(fromCharacters.ToString(), fromJson.ToString());
        },
        iter: 30_000);

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1_000")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-inf")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("e5")]
    [InlineData(".")]
    [InlineData("+.")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("1e5.0")]
    [InlineData("0x10")]
    [InlineData("\u0661")]
    [InlineData("\uff11")]
    [InlineData("1\0")]
    [InlineData("\u22121")]
    [InlineData("1e1000000")]
    [InlineData("10e999999")]
    [InlineData("0.1e-999999")]
    [InlineData("1e-1000000")]
    [InlineData("0e1000000")]
    [InlineData("0.0e-999999")]
    [InlineData("1e99999999999999999999999")]
    public void what_section_3_1_does_not_accept_is_no_decimal(string text) => Assert.False(Decimal28.TryParse(text, out _));

    [Theory]
    [InlineData("1.", "1")]
    [InlineData(".5", "0.5")]
    [InlineData("+5", "5")]
    [InlineData("-0.00", "-0.00")]
    [InlineData("0e999999", "0E+999999")]
    [InlineData("0.0e-999998", "0E-999999")]
    [InlineData("9.99e999999", "9.99E+999999")]
    [InlineData("0.001e1000002", "1E+999999")]
    [InlineData("1e-999999", "1E-999999")]
    [InlineData("1.e5", "1E+5")]
    public void what_section_3_1_accepts_is_read_exactly(string text, string plain) => Assert.Equal(plain, Decimal28.Of(text).ToString());

    [Fact]
    public void texts_have_up_to_five_thousand_characters()
    {
        Assert.True(Decimal28.TryParse(new string('1', 5000), out var longest));
        Assert.Equal(new string('1', 5000), longest.ToString());
        Assert.False(Decimal28.TryParse(new string('1', 5001), out _));
        Assert.False(Decimal28.TryParse(new string('0', 5001), out _));
    }

    [Theory]
    [InlineData("123", "123")]
    [InlineData("100", "1E+2")]
    [InlineData("1200.00", "1.2E+3")]
    [InlineData("-0.50", "-0.5")]
    [InlineData("-0.000", "0")]
    [InlineData("0E+5", "0")]
    [InlineData("99999999999999999999999999995", "1E+29")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1E-7")]
    public void artifact_texts(string text, string artifact) => Assert.Equal(artifact, Decimal28.Of(text).ToArtifactText());

    [Fact]
    public void the_decimal_of_a_real_is_that_of_its_canonical_token() => JsonGenerators.Real.Sample(
        real =>
        {
            var value = new JsonReal(real);
            var token = CanonicalJson.Text(value);
            var expected = Decimal28.Of(token);
            Assert.True(Decimal28.TryRead(value, out var fromTree));
            Assert.Equal((expected.ToString(), expected.Exponent), (fromTree.ToString(), fromTree.Exponent));
            var tape = new JsonTape();
            tape.ReadDocument(Encoding.ASCII.GetBytes(JsonGenerators.Spell(value, real.GetHashCode())));
            Assert.True(Decimal28.TryRead(tape.Root, out var fromTape));
            Assert.Equal((expected.ToString(), expected.Exponent), (fromTape.ToString(), fromTape.Exponent));
        },
        iter: 10_000);

    [Fact]
    public void the_decimal_of_an_integer_is_exact_on_tape_and_tree() => Gen.Select(Coefficient, Gen.Bool, Gen.Int[0, 3]).Sample(
        (c, negative, power) =>
        {
            var value = new JsonInteger((negative ? -c : c) * BigInteger.Pow(10, power * 17));
            var expected = value.Value.ToString(CultureInfo.InvariantCulture);
            Assert.True(Decimal28.TryRead(value, out var fromTree));
            Assert.Equal(expected, fromTree.ToString());
            var tape = new JsonTape();
            tape.ReadDocument(Encoding.ASCII.GetBytes(value.Value.IsZero ? "-0" : expected));
            Assert.True(Decimal28.TryRead(tape.Root, out var fromTape));
            Assert.Equal(expected, fromTape.ToString());
        },
        iter: 5_000);

    [Fact]
    public void booleans_null_arrays_and_objects_are_no_decimals()
    {
        foreach (var value in new JsonValue[] { JsonValue.Null, true, JsonArray.Empty,
            JsonObject.Empty }) Assert.False(Decimal28.TryRead(value, out _));
        Assert.False(Decimal28.TryRead((JsonValue?)null, out _));
    }

    [Fact]
    public void operands_that_are_remote_from_each_other_are_added_as_if_they_were_aligned() =>
        Gen.Select(Near, Near, Gen.Int[60, 400]).Sample(
            (a, b, distance) =>
            {
                var far = b with { Exponent = b.Exponent - distance };
                Same(() => DecimalOracle.Add(a, far), () => Of(a) + Of(far));
                Same(() => DecimalOracle.Subtract(far, a), () => Of(far) - Of(a));
                Assert.Equal(Math.Sign(DecimalOracle.Compare(a, far)), Decimal28.Compare(Of(a), Of(far)));
            },
            iter: 20_000);

    [Fact]
    public void a_remote_digit_turns_a_tie_and_breaks_a_power_of_ten()
    {
        const string Tie = "1234567890123456789012345678.5";
        Assert.Equal("1234567890123456789012345678", (Decimal28.Of(Tie) + Decimal28.Of("0E-999999")).ToString());
        Assert.Equal("1234567890123456789012345679", (Decimal28.Of(Tie) + Decimal28.Of("1E-999999")).ToString());
        Assert.Equal("1234567890123456789012345678", (Decimal28.Of(Tie) - Decimal28.Of("1E-999999")).ToString());
        Assert.Equal("1.000000000000000000000000000", (Decimal28.One - Decimal28.Of("1E-999999")).ToString());
        Assert.Equal("0.9999999999999999999999999999", (Decimal28.One - Decimal28.Of("1E-28")).ToString());
        Assert.Equal("9.999999999999999999999999999E+999999",
            (Decimal28.Of("9.999999999999999999999999999E+999999") + Decimal28.Of("1E-999999")).ToString());
    }

    [Fact]
    public void work_on_remote_exponents_is_bounded()
    {
        var huge = Decimal28.Of("1E+999999");
        var tiny = Decimal28.Of("1E-999999");
        var digits = Decimal28.Of("-" + new string('9', 4990) + "E-999999");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal("1.000000000000000000000000000E+999999", (huge + tiny).ToString());
            Assert.Equal("-1.000000000000000000000000000E+999999", (tiny - huge).ToString());
            Assert.Equal("1.000000000000000000000000000E+999999", (huge + digits).ToString());
            Assert.Equal(1, Decimal28.Compare(huge, tiny));
            Assert.Equal("1", (huge * tiny).ToString());
            Assert.Throws<DecimalRangeException>(() => huge / tiny);
            Assert.Throws<DecimalRangeException>(() => tiny / huge);
            Assert.Throws<DecimalRangeException>(() => huge * huge);
            Assert.Throws<DecimalRangeException>(() => Decimal28.Square(tiny));
            Assert.Throws<DecimalRangeException>(() => Decimal28.Quantize(huge, tiny, DecimalRounding.HalfEven));
            Assert.Equal("0E+999999", Decimal28.Quantize(tiny, huge, DecimalRounding.HalfEven).ToString());
            Assert.Equal("1E+999999", (huge + Decimal28.Of("0E+999999")).ToString());
            Assert.Equal("1.000000000000000000000000000E+999999", (huge + Decimal28.Of("0E-999999")).ToString());
        }

        // To align the operands would take a megabyte for each of the thirteen thousand operations.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256L << 20);
    }

    [Fact]
    public void results_outside_the_range_are_errors_and_zeros_are_clamped()
    {
        Assert.Throws<DecimalRangeException>(() => Decimal28.Of("9E+999999") + Decimal28.Of("1E+999999"));
        Assert.Throws<DecimalRangeException>(() => -Decimal28.Of("9.9999999999999999999999999999E+999999"));
        Assert.Throws<DecimalRangeException>(() => Decimal28.Of("9.9999999999999999999999999999E+999999").ToArtifactText());
        Assert.Throws<DecimalRangeException>(() => Decimal28.Of("1.1E-999999") - Decimal28.Of("1E-999999"));
        Assert.Throws<DecimalRangeException>(() => Decimal28.One / Decimal28.Of("-0.00"));
        Assert.Throws<DecimalRangeException>(() => Decimal28.Sqrt(Decimal28.Of("-1")));
        Assert.Equal("0E+999999", (Decimal28.Of("0E+999999") * Decimal28.Of("0E+999999")).ToString());
        Assert.Equal("-0E-1000026", (Decimal28.Of("0E-999999") * Decimal28.Of("-0E-999999")).ToString());
        Assert.Equal("-0E-1000026", (Decimal28.Of("-0E-999999") / Decimal28.Of("1E+999999")).ToString());
        Assert.Equal("-0E-500000", Decimal28.Sqrt(Decimal28.Of("-0E-999999")).ToString());
    }

    private static Gen<BigInteger> Digits(int from, int to) =>
        Gen.String[Gen.Char['0', '9'], from, to].Select(text => BigInteger.Parse(text, CultureInfo.InvariantCulture));

    private static bool InRange(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var mantissa = (e < 0 ? text : text[..e]).TrimStart('+', '-');
        var exponent = e < 0 ? 0 : BigInteger.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length;
        return BigInteger.Abs(exponent + Math.Max(0, digits - 1)) <= 999_999;
    }

    private static Decimal28 Of(DecimalOracle value) => Decimal28.Of(
        string.Create(CultureInfo.InvariantCulture, $"{(value.Negative ? "-" : "")}{value.Coefficient}E{value.Exponent}"));

    private static void Same(Func<DecimalOracle> expected, Func<Decimal28> actual)
    {
        string? wanted;
        try
        {
            wanted = expected().Plain();
        }
        catch (ArithmeticException)
        {
            wanted = null;
        }

        if (wanted is null) Assert.Throws<DecimalRangeException>(() => actual());
        else Assert.Equal(wanted, actual().ToString());
    }
}
