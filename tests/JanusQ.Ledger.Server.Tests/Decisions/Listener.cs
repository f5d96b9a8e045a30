using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace JanusQ.Ledger.Server.Tests.Decisions;

/// <summary>One who listens to the stream of decisions, as a browser would: line by line, keeping the last id.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private Listener(HttpResponseMessage answer, StreamReader lines)
    {
        _answer = answer;
        _lines = lines;
    }

    /// <summary>The id to resume with.</summary>
    public string? LastId { get; private set; }

    /// <summary>How long the server asks to wait before coming back.</summary>
    public int? RetryMilliseconds { get; private set; }

    /// <summary>Comments heard so far.</summary>
    public int Comments { get; private set; }

    public HttpResponseMessage Answer => _answer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Listener> ListenAsync(HttpClient client, string? lastId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/decisions/stream" + query);
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new Listener(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation)));
    }

    /// <summary>The next message's data, none for one that only says how far the stream is; no message where the stream ended.</summary>
    public async Task<(bool IsMessage, JsonObject? Data)> NextAsync()
    {
        JsonObject? data = null;
        while (await _lines.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Length == 0) return (true, data);
            if (line.StartsWith(':')) Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = line[4..];
            else if (line.StartsWith("retry: ", StringComparison.Ordinal))
                RetryMilliseconds = int.Parse(line[7..], CultureInfo.InvariantCulture);
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = JsonNode.Parse(line[6..])!.AsObject();
            else Assert.Equal("event: promotion_decided", line);
        }

        return (false, null);
    }

    /// <summary>The next decisions' ids, so many of them.</summary>
    public async Task<IReadOnlyList<string>> DecisionsAsync(int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            var (isMessage, data) = await NextAsync();
            Assert.True(isMessage, $"The stream ended after {ids.Count} decisions.");
            if (data is null) continue;
            Assert.Equal(LastId, ((long)data["sequence"]!).ToString(CultureInfo.InvariantCulture));
            ids.Add((string)data["data"]!["decision_id"]!);
        }

        return ids;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
