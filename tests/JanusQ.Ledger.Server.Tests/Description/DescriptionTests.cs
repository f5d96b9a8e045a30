using System.Net;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>
/// The API's description is checked in as docs/openapi.json. Set JANUSQ_WRITE_OPENAPI=1 to write it anew after an endpoint or a
/// contract has changed.
/// </summary>
public sealed class DescriptionTests(PostgreSqlFixture postgreSql)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_description_that_is_checked_in_is_what_the_server_gives()
    {
        var given = (await DescriptionAsync()).ToJsonString(Readable) + "\n";
        var file = Path.Combine(RepositoryFiles.Root, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_OPENAPI") == "1") await File.WriteAllTextAsync(file, given, Cancellation);
        Assert.Equal(await File.ReadAllTextAsync(file, Cancellation), given);
    }

    [Fact]
    public async Task every_operation_says_what_it_takes_gives_and_refuses()
    {
        var description = await DescriptionAsync();
        Assert.StartsWith("3.1", (string)description["openapi"]!, StringComparison.Ordinal);
        var names = new List<string>();
        foreach (var (path, method, operation) in OperationsOf(description))
        {
            var where = $"{method} {path}";
            names.Add((string)operation["operationId"]!);
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["summary"]), where);
            Assert.Single(operation["tags"]!.AsArray());
            var answers = operation["responses"]!.AsObject();
            Assert.Contains(answers, answer => answer.Key[0] == '2');
            foreach (var (status, answer) in answers)
            {
                if (answer!["content"]?["application/problem+json"] is not { } problem) continue;
                Assert.NotEmpty(problem["examples"]!.AsObject());
                foreach (var (code, example) in problem["examples"]!.AsObject())
                {
                    Assert.Equal(status, example!["value"]!["status"]!.ToJsonString());
                    Assert.Equal($"urn:janusq:problem:{code}", (string)example["value"]!["type"]!);
                }
            }

            foreach (var parameter in operation["parameters"]!.AsArray())
            {
                var (pattern, example) = ((string?)parameter!["schema"]!["pattern"], (string?)parameter["example"]);
                Assert.True(pattern is not null && example is not null, $"{where}: {parameter["name"]} has no pattern or no example");
                Assert.Matches(pattern, example);
            }
        }

        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    [Fact]
    public void every_contract_has_an_example()
    {
        var contracts = ContractsOfEndpoints().ToArray();
        Assert.NotEmpty(contracts);
        Assert.Empty(contracts.Where(contract => ContractExamples.Find(contract) is null).Select(contract => contract.Name));
    }

    [Fact]
    public async Task every_example_is_as_its_schema_says()
    {
        var description = await DescriptionAsync();
        var schemas = description["components"]!["schemas"]!.AsObject();
        var examined = 0;
        foreach (var (where, media) in MediaOf(description))
        {
            var examples = media["examples"] is JsonObject many ? many.Select(one => one.Value!["value"]) : [media["example"]];
            foreach (var example in examples.OfType<JsonNode>())
            {
                var wrong = SchemaCheck.Find(media["schema"]!, example, schemas, "$").ToArray();
                Assert.True(wrong.Length == 0, $"{where}: {string.Join("; ", wrong)}");
                examined++;
            }
        }

        Assert.True(examined > 0);
    }

    [Fact]
    public async Task every_body_has_a_schema_and_an_example_unless_it_is_bytes()
    {
        var description = await DescriptionAsync();
        var schemas = description["components"]!["schemas"]!.AsObject();
        foreach (var (where, media) in MediaOf(description))
        {
            var schema = SchemaCheck.Resolve(media["schema"]!, schemas);
            Assert.True(schema.ContainsKey("type"), $"{where} has no schema");
            var isBytes = (string?)schema["format"] == "binary" || (schema["additionalProperties"] as JsonObject)?["format"] is not null;
            Assert.True(isBytes || media["example"] is not null || media["examples"] is not null, $"{where} has no example");
        }
    }

    [Fact]
    public async Task the_examples_of_parameters_are_taken()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var client = server.ClientOf("admin");
        foreach (var (path, method, operation) in OperationsOf(await DescriptionOfAsync(server)).Where(one => one.Method == "get"))
        {
            var parameters = operation["parameters"]!.AsArray().ToLookup(one => (string)one!["in"]!, one => one!.AsObject());
            var filled = parameters["path"].Aggregate(path, (before, one) =>
                before.Replace($"{{{one["name"]}}}", (string)one["example"]!, StringComparison.Ordinal));
            foreach (var parameter in parameters["query"])
            {
                var query = $"?{parameter["name"]}={Uri.EscapeDataString((string)parameter["example"]!)}";
                using var answer = await client.GetAsync(
                    new Uri(filled + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{answer.StatusCode} to {filled}{query}");
            }
        }
    }

    [Theory]
    [InlineData("at", "2026-02-25")]
    [InlineData("at", "2026-02-25T06:00")]
    [InlineData("at", "2026-02-25 06:00:00")]
    [InlineData("at", "2026-02-25t06:00:00.1234567891z")]
    [InlineData("at", "2026-02-25T06:00:00,5-0530")]
    [InlineData("at", "2026-02-25T06:00:00+05:30")]
    [InlineData("at", "2026-02-25T")]
    [InlineData("at", "2026-02-25T06")]
    [InlineData("at", "2026-02-25T06:00:00+05")]
    [InlineData("at", "2026-02-25T06:00:00.")]
    [InlineData("at", "2026-2-25")]
    [InlineData("at", "now")]
    [InlineData("reason", "any text at all: \"'äΩ\u2028")]
    [InlineData("reason", "two\nlines")]
    [InlineData("reason", "\0")]
    [InlineData("reason", "\u0085")]
    [InlineData("reason", "a", 200)]
    [InlineData("reason", "a", 201)]
    [InlineData("cursor", "a", 1001)]
    [InlineData("cursor", "not base64")]
    public async Task what_the_form_of_a_parameter_allows_is_what_is_taken(string name, string text, int times = 1)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var client = server.ClientOf("auditor");
        var path = name == "at" ? "/v1/champions" : "/v1/decisions";
        var parameters = (await DescriptionOfAsync(server))["paths"]![path]!["get"]!["parameters"]!.AsArray();
        var pattern = (string)parameters.Single(parameter => (string)parameter!["name"]! == name)!["schema"]!["pattern"]!;
        var value = string.Concat(Enumerable.Repeat(text, times));
        using var answer = await client.GetAsync(new Uri($"{path}?{name}={Uri.EscapeDataString(value)}", UriKind.Relative), Cancellation);
        Assert.Equal(Regex.IsMatch(value, pattern) ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task the_pages_load_nothing_from_elsewhere()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var client = server.ClientOf("auditor");
        var page = await client.GetStringAsync(new Uri("/scalar/", UriKind.Relative), Cancellation);
        var loaded = Regex.Matches(page, "(?:src|href)=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(loaded);
        Assert.All(loaded, source => Assert.DoesNotContain("//", source, StringComparison.Ordinal));
        foreach (var script in Regex.Matches(page, "<script[^>]+src=\"([^\"]+)\"").Select(match => match.Groups[1].Value))
        {
            using var answer = await client.GetAsync(new Uri(new Uri(server.Address, "/scalar/"), script), Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/openapi/v1.json", null, false, HttpStatusCode.Unauthorized)]
    [InlineData("/scalar/", null, false, HttpStatusCode.Unauthorized)]
    [InlineData("/openapi/v1.json", null, true, HttpStatusCode.OK)]
    [InlineData("/scalar/", null, true, HttpStatusCode.OK)]
    [InlineData("/scalar/", "worker", false, HttpStatusCode.OK)]
    public async Task the_description_is_for_those_who_may_read_unless_it_is_public(
        string path, string? role, bool isPublic, HttpStatusCode expected)
    {
        await using var server = await AServer.StartAsync(
            postgreSql, settings: new ServerSettings { DescriptionIsPublic = isPublic });
        using var client = server.ClientOf(role);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    internal static async Task<JsonObject> DescriptionOfAsync(AServer server)
    {
        using var client = server.ClientOf("auditor");
        return JsonNode.Parse(await client.GetStringAsync(new Uri(ServerDescription.Path, UriKind.Relative), Cancellation))!.AsObject();
    }

    internal static IEnumerable<(string Path, string Method, JsonObject Operation)> OperationsOf(JsonObject description) =>
        from path in description["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select (path.Key, operation.Key, operation.Value!.AsObject());

    /// <summary>Everything that has a media type: bodies of requests, and of answers.</summary>
    private static IEnumerable<(string Where, JsonObject Media)> MediaOf(JsonObject description) =>
        from one in OperationsOf(description)
        from body in one.Operation["responses"]!.AsObject().Append(new("body", one.Operation["requestBody"]))
        from media in body.Value?["content"] as JsonObject ?? []
        select ($"{one.Method} {one.Path} {body.Key} {media.Key}", media.Value!.AsObject());

    private static IEnumerable<Type> ContractsOfEndpoints() => typeof(ServerDescription).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .SelectMany(method => method.GetCustomAttributes(false))
        .SelectMany(attribute => attribute switch
        {
            ITakes takes => [takes.Type],
            IGives { Type: { } type } => [type],
            IGivesAlso { Type: { } type } => [type],
            _ => Array.Empty<Type>(),
        })
        .Distinct();

    private async Task<JsonObject> DescriptionAsync()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        return await DescriptionOfAsync(server);
    }
}
