using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanusQ.Ledger.Server.Tests.Reading;

/// <summary>What a server answered to a GET.</summary>
internal sealed record Got(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public JsonObject Document => JsonNode.Parse(Bytes)!.AsObject();

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    /// <summary>The document without the sequence that every query adds.</summary>
    public string DocumentOfLedger
    {
        get
        {
            var document = Document;
            Assert.True(document.Remove("as_of_sequence"));
            return document.ToJsonString();
        }
    }

    public long Sequence
    {
        get
        {
            var said = long.Parse(Headers["X-Ledger-Sequence"], System.Globalization.CultureInfo.InvariantCulture);
            if (Status == HttpStatusCode.OK) Assert.Equal(said, (long)Document["as_of_sequence"]!);
            return said;
        }
    }

    /// <summary>The problem, which names the field that is wrong where one is.</summary>
    public (HttpStatusCode Status, string Code, string? Field) Problem
    {
        get
        {
            Assert.Equal("application/problem+json", Headers["Content-Type"]);
            return (Status, (string)Document["code"]!, (string?)Document["field"]);
        }
    }

    public static async Task<Got> FromAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var got = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Got(answer.StatusCode, got, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The text of a document of the ledger, as the answers are compared.</summary>
    public static string TextOf(Core.Canonical.JsonValue document) =>
        JsonSerializer.Serialize(JsonNode.Parse(Core.Canonical.FileJson.Bytes(document)));
}
