using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>Compares a document with a schema, as far as the API's schemas go: what it does not know of a schema it says.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Known =
    [
        "$ref", "additionalProperties", "allOf", "anyOf", "contentMediaType", "description", "enum", "examples", "format", "items",
        "maximum", "maxItems", "maxLength", "minimum", "minLength", "oneOf", "pattern", "properties", "required", "type",
    ];

    public static JsonObject Resolve(JsonNode schema, JsonObject schemas)
    {
        while ((string?)schema["$ref"] is { } reference) schema = schemas[reference.Split('/')[^1]]!;
        return schema.AsObject();
    }

    /// <summary>Everything in which it differs.</summary>
    public static IEnumerable<string> Find(JsonNode schemaOrReference, JsonNode? value, JsonObject schemas, string place)
    {
        var schema = Resolve(schemaOrReference, schemas);
        IEnumerable<string> Under(JsonNode? one) => Find(one!, value, schemas, place);
        return schema.Select(one => one.Key).Except(Known, StringComparer.Ordinal).Select(keyword => $"{place}: nobody checks {keyword}")
            .Concat(OfValue(schema, value, place))
            .Concat(schema["allOf"] is JsonArray all ? all.SelectMany(Under) : [])
            .Concat(OfChoice(schema["anyOf"] as JsonArray, Under, fitting => fitting > 0, place))
            .Concat(OfChoice(schema["oneOf"] as JsonArray, Under, fitting => fitting == 1, place))
            .Concat(value is JsonArray items && schema["items"] is { } item
                ? items.SelectMany((one, index) => Find(item, one, schemas, $"{place}[{index}]")) : [])
            .Concat(value is JsonObject members ? OfMembers(schema, members, schemas, place) : []);
    }

    private static IEnumerable<string> OfChoice(
        JsonArray? choices, Func<JsonNode?, IEnumerable<string>> find, Func<int, bool> suffices, string place)
    {
        if (choices is null) yield break;
        var found = choices.Select(choice => find(choice).ToArray()).ToArray();
        if (suffices(found.Count(wrong => wrong.Length == 0))) yield break;
        yield return $"{place} is not as one of the choices says ({string.Join("; ", found.MinBy(wrong => wrong.Length)!)})";
    }

    private static IEnumerable<string> OfValue(JsonObject schema, JsonNode? value, string place)
    {
        var types = schema["type"] switch
        {
            JsonArray many => many.Select(one => (string)one!).ToArray(),
            JsonValue one => [(string)one!],
            _ => [],
        };
        if (types.Length > 0 && !types.Contains(TypeOf(value)))
            yield return $"{place} is {TypeOf(value)}, not {string.Join(" or ", types)}";
        if (schema["enum"] is JsonArray all && !all.Any(one => JsonNode.DeepEquals(one, value)))
            yield return $"{place} is no value of the enumeration";
        if (TypeOf(value) == "string")
            foreach (var wrong in OfText(schema, (string)value!)) yield return $"{place} {wrong}";
        if (TypeOf(value) is "integer" or "number" && !IsBetween((decimal)value!, schema["minimum"], schema["maximum"]))
            yield return $"{place} is out of bounds";
        if (value is JsonArray items && !IsBetween(items.Count, null, schema["maxItems"])) yield return $"{place} has too many items";
    }

    private static IEnumerable<string> OfText(JsonObject schema, string text)
    {
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern)) yield return $"does not match {pattern}";
        if (!IsBetween(text.Length, schema["minLength"], schema["maxLength"])) yield return "is too short or too long";
        var isOfFormat = (string?)schema["format"] switch
        {
            "date-time" => text.Contains('T', StringComparison.Ordinal)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var _),
            "uuid" => Guid.TryParseExact(text, "D", out var _),
            "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out var _),
            null or "binary" => true,
            var other => throw new NotSupportedException($"Nobody checks the format {other}."),
        };
        if (!isOfFormat) yield return $"is no {schema["format"]}";
    }

    private static IEnumerable<string> OfMembers(JsonObject schema, JsonObject members, JsonObject schemas, string place)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var required in schema["required"] as JsonArray ?? [])
            if (!members.ContainsKey((string)required!)) yield return $"{place}.{required} is missing";
        foreach (var (name, member) in members)
        {
            if ((properties[name] ?? schema["additionalProperties"] as JsonObject) is { } property)
                foreach (var wrong in Find(property, member, schemas, $"{place}.{name}")) yield return wrong;
            else if (schema["additionalProperties"] is JsonValue allowed && !(bool)allowed) yield return $"{place}.{name} is not declared";
        }
    }

    private static bool IsBetween(decimal number, JsonNode? least, JsonNode? most) =>
        (least is null || number >= (decimal)least) && (most is null || number <= (decimal)most);

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}
