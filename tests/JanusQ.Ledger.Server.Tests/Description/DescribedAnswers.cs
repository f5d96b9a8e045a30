using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>
/// Holds every answer that a client of a test gets against the description that is checked in: its status, its headers, its media type,
/// and the whole of its body where that is JSON or a text.
/// </summary>
/// <param name="seen">Hears of every operation and status.</param>
internal sealed class DescribedAnswers(ConcurrentDictionary<string, int> seen) : DelegatingHandler(new HttpClientHandler())
{
    private static readonly JsonObject Description =
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "docs", "openapi.json")))!.AsObject();

    private static readonly JsonObject Components = Description["components"]!.AsObject();

    private static readonly string[] Headers = [.. DescribedHeaders()];

    // Those with the fewest parameters first: what is a word in one path is no parameter of another.
    private static readonly (string Name, Regex Path, JsonObject Answers)[] Operations =
    [
        .. DescriptionTests.OperationsOf(Description)
            .OrderBy(one => one.Path.Count(c => c == '{'))
            .Select(one => (
                $"{one.Method} {one.Path}",
                new Regex($"^{one.Method.ToUpperInvariant()} {PatternOf(one.Path)}$"),
                one.Operation["responses"]!.AsObject())),
    ];

    /// <summary>All operations, as they are heard of.</summary>
    public static IEnumerable<string> Names => Operations.Select(one => one.Name);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var asked = $"{request.Method.Method.ToUpperInvariant()} {request.RequestUri!.AbsolutePath}";
        if (Operations.FirstOrDefault(one => one.Path.IsMatch(asked)) is not { Answers: { } answers } operation) return answer;
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        seen.AddOrUpdate($"{operation.Name} {status}", 1, (_, before) => before + 1);
        Assert.True(answers[status] is not null, $"{asked}: the status {status} is not described");
        var described = Resolve(answers[status]!, "responses");
        CheckHeaders(answer, described, $"{asked} {status}");
        await CheckBodyAsync(answer, described, $"{asked} {status}", cancellationToken);
        return answer;
    }

    private static void CheckHeaders(HttpResponseMessage answer, JsonObject described, string place)
    {
        // As they came: what the client has read once it spells in another way.
        var sent = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var known = described["headers"] as JsonObject ?? [];

        // That nobody keeps an error, the framework says of some.
        var shown = sent.Keys.Intersect(Headers, StringComparer.OrdinalIgnoreCase)
            .Where(name => (int)answer.StatusCode < 400 || name != "Cache-Control");
        Assert.All(shown, name => Assert.True(known[name] is not null, $"{place}: the header {name} is not described"));
        foreach (var (name, one) in known)
        {
            var header = Resolve(one!, "headers");
            if (sent.TryGetValue(name, out var value)) Assert.Matches((string)header["schema"]!["pattern"]!, value);
            else Assert.False((bool?)header["required"] ?? false, $"{place}: the header {name} is missing");
        }
    }

    private static async Task CheckBodyAsync(
        HttpResponseMessage answer, JsonObject described, string place, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not { } type)
        {
            Assert.False(answer.IsSuccessStatusCode, $"{place}: there is no body");
            return;
        }

        Assert.True(described["content"]?[type] is not null, $"{place}: {type} is not described");
        var isJson = type.EndsWith("json", StringComparison.Ordinal);
        if (!isJson && type != "text/plain") return;
        await answer.Content.LoadIntoBufferAsync(cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var schema = described["content"]![type]!["schema"]!;
        var wrong = SchemaCheck.Find(schema, isJson ? JsonNode.Parse(text) : text, Components["schemas"]!.AsObject(), "$").ToArray();
        Assert.True(wrong.Length == 0, $"{place}: {string.Join("; ", wrong)} in {text}");
    }

    private static IEnumerable<string> DescribedHeaders() => DescriptionTests.OperationsOf(Description)
        .SelectMany(one => one.Operation["responses"]!.AsObject())
        .SelectMany(answer => answer.Value!["headers"] as JsonObject ?? [])
        .Select(header => header.Key).Distinct(StringComparer.OrdinalIgnoreCase);

    private static JsonObject Resolve(JsonNode node, string kind) =>
        (string?)node["$ref"] is { } reference ? Components[kind]![reference.Split('/')[^1]]!.AsObject() : node.AsObject();

    private static string PatternOf(string path) =>
        Regex.Replace(Regex.Escape(path), @"\\{(\w+)}", parameter => parameter.Groups[1].Value is "path" or "tile" ? ".+" : "[^/]+");
}
