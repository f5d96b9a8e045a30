using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Refusals;

/// <summary>What nobody sends by mistake. After each the server answers others, and nothing is recorded in the ledger.</summary>
public sealed class HostileRequestTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = "/v1/candidates/cand-0123456789ab";
    private const string Evaluations = Candidate + "/evaluations";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Texts for paths, queries and headers.</summary>
    private static readonly string[] Injections =
    [
        "' or '1'='1", "'; drop table janusq.mt_events; --", "1); delete from janusq.content; --", "\" or \"\"=\"",
        "${jndi:ldap://127.0.0.1/a}",
        "../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a\r\nSet-Cookie: b=c", "<script>alert(1)</script>", "%00", "\u202e\u0007",
        "{{7*7}}",
        "cand-0123456789ab' union select sha256 from janusq.api_key --",
    ];

    private static readonly string[] Headers =
        ["X-Correlation-Id", "If-Match", "If-None-Match", "Accept", "Content-Digest", "Last-Event-ID", "X-Forwarded-For", "Host"];

    [Fact]
    public async Task those_who_send_slowly_are_cut_off_and_others_are_answered_meanwhile()
    {
        await using var server = await AServer.StartAsync(postgreSql, settings: new ServerSettings
        {
            Limits = new RequestLimits { HeadersTimeout = TimeSpan.FromSeconds(2), Grace = TimeSpan.FromSeconds(2), BytesPerSecond = 1000 },
        });
        var slow = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
            slow.Add(client);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(i < 50
                ? "GET / HTTP/1.1\r\nHost: a\r\nX-1:"
                : $"POST {Evaluations} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KeyOf(server)}\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n{"), Cancellation);
        }

        // Each byte that comes slowly keeps nothing open.
        var clock = Stopwatch.StartNew();
        var ended = 0;
        while (ended < slow.Count && clock.Elapsed < Soon)
        {
            await AnswersOthersAsync(server);
            ended = 0;
            foreach (var client in slow)
            {
                if (client.Client.Poll(0, SelectMode.SelectRead)) ended++;
                else await TryWriteAsync(client, "a"u8.ToArray());
            }

            await Task.Delay(200, Cancellation);
        }

        Assert.Equal(slow.Count, ended);
        slow.ForEach(client => client.Dispose());
        var entries = await server.RefusedAsync(100);
        Assert.Equal(100, entries.Count);
        Assert.All(entries, one => Assert.Equal((408, "request_too_slow"), (one.Status, one.Code)));
        Assert.Equal(50, entries.Count(one => one.Actor == "somebody"));
        await NothingIsRecordedAsync(server);
    }

    [Fact]
    public async Task a_body_of_a_gibibyte_is_refused_before_it_is_sent()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var announced = await SendAsync(server, $"POST {Evaluations} HTTP/1.1", $"Content-Length: {1L << 30}");
        Assert.StartsWith("HTTP/1.1 413 ", announced, StringComparison.Ordinal);
        Assert.Contains("content_too_large", announced, StringComparison.Ordinal);

        // One that does not say its size ends as soon as it is larger.
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(Head(server, $"POST {Evaluations} HTTP/1.1", "Transfer-Encoding: chunked")), Cancellation);
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string(' ', 0x10000) + "\r\n");
        var sent = 0L;
        for (; sent < 1L << 30 && await TryWriteAsync(client, chunk); sent += 0x10000)
            if (client.Client.Poll(0, SelectMode.SelectRead)) break;
        Assert.InRange(sent, 0x10000, 64L << 20);
        await AnswersOthersAsync(server);
        var entries = await server.RefusedAsync(2);
        Assert.All(entries, one => Assert.Equal((413, "content_too_large", "somebody"), (one.Status, one.Code, one.Actor)));
        await NothingIsRecordedAsync(server);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task json_of_any_depth_is_refused(string open, string close)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var worker = server.ClientOf("worker");
        foreach (var depth in new[] { 65, 10_000, 150_000 })
        {
            var document = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            foreach (var body in new[] { document, $$"""{"run_id":{{document}}}""" })
            {
                using var answer = await worker.PostAsync(
                    Evaluations, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                Assert.Equal("request_invalid", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["code"]);
            }
        }

        Assert.All(await server.RefusedAsync(6), one => Assert.Equal((400, "request_invalid"), (one.Status, one.Code)));
        await NothingIsRecordedAsync(server);
    }

    [Fact]
    public async Task headers_and_addresses_that_are_too_large_or_malformed_are_refused_by_the_server_itself()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        (string Line, string Header, int Status)[] requests =
        [
            ($"GET {Candidate} HTTP/1.1", "X-Large: " + new string('a', 20_000), 431),
            ($"GET {Candidate} HTTP/1.1", string.Join("\r\n", Enumerable.Range(0, 100).Select(i => $"X-{i}: a")), 431),
            ($"GET /{new string('a', 10_000)} HTTP/1.1", "X-1: a", 414),
            ("GET / HTTP/9.9", "X-1: a", 505),
            ("G(T / HTTP/1.1", "X-1: a", 400),
            ($"GET {Candidate} HTTP/1.1", "X 1: a", 400),
            ($"GET {Candidate} HTTP/1.1", "X-1: a\0b", 400),
            ($"GET {Candidate} HTTP/1.1", "Content-Length: -1", 400),
            ($"POST {Evaluations} HTTP/1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 6", 400),
            ($"GET {Candidate}%00 HTTP/1.1", "X-1: a", 400),
            ("GET /v1/../../etc/passwd\\ HTTP/1.1 ", "X-1: a", 400),
        ];
        foreach (var (line, header, status) in requests)
        {
            var answer = await SendAsync(server, line, header);
            var asked = $"{line[..Math.Min(50, line.Length)]} {header[..Math.Min(50, header.Length)]}";
            Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{asked}: {answer}");
            await AnswersOthersAsync(server);
        }

        var entries = await server.RefusedAsync(requests.Length - 1);
        Assert.Equal(requests.Select(one => one.Status).Where(status => status < 500), entries.Select(one => one.Status));
        Assert.All(
            entries,
            one => Assert.True(one.Address == "127.0.0.1" && one.Path.Length <= 500 && one.CorrelationId.Length > 0, one.ToString()));
        await NothingIsRecordedAsync(server);
    }

    [Fact]
    public async Task injections_in_every_place_of_a_request_change_nothing_and_reach_nothing_inside()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var worker = server.ClientOf("worker");
        foreach (var injection in Injections)
        {
            var escaped = Uri.EscapeDataString(injection);
            foreach (var path in new[]
            {
                $"/v1/candidates/{escaped}", $"/v1/candidates/{escaped}/evaluations", $"{Candidate}?version={escaped}",
                $"{Candidate}?at={escaped}",
                $"{Candidate}?{escaped}=1", $"/v1/{escaped}", $"/{escaped}",
            })
            {
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
                {
                    using var request = new HttpRequestMessage(method, path);
                    if (method != HttpMethod.Get)
                        request.Content = JsonContent.Create(new Dictionary<string, string> { ["run_id"] = injection });
                    using var answer = await worker.SendAsync(request, Cancellation);
                    await IsRefusedAsync(answer, injection);
                }
            }

            foreach (var header in Headers)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Candidate);
                if (!request.Headers.TryAddWithoutValidation(header, injection.Replace("\r\n", "", StringComparison.Ordinal))) continue;
                using var answer = await SendOrNoneAsync(worker, request);
                if (answer is not null) await IsRefusedAsync(answer, injection);
            }

            using var body = new StringContent(
                $$"""{"run_id":{{JsonValue.Create(injection).ToJsonString()}}}""", Encoding.UTF8, "application/json");
            using var posted = await worker.PostAsync(Evaluations, body, Cancellation);
            await IsRefusedAsync(posted, injection);
        }

        await AnswersOthersAsync(server);
        await NothingIsRecordedAsync(server);
        Assert.True((await server.RefusedAsync(Injections.Length)).Count >= Injections.Length);
    }

    private static async Task IsRefusedAsync(HttpResponseMessage answer, string injection)
    {
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{injection}: {answer.StatusCode}");
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        foreach (var inside in new[] { "Npgsql", "SQLSTATE", "JanusQ.", "   at ", "syntax error", "mt_events (" })
            Assert.DoesNotContain(inside, text, StringComparison.Ordinal);
    }

    // The client itself refuses to send some.
    private static async Task<HttpResponseMessage?> SendOrNoneAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            return await client.SendAsync(request, Cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task AnswersOthersAsync(AServer server)
    {
        using var other = server.ClientOf("auditor", "another");
        other.Timeout = TimeSpan.FromSeconds(10);
        using var answer = await other.GetAsync(Candidate, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task NothingIsRecordedAsync(AServer server) => Assert.Equal(0, await server.EventsAsync());

    private static string KeyOf(AServer server)
    {
        using var client = server.ClientOf("worker");
        return client.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private static string Head(AServer server, string line, string header) =>
        $"{line}\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {KeyOf(server)}\r\nContent-Type: "
        + $"application/json\r\n{header}\r\n\r\n";

    private static async Task<string> SendAsync(AServer server, string line, string header)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(server, line, header)), Cancellation);
        var (buffer, answer) = (new byte[4096], new StringBuilder());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Soon);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0) answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Closed while what nobody wants was still under way.
        }

        return answer.ToString();
    }

    private static async Task<bool> TryWriteAsync(TcpClient client, byte[] bytes)
    {
        try
        {
            await client.GetStream().WriteAsync(bytes, Cancellation);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
