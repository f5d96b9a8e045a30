using System.Security.Cryptography;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Refusals;

/// <summary>Addresses that a server would make into others before anybody looks at them.</summary>
public sealed class AddressTests(PostgreSqlFixture postgreSql)
{
    private static readonly string DigestOfOne = $"Content-Digest: sha-256=:{Convert.ToBase64String(SHA256.HashData("1"u8))}:\r\n";

    [Theory]
    [InlineData("safe/../x")]
    [InlineData("./x")]
    [InlineData("x/.")]
    [InlineData("x/..")]
    [InlineData("safe/%2e%2e/x")]
    [InlineData("safe/.%2E/x")]
    [InlineData("%2e/x")]
    [InlineData("../../../../cand-ffffffffffff/evaluations/5d41402abc4b2a76b9719d91/artifacts/evil")]
    [InlineData("../../../../../../../v1/candidates")]
    [InlineData("%ff.txt")]
    [InlineData("%c3.txt")]
    [InlineData("%ed%a0%80.txt")]
    [InlineData("%c0%ae%c0%ae/x")]
    [InlineData("x%zz.txt")]
    [InlineData("x%2.txt")]
    [InlineData("x%")]
    public async Task a_path_that_would_be_read_as_another_is_refused_as_it_was_sent(string path)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        var address = $"/v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts/{path}";
        foreach (var target in new[] { address, address + "?a=b", $"http://a{address}" })
        {
            var answer = await RawRequest.SendAsync(server, $"PUT {target}", DigestOfOne + "Content-Length: 1\r\n", "1");
            Assert.True(answer.Status == 400, $"{target}: {answer.Answer}");
            var problem = answer.Problem;
            Assert.Equal(("request_invalid", "path"), ((string)problem["code"]!, (string)problem["field"]!));
        }

        Assert.Equal(before, await AClient.RecordedAsync(server));
        Assert.All(
            await server.RefusedAsync(3),
            one => Assert.Equal((400, "request_invalid", "somebody", address), (one.Status, one.Code, one.Actor, one.Path)));
    }

    [Theory]
    [InlineData("/nowhere/../../etc/passwd")]
    [InlineData("/..")]
    [InlineData("/tile/../v1/safety")]
    [InlineData("/health/../health/live")]
    [InlineData("/%ff")]
    public async Task wherever_it_leads(string path)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var answer = await RawRequest.SendAsync(server, $"GET {path}");
        Assert.Equal((400, "request_invalid"), (answer.Status, (string)answer.Problem["code"]!));
        Assert.Equal((400, path), (await server.RefusedAsync(1)).Select(one => (one.Status, one.Path)).Single());
    }

    [Theory]
    [InlineData("a b/\u00e4 \u6f22+%~'()!$&,;=@-_.txt")]
    [InlineData("..a/.b/...c")]
    [InlineData("100%25")]
    public async Task a_path_with_anything_else_in_it_is_recorded_as_it_is(string path)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        foreach (var start in new[] { "", "http://a" })
        {
            var answer = await RawRequest.SendAsync(
                server, $"PUT {start}/v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts/{escaped}",
                DigestOfOne + "Content-Length: 1\r\n", "1");
            Assert.True(answer.Status == 200, answer.Answer);
        }

        var recorded = (await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, TestContext.Current.CancellationToken))!;
        Assert.Equal(path, Assert.Single(recorded.Evaluations[0].Artifacts).Path);
    }
}
