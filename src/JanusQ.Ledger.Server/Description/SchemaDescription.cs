using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Says of a contract's members what the framework does not read by itself.</summary>
internal sealed class SchemaDescription : IOpenApiSchemaTransformer
{
    /// <summary>Members of contracts that hold a document of the ledger.</summary>
    private static readonly Dictionary<Type, (string Member, Func<AnswerSchemas, IOpenApiSchema> Of)> Documents = new()
    {
        [typeof(PromotionResponse)] = ("decision", schemas => schemas.DataOf(typeof(PromotionDecided))),
        [typeof(PolicyResponse)] = ("policy", schemas => schemas.Find(nameof(AnswerSchemas.PolicyVersion)).Schema),
    };

    /// <inheritdoc />
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), false) ?? [];
        foreach (var allowed in attributes.OfType<AllowedValuesAttribute>())
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!))];
        if (ContractExamples.Find(context.JsonTypeInfo.Type) is { } example && context.JsonPropertyInfo is null)
            schema.Examples = [example];
        if (Documents.TryGetValue(context.JsonTypeInfo.Type, out var document))
            schema.Properties![document.Member] = document.Of(new AnswerSchemas(context.Document!));
        return Task.CompletedTask;
    }
}
