using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Versions;

public sealed class VersionTests(PostgreSqlFixture postgreSql)
{
    private const string Reason = """{"reason":"why"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Everything that changes what has a version: address, role and body.</summary>
    private static readonly (string Address, string Role, string Body)[] Changes =
    [
        ($"v1/candidates/{ARun.CandidateId}/pause", "operator", Reason),
        ($"v1/candidates/{ARun.CandidateId}/resume", "operator", Reason),
        ($"v1/candidates/{ARun.CandidateId}/evidence/clear",
            "operator", $$"""{"artifact_set_sha256":"{{new string('a', 64)}}","reason":"why"}"""),
        ($"v1/candidates/{ARun.CandidateId}/approvals", "approver", """{"target":"paper","expires_in_seconds":60,"reason":"why"}"""),
        ($"v1/candidates/{ARun.CandidateId}/approvals/{ARun.RunId}/revoke", "approver", Reason),
        ("v1/champions/paper/demote", "operator", $$"""{"candidate_id":"{{ARun.CandidateId}}","reason":"why"}"""),
        ("v1/champions/paper/rollback", "operator", $$"""{"candidate_id":"{{ARun.CandidateId}}","reason":"why"}"""),
        ("v1/kill-switch/engage", "operator", Reason),
        ("v1/kill-switch/release", "operator", Reason),
        ("v1/policies/shipped/versions", "operator", """{"document":"{}","note":"why"}"""),
        ("v1/policies/shipped/activate", "operator", """{"note":"why"}"""),
        ("v1/policies/shipped/activation-approvals", "approver", """{"version":1,"reason":"why"}"""),
    ];

    [Fact]
    public async Task a_change_says_for_which_version_it_is_asked()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        foreach (var (address, role, body) in Changes)
        {
            using var without = await SendAsync(server, address, role, body, null);
            var problem = await AClient.ProblemAsync(HttpStatusCode.PreconditionRequired, "version_required", without);
            Assert.Equal("If-Match", (string)problem["field"]!);
            foreach (var malformed in new[] { "7", "\"7\", \"8\"", "\"7", "\"1\", 7", "*, \"1\"" })
            {
                using var wrong = await SendAsync(server, address, role, body, malformed);
                Assert.Equal(
                    "If-Match", (string)(await AClient.ProblemAsync(HttpStatusCode.BadRequest, "request_invalid", wrong))["field"]!);
            }

            foreach (var strange in new[] { "W/\"1\"", "\"seven\"", "\"-1\"", "\"\"", "W/\"1\", \"x\"" })
            {
                using var never = await SendAsync(server, address, role, body, strange);
                await AClient.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_changed", never);
            }
        }

        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task what_changed_meanwhile_is_not_changed_again()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        await ARun.StartAsync(AClient.Of(server, "worker"));
        var unchanged = new List<string>();
        foreach (var (address, role, body) in Changes)
        {
            using var stale = await SendAsync(server, address, role, body, "\"99\"");

            // Whoever asks for what is so already is told so, whatever version it saw.
            if (stale.IsSuccessStatusCode)
            {
                unchanged.Add(address);
                Assert.Equal("unchanged", (string)(await stale.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["outcome"]!);
                continue;
            }

            var problem = await AClient.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_changed", stale);
            Assert.Equal(99, (int)problem["expected_version"]!);
            var current = address.Contains("candidates", StringComparison.Ordinal) ? 1 : 0;
            Assert.Equal(current, (int)problem["current_version"]!);
        }

        Assert.Equal([$"v1/candidates/{ARun.CandidateId}/resume", "v1/kill-switch/release"], unchanged);
        Assert.Equal(1, (await AClient.RecordedAsync(server)).Events);
    }

    [Fact]
    public async Task an_answer_carries_the_new_version_for_the_next_change()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        await ARun.StartAsync(AClient.Of(server, "worker"));
        var etag = "\"1\"";
        foreach (var verb in new[] { "pause", "resume", "pause" })
        {
            using var answer = await SendAsync(server, $"v1/candidates/{ARun.CandidateId}/{verb}", "operator", Reason, etag);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            etag = answer.Headers.ETag!.ToString();
        }

        Assert.Equal("\"4\"", etag);
        using var among = await SendAsync(
            server, $"v1/candidates/{ARun.CandidateId}/pause", "operator", Reason, "\"x\", W/\"9\", \"4\"");
        Assert.Equal(HttpStatusCode.OK, among.StatusCode);
        using var lost = await SendAsync(server, $"v1/candidates/{ARun.CandidateId}/pause", "operator", Reason, "\"3\"");
        Assert.Equal((HttpStatusCode.OK, "\"4\""), (lost.StatusCode, lost.Headers.ETag!.ToString()));
        using var any = await SendAsync(server, $"v1/candidates/{ARun.CandidateId}/resume", "operator", Reason, "*");
        Assert.Equal("\"5\"", any.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task of_many_who_change_the_same_version_one_does()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(server.Ledger, Cancellation);
        var version = VersionMatch.Exactly((await server.Ledger.Queries.CandidateAsync(run.CandidateId, Cancellation))!.StreamVersion);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var approver = AClient.Of(server, "approver", $"approver-{number}");
            try
            {
                var request = new ApprovePromotionRequest { Target = "paper", ExpiresInSeconds = 3600, Reason = "looks good" };
                return (await approver.GrantApprovalAsync(run.CandidateId, request, version, Cancellation)).Outcome;
            }
            catch (LedgerProblemException refused)
            {
                return refused.Code;
            }
        }));
        Assert.Equal(["recorded", .. Enumerable.Repeat("version_changed", 7)], outcomes.Order(StringComparer.Ordinal));
        Assert.Single((await server.Ledger.Queries.CandidateAsync(run.CandidateId, Cancellation))!.Approvals);
    }

    private static async Task<HttpResponseMessage> SendAsync(AServer server, string address, string role, string body, string? ifMatch)
    {
        using var http = server.ClientOf(role);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await http.SendAsync(request, Cancellation);
    }
}
