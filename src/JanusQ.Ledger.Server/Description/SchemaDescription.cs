using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Says of a contract's members what the framework does not read by itself.</summary>
internal sealed class SchemaDescription : IOpenApiSchemaTransformer
{
    /// <inheritdoc />
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), false) ?? [];
        foreach (var allowed in attributes.OfType<AllowedValuesAttribute>())
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!))];
        if (ContractExamples.Find(context.JsonTypeInfo.Type) is { } example && context.JsonPropertyInfo is null)
            schema.Examples = [example];
        return Task.CompletedTask;
    }
}
