using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <summary>What is answered before a request has reached anything: without a body, on every path.</summary>
internal static class BareAnswers
{
    /// <summary>The statuses, each with the name of its component in the description.</summary>
    public static IEnumerable<(string Status, string Name)> All(OpenApiDocument document)
    {
        yield return Of(document, "414", "RequestLineTooLong", "The address is longer than the server takes. There is no body.");
        yield return Of(document, "431", "HeadersTooLarge", "The headers are more or larger than the server takes. There is no body.");
    }

    private static (string Status, string Name) Of(OpenApiDocument document, string status, string name, string explanation)
    {
        if (document.Components?.Responses?.ContainsKey(name) != true)
            document.AddComponent(name, new OpenApiResponse { Description = explanation });
        return (status, name);
    }
}
