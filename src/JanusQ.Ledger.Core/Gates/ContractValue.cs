using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>How values of documents are read by the rules (gates-and-policy.md section 1). A null reference is an absent member.</summary>
internal static class ContractValue
{
    /// <summary>What stands where text belongs and something else was found (B37).</summary>
    public const string InvalidText = "<invalid>";

    /// <summary>Absent or JSON null.</summary>
    public static bool IsNotGiven([NotNullWhen(false)] this JsonValue? value) => value is null or JsonNull;

    /// <summary>JSON <c>true</c> and nothing else (D11).</summary>
    public static bool IsTrue(this JsonValue? value) => value is JsonBoolean { Value: true };

    /// <summary>Anything but absent, null and <c>false</c> (B27).</summary>
    public static bool IsRaised(this JsonValue? value) => !value.IsNotGiven() && value is not JsonBoolean { Value: false };

    /// <summary>Text of x: a default where absent, empty for null, trimmed, <c>&lt;invalid&gt;</c> for anything that is no text.</summary>
    public static string TextOf(this JsonValue? value, string whenAbsent = "") => CodePoints.Trim(TextAsWritten(value, whenAbsent));

    /// <summary>Text of x as written: the same, not trimmed.</summary>
    public static string TextAsWritten(this JsonValue? value, string whenAbsent = "") => value switch
    {
        null => whenAbsent,
        JsonNull => "",
        JsonText text => text.Value,
        _ => InvalidText,
    };

    /// <summary>The trimmed text if this is a string that is not blank, else null.</summary>
    public static string? NonBlank(this JsonValue? value) =>
        value is JsonText text && CodePoints.Trim(text.Value) is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>Whether a text names something: neither empty nor junk.</summary>
    public static bool IsName(string text) => text.Length > 0 && text != InvalidText;

    /// <summary>Strings of x: the elements of an array that are strings, as written.</summary>
    public static IEnumerable<string> TextsOf(this JsonValue? value) =>
        value is JsonArray array ? array.Elements.OfType<JsonText>().Select(text => text.Value) : [];

    /// <summary>The object, or an empty one.</summary>
    public static JsonObject ObjectOrEmpty(this JsonValue? value) => value as JsonObject ?? JsonObject.Empty;

    /// <summary>An integer within signed 64 bits.</summary>
    public static bool TryInteger(this JsonValue? value, out long result)
    {
        result = 0;
        if (value is not JsonInteger integer || integer.Value < long.MinValue || integer.Value > long.MaxValue) return false;
        result = (long)integer.Value;
        return true;
    }

    /// <summary>The integer, or 0 for anything else (D5).</summary>
    public static long IntegerOrZero(this JsonValue? value) => value.TryInteger(out var result) ? result : 0;

    /// <summary>Whether a list of reasons says that something is wrong: neither absent, null nor the empty array (B19).</summary>
    public static bool HasReasons(this JsonValue? value) => !value.IsNotGiven() && value is not JsonArray { Count: 0 };

    /// <summary>Sorted by code point, each text once.</summary>
    public static string[] SortedUnique(IEnumerable<string> texts)
    {
        var sorted = texts.ToArray();
        if (sorted.Length < 2) return sorted;
        Array.Sort(sorted, CodePoints.Order);
        var kept = 1;
        for (var i = 1; i < sorted.Length; i++)
            if (!string.Equals(sorted[i], sorted[kept - 1], StringComparison.Ordinal)) sorted[kept++] = sorted[i];
        Array.Resize(ref sorted, kept);
        return sorted;
    }
}
