using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>A type of policy values (gates-and-policy.md section 2): how a value is read, written, described and published.</summary>
internal sealed class PolicyType<T>(string name, string expected, JsonObject schema, PolicyType<T>.Reader reader, Func<T, JsonValue> spell)
    where T : notnull
{
    /// <summary>Reads a valid value; false for every other.</summary>
    public delegate bool Reader(JsonValue value, [NotNullWhen(true)] out T? result);

    /// <summary>The type's name in the contract.</summary>
    public string Name { get; } = name;

    /// <summary>What is expected, for people.</summary>
    public string Expected { get; } = expected;

    /// <summary>The JSON Schema of valid values.</summary>
    public JsonObject Schema { get; } = schema;

    /// <summary>Reads a valid value.</summary>
    public bool TryRead(JsonValue value, [NotNullWhen(true)] out T? result) => reader(value, out result);

    /// <summary>The value as the effective policy shows it.</summary>
    public JsonValue Spell(T value) => spell(value);
}

/// <summary>The eight types of policy values.</summary>
internal static class PolicyTypes
{
    /// <summary>Some character that <see cref="CodePoints.Trim"/> keeps.</summary>
    public const string NotBlankPattern =
        "[^\\u0009-\\u000D\\u001C-\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";

    /// <summary>The JSON Schema of a decimal (artifacts.md 3.1); limits of the exponent cannot be said there.</summary>
    public static readonly JsonObject DecimalSchema = JsonObject.Of(("anyOf", new JsonArray(
    [
        JsonObject.Of(("type", "number")),
        JsonObject.Of(
            ("type", "string"),
            ("maxLength", Decimal28.MaxTextLength),
            ("pattern", "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$")),
    ])));

    private static readonly JsonObject TextSchema = JsonObject.Of(("type", "string"), ("pattern", NotBlankPattern));

    private static readonly JsonObject PathSchema = JsonObject.Of(
        ("type", "string"),
        ("pattern", "^(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*$"));

    private static readonly JsonObject TargetSchema =
        JsonObject.Of(("enum", JsonArray.OfTexts(PromotionTargets.All.Select(target => target.Name()))));

    public static readonly PolicyType<string> Text = new("string", "a string that is not blank", TextSchema, TryText, text => text);

    public static readonly PolicyType<Decimal28> Amount = new(
        "decimal", "a decimal: a number, or a text such as \"0.05\"", DecimalSchema, TryDecimal, value => value.ToString());

    public static readonly PolicyType<int> Int = new(
        "int",
        "an integer from -2147483648 to 2147483647",
        JsonObject.Of(("type", "integer"), ("minimum", int.MinValue), ("maximum", int.MaxValue)),
        TryInt,
        value => value);

    public static readonly PolicyType<bool> Bool = new(
        "bool", "true or false", JsonObject.Of(("type", "boolean")), TryBool, value => value);

    public static readonly PolicyType<ImmutableArray<string>> Texts = new(
        "strings", "an array of strings, none blank", ArrayOf(TextSchema), TryTexts, texts => JsonArray.OfTexts(texts));

    public static readonly PolicyType<ImmutableArray<PromotionTarget>> Targets = new(
        "targets",
        "an array of \"shadow\", \"paper\" and \"live\"",
        ArrayOf(TargetSchema),
        TryTargets,
        targets => JsonArray.OfTexts(targets.Select(target => target.Name())));

    public static readonly PolicyType<string> FilePath = new(
        "path", "a relative path such as \"gates/report.json\" (segments of A-Z a-z 0-9 . _ -, none of them . or ..)", PathSchema,
        TryPath, path => path);

    public static readonly PolicyType<ImmutableArray<string>> FilePaths = new(
        "paths", "an array of relative paths such as \"gates/report.json\"", ArrayOf(PathSchema), TryPaths,
        paths => JsonArray.OfTexts(paths));

    /// <summary>Whether a text is a path below the artifact root (B15): it cannot leave it, whatever the file system.</summary>
    public static bool IsPath(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] != '/')
            {
                if (!char.IsAsciiLetterOrDigit(text[at]) && text[at] is not ('.' or '_' or '-')) return false;
                continue;
            }

            if (text.AsSpan(start, at - start) is "" or "." or "..") return false;
            start = at + 1;
        }

        return true;
    }

    private static JsonObject ArrayOf(JsonObject items) => JsonObject.Of(("type", "array"), ("items", items));

    private static bool TryText(JsonValue value, [NotNullWhen(true)] out string? result)
    {
        result = value is JsonText text && !CodePoints.IsBlank(text.Value) ? text.Value : null;
        return result is not null;
    }

    private static bool TryPath(JsonValue value, [NotNullWhen(true)] out string? result)
    {
        result = value is JsonText text && IsPath(text.Value) ? text.Value : null;
        return result is not null;
    }

    private static bool TryDecimal(JsonValue value, out Decimal28 result) => Decimal28.TryRead(value, out result);

    private static bool TryInt(JsonValue value, out int result)
    {
        result = 0;
        if (!value.TryInteger(out var wide) || wide < int.MinValue || wide > int.MaxValue) return false;
        result = (int)wide;
        return true;
    }

    private static bool TryBool(JsonValue value, out bool result)
    {
        result = value.IsTrue();
        return value is JsonBoolean;
    }

    private static bool TryTexts(JsonValue value, out ImmutableArray<string> result) => TryAll(value, TryText, out result);

    private static bool TryPaths(JsonValue value, out ImmutableArray<string> result) => TryAll(value, TryPath, out result);

    private static bool TryTargets(JsonValue value, out ImmutableArray<PromotionTarget> result) =>
        TryAll(value, (JsonValue element, out PromotionTarget target) => PromotionTargets.TryRead(element, out target), out result);

    private static bool TryAll<TElement>(JsonValue value, PolicyType<TElement>.Reader reader, out ImmutableArray<TElement> result)
        where TElement : notnull
    {
        result = [];
        if (value is not JsonArray array) return false;
        var elements = ImmutableArray.CreateBuilder<TElement>(array.Count);
        foreach (var element in array.Elements)
        {
            if (!reader(element, out var read)) return false;
            elements.Add(read);
        }

        result = elements.MoveToImmutable();
        return true;
    }
}
