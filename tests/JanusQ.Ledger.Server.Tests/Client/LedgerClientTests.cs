using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Server.Tests.Client;

/// <summary>How the client sends again, against a server that answers as the test says.</summary>
public sealed class LedgerClientTests
{
    private const string Done = """{"outcome":"recorded","candidate_id":"c","candidate_version":1,"appended":1,"added_later":true}""";

    private static readonly ReasonRequest Reason = new() { Reason = "why" };

    private static readonly LedgerRetries Quick = new() { Attempts = 4, FirstPause = TimeSpan.FromMilliseconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_same_content_is_sent_again_until_it_is_answered()
    {
        using var script = new Script(
            _ => throw new HttpRequestException("refused"),
            _ => Answer(HttpStatusCode.ServiceUnavailable, "{}"),
            _ => Answer(HttpStatusCode.TooManyRequests, "{}"),
            _ => Answer(HttpStatusCode.OK, Done));
        using var http = script.Client();
        var upload = new ArtifactUpload("gates/a b.json", "content"u8.ToArray(), "application/json");
        var answer = await new LedgerClient(http, "jq_key", Quick).PutArtifactAsync("c", "e", upload, Cancellation);
        Assert.Equal(("recorded", 1L), (answer.Outcome, answer.CandidateVersion));
        Assert.Equal(4, script.Requests.Count);
        Assert.Single(script.Requests.Distinct());
        Assert.Equal(
            "PUT /v1/candidates/c/evaluations/e/artifacts/gates/a%20b.json Bearer jq_key  application/json "
            + "sha-256=:7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=: content",
            script.Requests[0]);
    }

    [Fact]
    public async Task what_breaks_off_in_the_middle_of_an_answer_is_sent_again()
    {
        using var script = new Script(
            _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream()) },
            _ => Answer(HttpStatusCode.OK, Done));
        using var http = script.Client();
        await new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Exactly(3), Cancellation);
        Assert.Equal(2, script.Requests.Count);
        Assert.Contains("Bearer k \"3\" application/json", script.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_server_says_how_long_to_wait()
    {
        using var script = new Script(
            _ => Answer(HttpStatusCode.TooManyRequests, "{}", retryAfter: TimeSpan.FromSeconds(1)), _ => Answer(HttpStatusCode.OK, Done));
        using var http = script.Client();
        var begun = Stopwatch.GetTimestamp();
        await new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, Cancellation);
        Assert.True(Stopwatch.GetElapsedTime(begun) >= TimeSpan.FromSeconds(0.99));
    }

    [Fact]
    public async Task it_does_not_wait_for_ever()
    {
        using var script = new Script(_ => Answer(HttpStatusCode.TooManyRequests, "{}", retryAfter: TimeSpan.FromHours(1)));
        using var http = script.Client();
        var refused = await Assert.ThrowsAsync<LedgerProblemException>(
            () => new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, Cancellation));
        Assert.Equal((HttpStatusCode.TooManyRequests, "http_429"), (refused.Status, refused.Code));
        Assert.Single(script.Requests);
    }

    [Fact]
    public async Task after_the_last_attempt_it_says_why()
    {
        using var script = new Script(_ => throw new HttpRequestException("refused"));
        using var http = script.Client();
        await Assert.ThrowsAsync<HttpRequestException>(
            () => new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, Cancellation));
        Assert.Equal(4, script.Requests.Count);
    }

    [Fact]
    public async Task where_there_is_no_tls_it_is_not_asked_again_and_the_innermost_reason_is_said_with_the_address()
    {
        using var script = new Script(_ => throw new HttpRequestException(
            HttpRequestError.SecureConnectionError, "see inner exception", new IOException("outer", new IOException("no TLS"))));
        using var http = script.Client();
        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, Cancellation));
        Assert.Equal(
            (HttpRequestError.SecureConnectionError, $"{http.BaseAddress}: no TLS"), (failed.HttpRequestError, failed.Message));
        Assert.Single(script.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("schlüssel")]
    public void a_key_that_no_header_can_carry_is_no_key(string key)
    {
        using var script = new Script();
        using var http = script.Client();
        Assert.Throws<ArgumentException>(() => new LedgerClient(http, key));
    }

    [Fact]
    public async Task a_refusal_is_not_sent_again_and_tells_everything()
    {
        const string Problem = """
            {"type":"urn:janusq:problem:version_changed","status":412,"detail":"It changed.","code":"version_changed","field":"If-Match",
             "current_version":7,"correlation_id":"abc"}
            """;
        using var script = new Script(_ => Answer(HttpStatusCode.PreconditionFailed, Problem, "application/problem+json"));
        using var http = script.Client();
        var refused = await Assert.ThrowsAsync<LedgerProblemException>(
            () => new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, Cancellation));
        Assert.Equal(
            (HttpStatusCode.PreconditionFailed, "version_changed", "If-Match", "It changed.", "abc"),
            (refused.Status, refused.Code, refused.Field, refused.Detail, refused.CorrelationId));
        Assert.Equal(7, refused.Document.GetProperty("current_version").GetInt32());
        Assert.Single(script.Requests);
    }

    [Fact]
    public async Task it_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        using var script = new Script(_ =>
        {
            stop.Cancel();
            throw new HttpRequestException("refused");
        });
        using var http = script.Client();
        await Assert.ThrowsAnyAsync<Exception>(
            () => new LedgerClient(http, "k", Quick).PauseAsync("c", Reason, VersionMatch.Any, stop.Token));
        Assert.Single(script.Requests);
    }

    [Fact]
    public async Task what_is_stored_under_a_hash_is_what_hashes_to_it()
    {
        const string Hash = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
        using var script = new Script(_ => Answer(HttpStatusCode.OK, "content"), _ => Answer(HttpStatusCode.OK, "something else"));
        using var http = script.Client();
        var client = new LedgerClient(http, "k", Quick);
        Assert.Equal("content"u8.ToArray(), await client.GetContentAsync(Hash, Cancellation));
        await Assert.ThrowsAsync<InvalidDataException>(() => client.GetContentAsync(Hash, Cancellation));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("gates/../x")]
    [InlineData("gates//x")]
    public async Task a_path_that_would_name_something_else_is_not_sent(string path)
    {
        using var script = new Script();
        using var http = script.Client();
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => new LedgerClient(http, "k", Quick).PutArtifactAsync("c", "e", new ArtifactUpload(path, default), Cancellation));
        Assert.Empty(script.Requests);
    }

    [Fact]
    public async Task a_stream_of_decisions_goes_on_where_it_broke_off()
    {
        using var script = new Script(
            _ => Answer(HttpStatusCode.OK, "id: 7\ndata: {\"n\":1}\n\n: beat\n\nid: 9\ndata: {\"n\":2}\n\n", "text/event-stream"),
            _ => throw new HttpRequestException("refused"),
            request => Answer(
                HttpStatusCode.OK, $"id: 12\ndata: {{\"after\":{request.Headers.GetValues("Last-Event-ID").Single()}}}\n\n",
                "text/event-stream"));
        using var http = script.Client();
        var seen = new List<string>();
        await foreach (var decision in new LedgerClient(http, "k", Quick).WatchDecisionsAsync(cancellation: Cancellation))
        {
            seen.Add($"{decision.Id} {decision.Decision.GetRawText()}");
            if (seen.Count == 3) break;
        }

        Assert.Equal(["7 {\"n\":1}", "9 {\"n\":2}", "12 {\"after\":9}"], seen);
    }

    private static HttpResponseMessage Answer(
        HttpStatusCode status, string text, string type = "application/json", TimeSpan? retryAfter = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (retryAfter is { } wait) answer.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return answer;
    }

    /// <summary>Answers one after another, the last one again and again, and keeps what it was sent.</summary>
    private sealed class Script(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        public HttpClient Client() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://ledger.example/") };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var digest = request.Content?.Headers.TryGetValues("Content-Digest", out var values) == true ? values.Single() : null;
            var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            Requests.Add(
                $"{request.Method} {request.RequestUri!.AbsolutePath} {request.Headers.Authorization} {request.Headers.IfMatch} "
                + $"{request.Content?.Headers.ContentType} {digest} {body}");
            return answers[Math.Min(Requests.Count, answers.Length) - 1](request);
        }
    }

    private sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            throw new IOException("broken");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("broken");
    }
}
