using System.Reflection;
using System.Runtime.CompilerServices;
using JanusQ.Ledger.Client.Contracts;
using Microsoft.OpenApi;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using JsonValue = System.Text.Json.Nodes.JsonValue;

namespace JanusQ.Ledger.Server.Description;

/// <summary>
/// The schemas of what the ledger answers that is no contract of its own: documents of the ledger, as the command line writes them too,
/// and texts. Each becomes a component of the description as soon as something refers to it. Tests hold answers against them.
/// </summary>
/// <param name="document">The description.</param>
internal sealed partial class AnswerSchemas(OpenApiDocument document)
{
    /// <summary>The member with the sequence of an answer, where it has one.</summary>
    public const string SequenceMember = Reading.QueryAnswer.SequenceMember;

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>The schema of an answer, and an example of it from the file of its name; none where another shows it.</summary>
    /// <param name="name">Its name, the one of the method here.</param>
    public (OpenApiSchemaReference Schema, JsonNode? Example) Find(string name)
    {
        var schema = GetType().GetMethod(name, Own)!;
        return (One(schema.CreateDelegate<Func<OpenApiSchema>>(schema.IsStatic ? null : this), name: name), ExampleOf(name));
    }

    /// <summary>Whether an answer says up to which event it is complete.</summary>
    public bool SaysSequence(string name) => document.Components!.Schemas![name].Properties?.ContainsKey(SequenceMember) == true;

    /// <summary>Bytes of a media type.</summary>
    public static OpenApiSchema Bytes(string mediaType) =>
        new() { Type = JsonSchemaType.String, Format = "binary", ContentMediaType = mediaType };

    private static JsonNode? ExampleOf(string name)
    {
        using var file = typeof(AnswerSchemas).Assembly.GetManifestResourceStream($"Examples.{name}.json");
        return file is null ? null : JsonNode.Parse(file);
    }

    private OpenApiSchemaReference One(
        Func<OpenApiSchema> component, string? explanation = null, [CallerArgumentExpression(nameof(component))] string name = "") =>
        Refer(name, component, explanation);

    private OpenApiSchemaReference Refer(string name, Func<OpenApiSchema> component, string? explanation = null)
    {
        if (document.Components?.Schemas?.ContainsKey(name) != true) document.AddComponent(name, component());
        return new OpenApiSchemaReference(name, document) { Description = explanation };
    }

    private OpenApiSchema OneOrNull(
        Func<OpenApiSchema> component, string explanation, [CallerArgumentExpression(nameof(component))] string name = "") =>
        OrNull(explanation, One(component, name: name));

    private static OpenApiSchema OrNull(string explanation, IOpenApiSchema schema) =>
        new() { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, schema], Description = explanation };

    private OpenApiSchema Many(
        Func<OpenApiSchema> component, string explanation, [CallerArgumentExpression(nameof(component))] string name = "") =>
        Many(explanation, One(component, name: name));

    private static OpenApiSchema Many(string explanation, IOpenApiSchema item) =>
        new() { Type = JsonSchemaType.Array, Items = item, Description = explanation };

    /// <summary>An object with exactly these members; one whose name ends in a question mark may be left out.</summary>
    private static OpenApiSchema Object(string? explanation, params IEnumerable<(string Name, IOpenApiSchema Schema)> members)
    {
        var all = members.ToArray();
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = explanation,
            Required = all.Select(member => member.Name).Where(name => name[^1] != '?').ToHashSet(StringComparer.Ordinal),
            Properties = all.ToDictionary(member => member.Name.TrimEnd('?'), member => member.Schema, StringComparer.Ordinal),
            AdditionalPropertiesAllowed = false,
        };
    }

    private static (string, IOpenApiSchema) AsOf() =>
        (SequenceMember, Number("The answer is complete up to the event of this sequence."));

    private static (string, IOpenApiSchema) NextCursor() => ("next_cursor", OrNull(
        Text("The cursor of the next page; null if this is the last.", Reading.QueryForms.Cursor)));

    private static OpenApiSchema Text(string? explanation, string? pattern = null, string? format = null) =>
        new() { Type = JsonSchemaType.String, Description = explanation, Pattern = pattern, Format = format };

    private static OpenApiSchema Id(string? explanation) => Text(explanation, Forms.Id);

    private static OpenApiSchema Sha256(string? explanation = null) => Text(explanation, Forms.Sha256);

    private static OpenApiSchema CandidateId(string? explanation) => Text(explanation, Forms.CandidateId);

    private static OpenApiSchema Moment(string? explanation) => Text(explanation, format: "date-time");

    private static OpenApiSchema Target(string? explanation) => Word(explanation, "shadow", "paper", "live");

    private static OpenApiSchema Word(string? explanation, params IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => JsonValue.Create(word))], Description = explanation };

    private static OpenApiSchema Number(string? explanation = null, int least = 0, int? most = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = Spell(least),
        Maximum = most is { } value ? Spell(value) : null,
        Description = explanation,
    };

    private static OpenApiSchema Flag(string? explanation) => new() { Type = JsonSchemaType.Boolean, Description = explanation };

    private static OpenApiSchema Texts(string? explanation) => Many(explanation!, Text(null));

    private static OpenApiSchema Hashes(string explanation) => Many(explanation, Sha256(null));

    private static OpenApiSchema AnyValue(string explanation) => new() { Description = explanation };

    private static OpenApiSchema AnyObject(string? explanation) => new() { Type = JsonSchemaType.Object, Description = explanation };

    private static OpenApiSchema Counts(string explanation) =>
        new() { Type = JsonSchemaType.Object, AdditionalProperties = Number(least: 1), Description = explanation };

    private static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        schema.Enum?.Add(JsonNullSentinel.JsonNull);
        return schema;
    }

    private static string Spell(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
