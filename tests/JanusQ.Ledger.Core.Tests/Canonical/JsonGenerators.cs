using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

/// <summary>Random JSON values, and random spellings of a value.</summary>
internal static class JsonGenerators
{
    private static readonly string[] Awkward =
    [
        "", "a", "ab", "b", "\0", "\u007f", "\u0080", "\ud7ff", "\ue000", "\uff21", "\uffff", "\U00010000", "\U0001F600", "\U0010FFFF",
            "\"", "\\",
        "/", "<", "é", "e\u0301", "\u2028", "\b\t\n\f\r\u001f", "\uff21a", "\U0001F600a",
    ];

    private static readonly double[] AwkwardReals =
    [
        0.0, -0.0, 1.0, -1.0, 0.1, 1e15, 1e16, 9007199254740993.0, 1e-4, 1e-5, 5e-324, double.MaxValue, double.MinValue,
            2.2250738585072014e-308,
        2.9802322387695312e-08, 123456789012345680.0, 100.0,
    ];

    public static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.OneOf(Awkward.Select(Gen.Const).ToArray())),
        (2, Gen.OneOf(Awkward.Select(Gen.Const).ToArray()).Array[0, 4].Select(string.Concat)),
        (3, Gen.String[Gen.Char['!', '~'], 0, 12]));

    public static readonly Gen<double> Real = Gen.Frequency(
        (1, Gen.OneOf(AwkwardReals.Select(Gen.Const).ToArray())),
        (2, Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite)),
        (1, Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 8], (digits, places) => digits / Math.Pow(10, places))));

    private static readonly Gen<JsonValue> Scalar = Gen.OneOf<JsonValue>(
        Gen.Const(JsonValue.Null),
        Gen.Bool.Select(truth => (JsonValue)truth),
        Gen.Long.Select(value => (JsonValue)value),
        Gen.Select(Gen.Long, Gen.Int[1, 200], (value, power) => (JsonValue)new JsonInteger(value * BigInteger.Pow(7, power))),
        Real.Select(value => (JsonValue)new JsonReal(value)),
        Text.Select(value => (JsonValue)value));

    public static readonly Gen<JsonValue> Value = Gen.Recursive<JsonValue>((depth, inner) => depth > 4
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (1, inner.Array[0, 5].Select(elements => (JsonValue)new JsonArray(elements.AsEnumerable()))),
            (2, Gen.Select(Text, inner).Array[0, 6].Select(Object)),
            (depth == 0 ? 1 : 0, Gen.Select(Text, Scalar).Array[20, 60].Select(Object))));

    private static JsonValue Object((string Name, JsonValue Value)[] members) =>
        new JsonObject(members.DistinctBy(member => member.Name)
            .Select(member => new KeyValuePair<string, JsonValue>(member.Name, member.Value)));

    /// <summary>
    /// Spells a value in a way that JSON allows, chosen by a seed: blanks, escapes, and other spellings of the same numbers.
    /// </summary>
    public static string Spell(JsonValue value, int seed)
    {
        var spelling = new StringBuilder();
        Spell(spelling, value, new Random(seed));
        return spelling.ToString();
    }

    private static void Spell(StringBuilder target, JsonValue value, Random choice)
    {
        Blank(target, choice);
        switch (value)
        {
            case JsonObject members:
                target.Append('{');
                for (var i = 0; i < members.Count; i++)
                {
                    if (i > 0) target.Append(',');
                    Blank(target, choice);
                    Spell(target, members.Members[i].Key, choice);
                    Blank(target, choice);
                    target.Append(':');
                    Spell(target, members.Members[i].Value, choice);
                }

                Blank(target, choice);
                target.Append('}');
                break;
            case JsonArray elements:
                target.Append('[');
                for (var i = 0; i < elements.Count; i++)
                {
                    if (i > 0) target.Append(',');
                    Spell(target, elements[i], choice);
                }

                Blank(target, choice);
                target.Append(']');
                break;
            case JsonText text:
                Spell(target, text.Value, choice);
                break;
            case JsonReal real:
                target.Append(Spell(real.Value, choice));
                break;
            case JsonInteger integer:
                target.Append(integer.Value.IsZero && choice.Next(2) == 0 ? "-0" : integer.Value.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                target.Append(value is JsonBoolean { Value: true } ? "true" : value is JsonBoolean ? "false" : "null");
                break;
        }

        Blank(target, choice);
    }

    private static void Spell(StringBuilder target, string text, Random choice)
    {
        target.Append('"');
        foreach (var c in text)
        {
            var shortEscape = "\"\\\b\f\n\r\t/".IndexOf(c, StringComparison.Ordinal);
            if (shortEscape >= 0 && choice.Next(2) == 0) target.Append('\\').Append("\"\\bfnrt/"[shortEscape]);
            else if (c < ' ' || c is '"' or '\\' || (!char.IsSurrogate(c) && choice.Next(3) == 0))
                target.Append("\\u").Append(((int)c).ToString(choice.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture));
            else target.Append(c);
        }

        target.Append('"');
    }

    /// <summary>The exact decimal expansion of a double, or seventeen digits of it, at a random exponent.</summary>
    private static string Spell(double value, Random choice)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0) return sign + new[] { "0.0", "0e0", "0.000E-400", "0E+999999999999999999999" }[choice.Next(4)];
        if (choice.Next(3) == 0) return CanonicalJson.Text(new JsonReal(value));
        var (digits, exponent) = choice.Next(2) == 0 ? ExactReal.Expansion(Math.Abs(value)) : Seventeen(Math.Abs(value));
        var shift = choice.Next(0, digits.Length);
        var whole = digits[..(shift + 1)];
        var rest = digits[(shift + 1)..];
        var written = exponent - shift;
        return sign + whole + (rest.Length > 0 ? "." + rest : choice.Next(2) == 0 ? ".0" : "")
            + (choice.Next(2) == 0 ? "e" : "E") + (written >= 0 && choice.Next(2) == 0 ? "+" : "")
                + written.ToString(CultureInfo.InvariantCulture);
    }

    private static (string Digits, int Exponent) Seventeen(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        return (text[..e].Replace(".", "", StringComparison.Ordinal), int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture));
    }

    private static void Blank(StringBuilder target, Random choice)
    {
        while (choice.Next(4) == 0) target.Append(" \t\n\r"[choice.Next(4)]);
    }
}
