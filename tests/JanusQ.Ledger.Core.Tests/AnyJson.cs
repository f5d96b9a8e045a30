using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests;

/// <summary>Random JSON values of all kinds and shapes.</summary>
internal static class AnyJson
{
    private static readonly Gen<string> Name = OneOf(
        "schema_version", "records", "rewards", "summary", "manifest_hash", "car", "event_id", "event_ts", "symbol", "action",
        "final_reward", "", "\u00e9", "\U0001F600");

    private static readonly Gen<JsonValue> Scalar = Gen.OneOf(
        Gen.Const(JsonValue.Null),
        Gen.Bool.Select(value => (JsonValue)value),
        Gen.Long.Select(value => (JsonValue)value),
        Gen.Double.Where(double.IsFinite).Select(value => (JsonValue)new JsonReal(value)),
        Gen.String[Gen.Char[' ', '~'], 0, 12].Select(value => (JsonValue)new JsonText(value)),
        OneOf("0", "-1", "1E+999999", "1E-999999", "0.0025", "NaN", "unmapped").Select(value => (JsonValue)new JsonText(value)));

    /// <summary>Any value, up to four levels deep.</summary>
    public static Gen<JsonValue> Value { get; } = Nested(4);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Gen<JsonValue> Nested(int depth)
    {
        if (depth == 0) return Scalar;
        var inner = Nested(depth - 1);
        return Gen.OneOf(
            Scalar,
            inner.Array[0, 4].Select(elements => (JsonValue)new JsonArray((IEnumerable<JsonValue>)elements)),
            Gen.Select(Name, inner).Array[0, 5].Select(members => (JsonValue)new JsonObject(
                members.DistinctBy(member => member.Item1).Select(
                    member => new KeyValuePair<string, JsonValue>(member.Item1, member.Item2)))));
    }
}
