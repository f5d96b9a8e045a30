using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>What a contract expects somewhere, for people: by the type that stands there and the attributes of the member.</summary>
internal static class ContractWords
{
    /// <summary>A SHA-256.</summary>
    public const string Hash = "a SHA-256 of 64 lower-case hex digits";

    /// <summary>An instant.</summary>
    public const string Instant = "an instant with its offset, for instance 2026-02-25T06:00:00Z";

    /// <summary>A target.</summary>
    public const string Target = "shadow, paper or live";

    /// <summary>Says it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="member">The member; none for the whole document and for elements of an array.</param>
    public static string Of(JsonTypeInfo type, JsonPropertyInfo? member)
    {
        var attributes = member?.AttributeProvider?.GetCustomAttributes(inherit: false).OfType<Attribute>().ToArray() ?? [];
        var words = type.Kind switch
        {
            JsonTypeInfoKind.Object => "an object",
            JsonTypeInfoKind.Enumerable => ArrayOf(type, attributes),
            _ => ValueOf(Nullable.GetUnderlyingType(type.Type) ?? type.Type, attributes),
        };
        return member is { IsSetNullable: true } ? $"{words}, or null" : words;
    }

    private static string ArrayOf(JsonTypeInfo type, Attribute[] attributes)
    {
        var elements = type.ElementType == typeof(string) ? "texts" : "objects";
        return attributes.OfType<MaxLengthAttribute>().FirstOrDefault() is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"an array of at most {most.Length} {elements}")
            : $"an array of {elements}";
    }

    private static string ValueOf(Type type, Attribute[] attributes) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(string) ? attributes.Select(TextOf).OfType<string>().FirstOrDefault("a text")
        : attributes.OfType<RangeAttribute>().FirstOrDefault() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {range.Minimum} to {range.Maximum}")
            : "a whole number";

    private static string? TextOf(Attribute attribute) => attribute switch
    {
        RegularExpressionAttribute { Pattern: Forms.Id } => "24 lower-case hex digits",
        RegularExpressionAttribute { Pattern: Forms.Sha256 } => Hash,
        RegularExpressionAttribute { Pattern: Forms.Instant } => Instant,
        RegularExpressionAttribute { Pattern: var pattern } => $"a text of the form {pattern}",
        AllowedValuesAttribute { Values: [.. var first, var last] } => $"{string.Join(", ", first)} or {last}",
        StringLengthAttribute { MaximumLength: int.MaxValue, MinimumLength: var least } =>
            string.Create(CultureInfo.InvariantCulture, $"a text of at least {least} characters"),
        StringLengthAttribute { MinimumLength: var least, MaximumLength: var most } =>
            string.Create(CultureInfo.InvariantCulture, $"a text of {least} to {most} characters"),
        Base64StringAttribute => "bytes in base64",
        _ => null,
    };
}
