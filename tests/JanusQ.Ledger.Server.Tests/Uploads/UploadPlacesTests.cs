using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Server.Uploads;
using JanusQ.Ledger.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.Uploads;

public sealed class UploadPlacesTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task large_bodies_are_so_many_at_a_time_and_small_ones_are_taken_meanwhile()
    {
        await using var server = await AServer.StartAsync(
            postgreSql,
            configure: builder => builder.Services.AddSingleton(new UploadLimits { InMemory = 1000, AtOnce = 3000 }),
            settings: new ServerSettings { Limits = new RequestLimits { Grace = TimeSpan.FromMinutes(1) } });
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var artifacts = $"/v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts";
        var large = new string('x', 2000);
        using var key = server.ClientOf("worker");
        using var first = new TcpClient();
        await first.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        await first.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT {artifacts}/first HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2000\r\n{DigestOf(large)}"
                + $"Authorization: {key.DefaultRequestHeaders.Authorization}\r\n\r\n{large[..1000]}"),
            Cancellation);
        var places = server.Services.GetRequiredService<UploadPlaces>();
        for (var i = 0; i < 200 && places.Free > 1000; i++) await Task.Delay(50, Cancellation);
        Assert.Equal(1000, places.Free);

        foreach (var (line, headers) in new[]
        {
            ($"PUT {artifacts}/a", DigestOf(large) + "Content-Length: 2000\r\n"),
            ($"PUT {artifacts}/a", DigestOf(large) + "Transfer-Encoding: chunked\r\n"),
            ($"POST {artifacts}", "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000\r\n"),
            ("POST /v1/lanes", "Content-Type: application/zip\r\nContent-Length: 2000\r\n"),
        })
        {
            // Nothing of the body was sent.
            var refused = await RawRequest.SendAsync(server, line, headers);
            Assert.True(refused.Status == 429, $"{line}: {refused.Answer}");
            Assert.Equal("too_many_uploads", (string)refused.Problem["code"]!);
            Assert.Contains("\r\nRetry-After: 2", refused.Head, StringComparison.Ordinal);
        }

        var small = await RawRequest.SendAsync(server, $"PUT {artifacts}/small", DigestOf("1") + "Content-Length: 1\r\n", "1");
        Assert.Equal(200, small.Status);
        await first.GetStream().WriteAsync(Encoding.ASCII.GetBytes(large[1000..]), Cancellation);
        using var reader = new StreamReader(first.GetStream());
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        foreach (var again in new[] { "b", "c" })
        {
            var taken = await RawRequest.SendAsync(
                server, $"PUT {artifacts}/{again}", DigestOf(large) + "Content-Length: 2000\r\n", large);
            Assert.Equal(200, taken.Status);
        }

        Assert.Equal(4, (await server.RefusedAsync(4)).Count(one => one.Code == "too_many_uploads"));
    }

    [Fact]
    public async Task who_is_alone_goes_in_and_leaves_its_place_however_it_ends()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, configure: builder => builder.Services.AddSingleton(new UploadLimits { InMemory = 1000, AtOnce = 1500 }));
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var (line, large) = ($"PUT /v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts/a", new string('x', 2000));
        for (var i = 0; i < 2; i++)
        {
            var wrong = await RawRequest.SendAsync(server, line, DigestOf("1") + "Content-Length: 2000\r\n", large);
            Assert.Equal((400, "content_hash_mismatch"), (wrong.Status, (string)wrong.Problem["code"]!));
            var broken = await RawRequest.SendAsync(server, line, DigestOf("1") + "Transfer-Encoding: chunked\r\n", "zz\r\n");
            Assert.Equal((400, "request_invalid"), (broken.Status, (string)broken.Problem["code"]!));
        }

        Assert.Equal(200, (await RawRequest.SendAsync(server, line, DigestOf(large) + "Content-Length: 2000\r\n", large)).Status);
    }

    private static string DigestOf(string text) =>
        $"Content-Digest: sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(text)))}:\r\n";
}
