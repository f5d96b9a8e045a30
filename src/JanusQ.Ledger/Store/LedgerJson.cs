using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Store;

/// <summary>
/// The JSON of events and snapshots: members in snake case, hashes as 64 lower-case hex digits, instants as instant text (artifacts.md
/// section 4), enums and decimals as texts; what follows from other members is not written. Reading is strict: a member that is missing,
/// unknown, null or of another type is an error.
/// </summary>
public static class LedgerJson
{
    /// <summary>The options, read only.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    /// <summary>A changeable copy of the options.</summary>
    public static JsonSerializerOptions Create() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
        MaxDepth = 64,

        // Nothing of this is ever put into a web page as it is; escapes beyond what JSON asks for only hide the text.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AllowWhatIsNotWritten } },
        Converters =
        {
            new Sha256HashConverter(),
            new InstantConverter(),
            new Decimal28Converter(),
            new DecimalConverter(),
            new ArtifactSetConverter(),
            new JsonValueConverter<JsonObject>(),
            new JsonValueConverter<JsonArray>(),
            new TextEnumConverter(),
        },
    };

    /// <summary>A member that may be null is not written where it is, so a constructor that takes it must not ask for it.</summary>
    private static void AllowWhatIsNotWritten(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
            if (member.AssociatedParameter is { IsNullable: true }) member.IsRequired = false;
    }

    private sealed class Sha256HashConverter : JsonConverter<Sha256Hash>
    {
        public override Sha256Hash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Sha256Hash.TryParse(reader.GetString(), out var hash)
                ? hash
                : throw new JsonException("A SHA-256 hash is a text of 64 lower-case hex digits.");

        public override void Write(Utf8JsonWriter writer, Sha256Hash value, JsonSerializerOptions options)
        {
            Span<byte> hex = stackalloc byte[Sha256Hash.Size * 2];
            Convert.TryToHexStringLower(value.Bytes, hex, out _);
            writer.WriteStringValue(hex);
        }
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return Instant.TryParse(text, out var value) && string.Equals(value.ToString(), text, StringComparison.Ordinal)
                ? value
                : throw new JsonException("An instant is a text such as 2026-01-05T14:30:00+00:00.");
        }

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class Decimal28Converter : JsonConverter<Decimal28>
    {
        public override Decimal28 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Decimal28.TryParse(reader.GetString()!, out var value)
                ? value
                : throw new JsonException("A decimal is a text such as \"1.50\".");

        public override void Write(Utf8JsonWriter writer, Decimal28 value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class DecimalConverter : JsonConverter<decimal>
    {
        private const System.Globalization.NumberStyles Form =
            System.Globalization.NumberStyles.AllowLeadingSign | System.Globalization.NumberStyles.AllowDecimalPoint;

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && decimal.TryParse(reader.GetString(), Form, System.Globalization.CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException("A decimal is a text such as \"1.50\".");

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private sealed class ArtifactSetConverter : JsonConverter<ArtifactSet>
    {
        public override ArtifactSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var artifacts = JsonSerializer.Deserialize<Artifact[]>(ref reader, options)
                ?? throw new JsonException("An artifact set is an array of artifacts.");
            return artifacts.Length == 0 ? ArtifactSet.Empty : ArtifactSet.Of(artifacts);
        }

        public override void Write(Utf8JsonWriter writer, ArtifactSet value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var artifact in value) JsonSerializer.Serialize(writer, artifact, options);
            writer.WriteEndArray();
        }
    }

    /// <summary>
    /// A JSON value as itself. A real is spelled with a point and without an exponent, because PostgreSQL's jsonb would else give back
    /// another number's type (<c>1e+22</c> comes back as an integer), and zero without a sign, because it would come back so.
    /// </summary>
    private sealed class JsonValueConverter<T> : JsonConverter<T>
        where T : JsonValue
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return JsonValue.TryRead(System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetRawText()), out var value, out _)
                && value is T typed
                ? typed
                : throw new JsonException($"A {typeof(T).Name} is expected.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => WriteValue(writer, value);

        private static void WriteValue(Utf8JsonWriter writer, JsonValue value)
        {
            switch (value)
            {
                case JsonObject members:
                    writer.WriteStartObject();
                    foreach (var (name, member) in members.Members)
                    {
                        writer.WritePropertyName(name);
                        WriteValue(writer, member);
                    }

                    writer.WriteEndObject();
                    break;
                case JsonArray elements:
                    writer.WriteStartArray();
                    foreach (var element in elements.Elements) WriteValue(writer, element);
                    writer.WriteEndArray();
                    break;
                case JsonText text:
                    writer.WriteStringValue(text.Value);
                    break;
                case JsonInteger integer:
                    writer.WriteRawValue(integer.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case JsonReal real:
                    writer.WriteRawValue(Plain(real.Value));
                    break;
                case JsonBoolean boolean:
                    writer.WriteBooleanValue(boolean.Value);
                    break;
                default:
                    writer.WriteNullValue();
                    break;
            }
        }

        private static string Plain(double value)
        {
            if (value == 0) return "0.0";
            var shortest = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
            if (exponentAt < 0) return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
            var exponent = int.Parse(shortest.AsSpan(exponentAt + 1), System.Globalization.CultureInfo.InvariantCulture);
            var sign = value < 0 ? "-" : "";
            var mantissa = shortest[sign.Length..exponentAt].Replace(".", "", StringComparison.Ordinal);
            return exponent < 0
                ? $"{sign}0.{new string('0', -exponent - 1)}{mantissa}"
                : $"{sign}{mantissa.PadRight(exponent + 1, '0')}.0";
        }
    }

    // Of another type than the serializer's own, which Marten replaces by one that writes names as they stand in the code.
    private sealed class TextEnumConverter : JsonConverterFactory
    {
        private static readonly JsonStringEnumConverter Texts = new(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            Texts.CreateConverter(typeToConvert, options);
    }
}
