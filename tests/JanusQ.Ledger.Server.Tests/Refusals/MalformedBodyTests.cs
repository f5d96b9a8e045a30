using System.Net.Sockets;
using System.Text;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Refusals;

/// <summary>Bodies in chunks (RFC 9112, 7.1) that are none, wherever bodies are read.</summary>
public sealed class MalformedBodyTests(PostgreSqlFixture postgreSql)
{
    private const string Evaluation = $"/v1/candidates/{ARun.CandidateId}/evaluations";
    private const string Artifacts = $"{Evaluation}/0123456789abcdef01234567/artifacts";
    private const string Digest = "Content-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly (string Line, string Headers)[] Readers =
    [
        ($"POST {Evaluation}", "Content-Type: application/json\r\n"),
        ($"PUT {Artifacts}/gates/a.bin", Digest),
        ($"PUT {Artifacts}/gates/janus-event-car-v1.json", Digest),
        ($"POST {Artifacts}", "Content-Type: multipart/form-data; boundary=b\r\n"),
        ("POST /v1/lanes", "Content-Type: application/zip\r\n" + Digest),
    ];

    [Theory]
    [InlineData("zz")]
    [InlineData("-1")]
    [InlineData("80000000")]
    [InlineData("fffffffff")]
    public async Task a_chunk_whose_size_is_none_is_refused_and_written_down(string size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        foreach (var (line, headers) in Readers)
        {
            foreach (var before in new[] { "", "1\r\n{\r\n" })
            {
                var answer = await RawRequest.SendAsync(
                    server, line, headers + "Transfer-Encoding: chunked\r\n", $"{before}{size}\r\n{{}}\r\n0\r\n\r\n");
                Assert.True(answer.Status == 400, $"{line}: {answer.Answer}");
                Assert.Equal("request_invalid", (string)answer.Problem["code"]!);
            }
        }

        var entries = await server.RefusedAsync(2 * Readers.Length);
        Assert.Equal(2 * Readers.Length, entries.Count);
        Assert.All(entries, one => Assert.Equal((400, "request_invalid", "somebody"), (one.Status, one.Code, one.Actor)));
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("80000000")]
    public async Task what_follows_a_malformed_body_is_no_request(string size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        foreach (var (line, headers) in Readers)
        {
            var answer = await RawRequest.SendAsync(
                server, line, headers + "Transfer-Encoding: chunked\r\n",
                $"{size}\r\nGET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", keepOpen: true);
            Assert.Single(answer.Answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("\r\nConnection: close", answer.Head, StringComparison.Ordinal);
        }

        Assert.Equal(Readers.Length, (await server.RefusedAsync(Readers.Length)).Count);
    }

    [Fact]
    public async Task who_goes_away_in_the_middle_of_a_body_is_refused_nothing()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var key = server.ClientOf("worker");
        foreach (var (line, headers) in Readers)
        {
            using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"{line} HTTP/1.1\r\nHost: a\r\nAuthorization: {key.DefaultRequestHeaders.Authorization}\r\n{headers}"
                    + "Transfer-Encoding: chunked\r\n\r\n10\r\n{"),
                Cancellation);
            await Task.Delay(200, Cancellation);
        }

        using var known = await key.GetAsync(new Uri("/v1/candidates", UriKind.Relative), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.OK, known.StatusCode);
        await Task.Delay(500, Cancellation);

        // Kestrel may still take what is left of a body for the beginning of one more request, of nobody.
        Assert.DoesNotContain(await server.RefusedAsync(0), one => one.Actor == "somebody");
    }
}
