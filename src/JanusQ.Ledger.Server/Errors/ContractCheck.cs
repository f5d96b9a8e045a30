using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>
/// Compares a document with a contract before it is read: the serializer refuses nearly the same, but does not say which member is missing
/// nor what is expected, and takes null for an element.
/// </summary>
internal static class ContractCheck
{
    private const int LongestField = 200;

    /// <summary>The first place that is not as the contract says; none where all is.</summary>
    /// <param name="utf8">The document, JSON (RFC 8259) or not.</param>
    /// <param name="contract">The contract: objects, arrays, texts, whole numbers and truth values.</param>
    public static ContractFault? Find(ReadOnlySpan<byte> utf8, JsonTypeInfo contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        if (JsonForm.Find(utf8, contract.Options.MaxDepth) is { } broken) return broken;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = contract.Options.MaxDepth });
        reader.Read();
        return FindInValue(ref reader, contract, null, "");
    }

    private static ContractFault? FindInValue(ref Utf8JsonReader reader, JsonTypeInfo type, JsonPropertyInfo? member, string place)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return member is { IsSetNullable: true } ? null : Fault(place, ContractWords.Of(type, member));
        return (type.Kind, reader.TokenType) switch
        {
            (JsonTypeInfoKind.Object, JsonTokenType.StartObject) => FindInObject(ref reader, type, place),
            (JsonTypeInfoKind.Enumerable, JsonTokenType.StartArray) => FindInArray(ref reader, type, place),
            (JsonTypeInfoKind.None, JsonTokenType.String) when type.Type == typeof(string) =>
                TryGetText(ref reader, out _) ? null : Fault(place, "a text in whole Unicode characters"),
            (JsonTypeInfoKind.None, _) when IsValue(ref reader, Nullable.GetUnderlyingType(type.Type) ?? type.Type) => null,
            _ => Fault(place, ContractWords.Of(type, member)),
        };
    }

    private static ContractFault? FindInObject(ref Utf8JsonReader reader, JsonTypeInfo type, string place)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryGetText(ref reader, out var name)) return Fault(place, "names of members in whole Unicode characters");
            var at = At(place, name);
            if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } member)
                return Fault(at, $"no member of that name; known are {string.Join(", ", type.Properties.Select(known => known.Name))}");
            if (!seen.Add(name)) return Fault(at, "this member once");
            reader.Read();
            if (FindInValue(ref reader, type.Options.GetTypeInfo(member.PropertyType), member, at) is { } wrong) return wrong;
        }

        return FindMissing([.. type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name))], place);
    }

    private static ContractFault? FindInArray(ref Utf8JsonReader reader, JsonTypeInfo type, string place)
    {
        var element = type.Options.GetTypeInfo(type.ElementType!);
        for (var number = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; number++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{place}[{number}]");
            if (FindInValue(ref reader, element, null, at) is { } wrong) return wrong;
        }

        return null;
    }

    private static ContractFault? FindMissing(ImmutableArray<JsonPropertyInfo> missing, string place)
    {
        if (missing is not [var first, .. var others]) return null;
        var words = ContractWords.Of(first.Options.GetTypeInfo(first.PropertyType), first);
        var fields = missing.Select(member => At(place, member.Name)).ToImmutableArray();
        var all = others.IsEmpty ? "" : $", as are {string.Join(", ", fields[1..])}";
        return Fault(fields[0], $"{words}, and it is missing{all}") with { Missing = fields };
    }

    private static bool IsValue(ref Utf8JsonReader reader, Type type) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => type == typeof(bool),
        JsonTokenType.Number => (type == typeof(int) && reader.TryGetInt32(out _)) || (type == typeof(long) && reader.TryGetInt64(out _)),
        _ => false,
    };

    // What holds half a character is no text, though it may be well-formed JSON (RFC 8259 section 8.2).
    private static bool TryGetText(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            text = null;
        }

        return text is not null;
    }

    private static string At(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    // The name of a member that is not known is the caller's, of any length.
    private static ContractFault Fault(string place, string expectation)
    {
        var length = place.Length <= LongestField ? place.Length
            : char.IsHighSurrogate(place[LongestField - 1]) ? LongestField - 1
            : LongestField;
        return new ContractFault(length == 0 ? ContractFault.WholeBody : place[..length], expectation);
    }
}
