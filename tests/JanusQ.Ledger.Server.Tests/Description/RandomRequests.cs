using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>A request as somebody might send it who has read the API's description and does not mean well.</summary>
internal sealed record RandomRequest(
    string Operation, string Method, string Path, string? Role, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body,
    string? MediaType)
{
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method.ToUpperInvariant()), new Uri(Path, UriKind.Relative));
        foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null) return message;
        message.Content = new ByteArrayContent(Body);
        if (MediaType is not null && MediaTypeHeaderValue.TryParse(MediaType, out var type)) message.Content.Headers.ContentType = type;
        return message;
    }

    public override string ToString() =>
        $"{Method} {Path} as {Role ?? "nobody"}, {MediaType}, [{string.Join("; ", Headers)}], "
        + $"{(Body is null ? "no body" : Encoding.UTF8.GetString(Body))}";
}

/// <summary>Makes requests from a description: as its examples say, with anything in them wrong.</summary>
internal sealed class RandomRequests(JsonObject description, IReadOnlyDictionary<string, string[]> known)
{
    private static readonly string[] Nasty =
    [
        "x", "0", "-1", "1e9", "99999999999999999999", "null", "true", "'; drop table janusq.mt_events; --", "%", "%2e%2e%2f", "..\\..",
        "a/b",
        "a b", "ä", "\u202e", "\ud83d\udca5", "\0", "a\0b", "\u0001", "*", "{}", "[]", "<script>", "cand-", "CAND-0123456789AB",
        "2026-02-25T06:00:00Z",
        new string('a', 300), new string('/', 3),
    ];

