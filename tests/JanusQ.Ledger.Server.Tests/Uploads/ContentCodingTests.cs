using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Uploads;

public sealed class ContentCodingTests(PostgreSqlFixture postgreSql)
{
    private const string DigestOfOne = "Content-Digest: sha-256=:a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=:\r\n";

    [Fact]
    public async Task what_is_packed_is_refused_wherever_bodies_are_taken()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        var evaluations = $"/v1/candidates/{ARun.CandidateId}/evaluations";
        foreach (var (line, headers) in new[]
        {
            ($"POST {evaluations}", "Content-Type: application/json\r\n"),
            ($"PUT {evaluations}/{evaluation}/artifacts/a", DigestOfOne),
            ($"POST {evaluations}/{evaluation}/artifacts", "Content-Type: multipart/form-data; boundary=b\r\n"),
            ("POST /v1/lanes", "Content-Type: application/zip\r\n" + DigestOfOne),
        })
        {
            foreach (var coding in new[] { "gzip", "identity, br", "x" })
            {
                var answer = await RawRequest.SendAsync(
                    server, line, $"{headers}Content-Encoding: {coding}\r\nContent-Length: 1\r\n", "1");
                Assert.True(answer.Status == 415, $"{line}: {answer.Answer}");
                Assert.Equal(
                    ("media_type_unsupported", "Content-Encoding"), ((string)answer.Problem["code"]!, (string)answer.Problem["field"]!));
                Assert.Contains("\r\nAccept-Encoding: identity", answer.Head, StringComparison.Ordinal);
            }
        }

        var part = await RawRequest.SendAsync(
            server, $"POST {evaluations}/{evaluation}/artifacts", PartOf("gzip", out var packed), packed);
        Assert.Equal((415, "a"), (part.Status, (string)part.Problem["path"]!));
        Assert.Equal(before, await AClient.RecordedAsync(server));
        part = await RawRequest.SendAsync(
            server, $"POST {evaluations}/{evaluation}/artifacts", PartOf("identity", out var plain), plain);
        Assert.Equal(200, part.Status);
        var put = await RawRequest.SendAsync(
            server, $"PUT {evaluations}/{evaluation}/artifacts/b",
            DigestOfOne + "Content-Encoding: Identity\r\nContent-Length: 1\r\n", "1");
        Assert.Equal(200, put.Status);
    }

    [Fact]
    public async Task a_part_of_a_document_is_none()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        var answer = await RawRequest.SendAsync(
            server, $"PUT /v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts/a",
            DigestOfOne + "Content-Range: bytes 0-0/10\r\nContent-Length: 1\r\n", "1");
        Assert.True(answer.Status == 400, answer.Answer);
        Assert.Equal(("request_invalid", "Content-Range"), ((string)answer.Problem["code"]!, (string)answer.Problem["field"]!));
        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    private static string PartOf(string coding, out string body)
    {
        body = $"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Encoding: {coding}\r\n{DigestOfOne}\r\n1\r\n--b--\r\n";
        return $"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {body.Length}\r\n";
    }
}
