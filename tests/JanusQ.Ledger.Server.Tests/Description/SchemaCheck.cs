using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>Compares a document with a schema, as far as the API's schemas go.</summary>
internal static class SchemaCheck
{
    public static JsonObject Resolve(JsonNode schema, JsonObject schemas)
    {
        while ((string?)schema["$ref"] is { } reference) schema = schemas[reference.Split('/')[^1]]!;
        return schema.AsObject();
    }

    /// <summary>Everything in which it differs.</summary>
    public static IEnumerable<string> Find(JsonNode schemaOrReference, JsonNode? value, JsonObject schemas, string place)
    {
        var schema = Resolve(schemaOrReference, schemas);
        if (schema["oneOf"] is JsonArray choices)
        {
            if (!choices.Any(choice => !Find(choice!, value, schemas, place).Any())) yield return $"{place} is none of the choices";
            yield break;
        }

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
        if (TypeOf(value) == "string" && (string?)schema["pattern"] is { } pattern && !Regex.IsMatch((string)value!, pattern))
            yield return $"{place} does not match {pattern}";
        if (value is JsonArray items && schema["items"] is { } item)
            foreach (var wrong in items.SelectMany((one, index) => Find(item, one, schemas, $"{place}[{index}]"))) yield return wrong;
        if (value is not JsonObject members) yield break;
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var required in schema["required"] as JsonArray ?? [])
            if (!members.ContainsKey((string)required!)) yield return $"{place}.{required} is missing";
        foreach (var (name, member) in members)
        {
            if (properties[name] is { } property)
                foreach (var wrong in Find(property, member, schemas, $"{place}.{name}")) yield return wrong;
            else if (schema["additionalProperties"] is JsonValue allowed && !(bool)allowed) yield return $"{place}.{name} is not declared";
        }
    }

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