    private static readonly string[] NastyJson =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "9007199254740993", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[null]",
        "{\"a\":{\"b\":[]}}", "\"2026-02-30T25:61:00Z\"", "\"'; drop table janusq.mt_events; --\"",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf(Nasty), Gen.String[0, 40], Gen.String[Gen.Char[' ', '~'], 0, 40]);

    private static readonly Gen<string?> Role = Gen.OneOf<string?>([.. Roles.All, null, "forged"]);

    private static readonly Gen<string?> MediaType = Gen.Frequency(
        (6, Gen.Const((string?)"application/json")),
        (1, Gen.OneOf<string?>(
            "text/plain", "application/octet-stream", "multipart/form-data", "application/zip", "application/json; charset=utf-16", null)));

    /// <summary>Any request to any operation.</summary>
    public Gen<RandomRequest> All() => Gen.OneOf(DescriptionTests.OperationsOf(description)
        .Select(one => Of(one.Path, one.Method, one.Operation)).ToArray());

    private Gen<RandomRequest> Of(string path, string method, JsonObject operation)
    {
        var parameters = operation["parameters"]!.AsArray().Select(one => one!.AsObject()).ToArray();
        var wellFormed = Gen.Const(operation["security"] is JsonArray { Count: > 0 } ? RoleThatMay(operation) : null);
        return Gen.Select(
            Path(path, parameters),
            Gen.Frequency((4, wellFormed), (1, Role)),
            Headers(parameters),
            Body(operation),
            (filled, role, headers, body) => new RandomRequest(
                $"{method} {path}", method, filled, role, headers, body.Bytes, body.Type));
    }

    private static string? RoleThatMay(JsonObject operation) =>
        ((string)operation["description"]!)["For the roles ".Length..].Split([',', '.'])[0];

    private Gen<string> Path(string path, IReadOnlyList<JsonObject> parameters)
    {
        var filled = Gen.Const(path);
        foreach (var parameter in parameters.Where(one => (string)one["in"]! == "path"))
        {
            var name = (string)parameter["name"]!;
            filled = Gen.Select(filled, Value(parameter), (before, value) =>
                before.Replace($"{{{name}}}", SegmentOf(value), StringComparison.Ordinal));
        }

        var query = Gen.Const("");
        foreach (var parameter in parameters.Where(one => (string)one["in"]! == "query"))
        {
            query = Gen.Select(query, Value(parameter), Gen.Int[0, 2], (before, value, often) => before + string.Concat(
                Enumerable.Repeat($"&{(string)parameter["name"]!}={Uri.EscapeDataString(value)}", often)));
        }

        var stranger = Gen.Frequency((8, Gen.Const("")), (1, Text.Select(text => "&" + Uri.EscapeDataString(text) + "=1")));
        return Gen.Select(filled, query, stranger, (one, two, three) =>
            (two + three).Length == 0 ? one : one + "?" + (two + three)[1..]);
    }

    // An empty segment, and one of dots, is another route.
    private static string SegmentOf(string value) => Uri.EscapeDataString(value.Trim('.', ' ').Length == 0 ? "_" : value);

    private Gen<string> Value(JsonObject parameter)
    {
        var example = (string)parameter["example"]!;
        var names = known.GetValueOrDefault((string)parameter["name"]!) ?? [example];
        var altered = Gen.Select(Gen.Int[0, example.Length - 1], Gen.Char, (at, c) => example[..at] + c + example[(at + 1)..]);
        return Gen.Frequency((5, Gen.OneOf(names)), (2, Gen.Const(example)), (1, altered), (2, Text));
    }

    private Gen<IReadOnlyList<(string, string)>> Headers(IReadOnlyList<JsonObject> parameters)
    {
        var headers = Gen.Const((IReadOnlyList<(string, string)>)[]);
        var named = parameters.Where(one => (string)one["in"]! == "header").Select(one => ((string)one["name"]!, Value(one)))
            .Concat(
                new[] { "Accept", "If-Match", "If-None-Match", "Content-Digest", "Last-Event-ID", "Range" }.Select(name => (name, Text)));
        foreach (var (name, value) in named)
        {
            headers = Gen.Select(headers, value, Gen.Int[0, 3], IReadOnlyList<(string, string)> (before, text, chance) =>
                chance == 0 ? [.. before, (name, HeaderOf(text))] : before);
        }

        return headers;
    }

    // The client refuses to send others.
    private static string HeaderOf(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~'));

    private static Gen<(byte[]? Bytes, string? Type)> Body(JsonObject operation)
    {
        if (operation["requestBody"]?["content"] is not JsonObject content)
            return Gen.Frequency(
                (9, Gen.Const(((byte[]?)null, (string?)null))),
                (1, Text.Select(text => ((byte[]?)Encoding.UTF8.GetBytes(text), (string?)"text/plain"))));
        var (type, media) = (content.First().Key, content.First().Value!);
        var bytes = media["example"] is JsonObject example ? Document(example) : Gen.Byte.Array[0, 200];
        var fitting = type == "application/json" ? MediaType : Gen.Frequency((4, Gen.Const((string?)type)), (1, MediaType));
        return Gen.Select(bytes, fitting, (one, two) => ((byte[]?)one, two));
    }

    private static Gen<byte[]> Document(JsonObject example)
    {
        var text = example.ToJsonString();
        var members = example.Select(member => member.Key).ToArray();
        var member = Gen.OneOf(members);
        var replaced = Gen.Select(member, Gen.OneOf(NastyJson), (name, value) => With(example, name, value));
        var texts = Gen.Select(member, Text, (name, value) => With(example, name, System.Text.Json.JsonSerializer.Serialize(value)));
        var without = member.Select(name =>
        {
            var changed = example.DeepClone().AsObject();
            changed.Remove(name);
            return changed.ToJsonString();
        });
        var more = Text.Select(name => text[..^1] + "," + System.Text.Json.JsonSerializer.Serialize(name) + ":1}");
        var twice = member.Select(name => text[..^1] + ",\"" + name + "\":1}");
        var cut = Gen.Int[0, text.Length].Select(at => text[..at]);
        var deep = Gen.Int[1, 2000].Select(depth => new string('[', depth) + new string(']', depth));
        return Gen.Frequency(
            (4, Gen.Const(text)), (4, replaced), (3, texts), (1, without), (1, more), (1, twice), (1, cut), (1, deep), (1, Text))
            .Select(Encoding.UTF8.GetBytes);
    }

    private static string With(JsonObject example, string name, string value)
    {
        var rest = example.DeepClone().AsObject();
        rest.Remove(name);
        var text = rest.ToJsonString();
        return string.Create(CultureInfo.InvariantCulture, $"{text[..^1]}{(rest.Count == 0 ? "" : ",")}\"{name}\":{value}}}");
    }
}
