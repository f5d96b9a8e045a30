using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Conformance;

/// <summary>artifacts.md sections 1 to 3.</summary>
public class CanonicalFamilies
{
    private static readonly JsonValue Refused = JsonObject.Of(("error", true));

    [Fact]
    public void Canonical_json() => VectorFamily.Check("canonical-json", vector =>
    {
        var bytes = vector.Input["base64"] is JsonText encoded
            ? Convert.FromBase64String(encoded.Value)
            : Encoding.UTF8.GetBytes(VectorFamily.Text(vector.Input["text"]));
        if (!JsonValue.TryRead(bytes, out var value, out _)) return Refused;

        // The tape has a writer of its own, which must say the same.
        var tape = new JsonTape();
        tape.ReadDocument(bytes);
        var direct = new ByteBuffer();
        tape.Root.AppendCanonical(direct);
        Assert.Equal(CanonicalJson.Text(value), Encoding.ASCII.GetString(direct.Written));
        return JsonObject.Of(("canonical", CanonicalJson.Text(value)), ("sha256", CanonicalJson.Hash(value)));
    });

    [Fact]
    public void Float_text() => VectorFamily.Check("float-text", vector =>
        JsonValue.TryRead(Encoding.UTF8.GetBytes(VectorFamily.Text(vector.Input["token"])), out var value, out _)
            ? JsonObject.Of(("canonical", CanonicalJson.Text(value)))
            : Refused);

    [Fact]
    public void Decimals() => VectorFamily.Check("decimal", vector =>
    {
        try
        {
            var result = Evaluate(vector.Input);
            return result is null ? Refused : JsonObject.Of(("text", result));
        }
        catch (DecimalRangeException)
        {
            return Refused;
        }
    });

    private static string? Evaluate(JsonObject input)
    {
        if (!Decimal28.TryParse(VectorFamily.Text(input["a"]), out var a)) return null;
        Decimal28 b = default;
        if (input["b"] is JsonText second && !Decimal28.TryParse(second.Value, out b)) return null;
        var rounding = input["rounding"] is JsonText { Value: "down" } ? DecimalRounding.Down : DecimalRounding.HalfEven;
        return VectorFamily.Text(input["op"]) switch
        {
            "parse" => a.ToString(),
            "normalize_str" => a.ToArtifactText(),
            "add" => (a + b).ToString(),
            "sub" => (a - b).ToString(),
            "mul" => (a * b).ToString(),
            "div" => (a / b).ToString(),
            "cmp" => Decimal28.Compare(a, b).ToString(System.Globalization.CultureInfo.InvariantCulture),
            "min" => Decimal28.Min(a, b).ToString(),
            "max" => Decimal28.Max(a, b).ToString(),
            "neg" => (-a).ToString(),
            "abs" => Decimal28.Abs(a).ToString(),
            "sqrt" => Decimal28.Sqrt(a).ToString(),
            "square" => Decimal28.Square(a).ToString(),
            "quantize" => Decimal28.Quantize(a, b, rounding).ToString(),
            var unknown => throw new InvalidDataException($"The vectors name the operation '{unknown}', which is not known."),
        };
    }
}
