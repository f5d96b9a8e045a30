using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Says what the API is as a whole, in an order that depends on nothing but its names.</summary>
internal sealed class DocumentDescription : IOpenApiDocumentTransformer
{
    /// <summary>Name of the security scheme.</summary>
    public const string Bearer = "bearer";

    /// <inheritdoc />
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "JanusQ Ledger",
            Version = typeof(DocumentDescription).Assembly.GetName().Version!.ToString(3),
            Description =
                "Evidence in, verdict derived, everything replayable. Every request may be sent again: the same content gets the same "
                + "answer (but each request for an API key makes another). "
                + "What is refused is told as problem details with a stable type: also a path that there is not (404 not_found) and a "
                + "method that a path does not have (405 method_not_allowed). An instant without an offset is one of UTC, a day alone "
                + "its beginning.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key (jq_...), or a token of the issuer that the server trusts.",
            },
        };
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal)) paths[path] = item;
        document.Paths = paths;
        if (document.Components.Schemas is { } schemas)
        {
            // What endpoints return in the language is not what they answer.
            schemas.Remove(nameof(IResult));
            document.Components.Schemas = Sorted(schemas);
        }

        document.Components.Headers = Sorted(document.Components.Headers);
        document.Components.Responses = Sorted(document.Components.Responses);
        document.Tags = new SortedSet<OpenApiTag>(
            (document.Tags ?? new HashSet<OpenApiTag>()).Where(tag => paths.Values.Any(item => item.Operations!.Values.Any(
                operation => operation.Tags?.Any(reference => reference.Name == tag.Name) ?? false))),
            Comparer<OpenApiTag>.Create((one, other) => string.CompareOrdinal(one.Name, other.Name)));
        return Task.CompletedTask;
    }

    private static Dictionary<string, T>? Sorted<T>(IDictionary<string, T>? components) =>
        components?.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
}
