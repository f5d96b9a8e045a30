using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>
/// How the API's documents are written as JSON: snake case, nothing that is not declared, nothing twice, nothing left out.
/// </summary>
public static class ApiJson
{
    /// <summary>The settings, read only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the settings to options that somebody else owns.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 32;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
