using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Server.Errors;
using Microsoft.OpenApi;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Problems as the API's description shows them: the same documents that callers get.</summary>
internal static class DescribedProblem
{
    /// <summary>Name of the schema.</summary>
    public const string SchemaName = "Problem";

    private const string CorrelationId = "0af7651916cd43dd8448eb211c80319c";

    /// <summary>The schema.</summary>
    public static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457) with a stable type. Further members say what the problem is about.",
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "code", "correlation_id" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("The problem's type: urn:janusq:problem: and the code.", $"^{ProblemTypes.Prefix}[a-z0-9_]+$"),
            ["title"] = Text("The code in words.", null),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The status of the answer." },
            ["detail"] = Text("What is wrong, for people.", null),
            ["code"] = Text("What is wrong, for programs.", "^[a-z0-9_]+$"),
            ["field"] = Text("The member of the request that is wrong, where one is.", null),
            ["correlation_id"] = Text("What the request is known by in the server's logs and in recorded events.", null),
        },
        AdditionalPropertiesAllowed = true,
    };

    /// <summary>A problem by its code.</summary>
    public static JsonNode Example(string code)
    {
        var explanation = ReasonCatalogue.Find(code)?.Meanings[0].Explanation ?? Sentence(code);
        var bytes = FileJson.Bytes(Problem.DocumentOf(new Refusal(code, explanation), CorrelationId));
        return JsonNode.Parse(bytes)!;
    }

    private static string Sentence(string code)
    {
        var words = code.Replace('_', ' ');
        return $"{char.ToUpperInvariant(words[0])}{words[1..]}.";
    }

    private static OpenApiSchema Text(string description, string? pattern) =>
        new() { Type = JsonSchemaType.String, Description = description, Pattern = pattern };
}
