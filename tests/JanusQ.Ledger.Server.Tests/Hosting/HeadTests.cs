using System.Net;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Hosting;

public sealed class HeadTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_get_answers_head_answers_without_a_body()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        await worker.PutArtifactAsync(ARun.CandidateId, await ARun.StartAsync(worker), ARun.Artifact("a", "1"), Cancellation);
        using var client = server.ClientOf("admin");
        client.Timeout = TimeSpan.FromSeconds(20);
        foreach (var address in new[]
        {
            "/health/live", "/health/ready", "/v1/candidates", $"/v1/candidates/{ARun.CandidateId}", $"/v1/runs/{ARun.RunId}", "/v1/safety",
            "/v1/contents/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b", $"/v1/contents/{new string('a', 64)}",
            "/v1/candidates?stage=nonsense", "/v1/keys", "/v1/security-log", "/checkpoint", "/metrics", "/openapi/v1.json", "/nowhere",
            "/v1/kill-switch/engage",
        })
        {
            using var got = await SendAsync(client, HttpMethod.Get, address);
            using var head = await SendAsync(client, HttpMethod.Head, address);
            Assert.True(got.StatusCode == head.StatusCode, $"{address}: {got.StatusCode}, {head.StatusCode}");
            Assert.Equal(HeadersOf(got), HeadersOf(head));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        }

        using var nobody = server.ClientOf(null);
        using var refused = await SendAsync(nobody, HttpMethod.Head, "/v1/safety");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task what_has_no_end_is_there_for_get_alone()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var client = server.ClientOf("auditor");
        client.Timeout = TimeSpan.FromSeconds(20);
        using var head = await SendAsync(client, HttpMethod.Head, "/v1/decisions/stream");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        Assert.Equal(["GET"], head.Content.Headers.Allow);
    }

    // How it is sent, and when, is no part of what it says.
    private static string[] HeadersOf(HttpResponseMessage answer) =>
    [
        .. answer.Headers.Concat(answer.Content.Headers)
            .Where(one => one.Key is not ("Date" or "Transfer-Encoding" or "Content-Length"))
            .Select(one => $"{one.Key}: {string.Join(", ", one.Value)}").Order(StringComparer.Ordinal),
    ];

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string address) =>
        client.SendAsync(new HttpRequestMessage(method, new Uri(address, UriKind.Relative)), Cancellation);
}
