using System.Globalization;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>One place where two JSON values differ in their canonical form.</summary>
/// <param name="Path">Names and positions from the top, for instance <c>gates[3].status</c>; empty for the values themselves.</param>
/// <param name="Recorded">What the first value has there, or none.</param>
/// <param name="Derived">What the second value has there, or none.</param>
public sealed record JsonDifference(string Path, JsonValue? Recorded, JsonValue? Derived)
{
    /// <summary>
    /// Every place where two values differ, members in code point order; empty exactly if their canonical forms are the same. A null
    /// reference is a value that is not there.
    /// </summary>
    public static IReadOnlyList<JsonDifference> Between(JsonValue? recorded, JsonValue? derived)
    {
        var differences = new List<JsonDifference>();
        Compare("", recorded, derived, differences);
        return differences;
    }

    /// <summary>Members <c>path</c>, <c>recorded</c>, <c>derived</c>; a side that has nothing there is left out.</summary>
    public JsonObject ToJson()
    {
        var shown = JsonObject.Of(("path", Path));
        if (Recorded is not null) shown = shown.With("recorded", Recorded);
        return Derived is null ? shown : shown.With("derived", Derived);
    }

    private static void Compare(string path, JsonValue? recorded, JsonValue? derived, List<JsonDifference> differences)
    {
        switch (recorded, derived)
        {
            case (JsonObject left, JsonObject right):
                var names = left.Members.Concat(right.Members).Select(member => member.Key).Distinct(StringComparer.Ordinal);
                foreach (var name in names.Order(CodePoints.Order))
                    Compare(path.Length == 0 ? name : $"{path}.{name}", left[name], right[name], differences);
                break;
            case (JsonArray left, JsonArray right):
                for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
                {
                    var place = $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]";
                    Compare(place, i < left.Count ? left[i] : null, i < right.Count ? right[i] : null, differences);
                }

                break;
            default:
                if (!IsSame(recorded, derived)) differences.Add(new JsonDifference(path, recorded, derived));
                break;
        }
    }

    private static bool IsSame(JsonValue? recorded, JsonValue? derived)
    {
        if (recorded is null || derived is null) return recorded is null && derived is null;
        return recorded.Kind == derived.Kind
            && recorded.Kind is not (JsonKind.Array or JsonKind.Object)
            && CanonicalJson.Bytes(recorded).AsSpan().SequenceEqual(CanonicalJson.Bytes(derived));
    }
}
