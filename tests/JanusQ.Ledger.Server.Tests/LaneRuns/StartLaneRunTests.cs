using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

public sealed class StartLaneRunTests(PostgreSqlFixture postgreSql)
{
    private const string Path = "/v1/candidates/cand-0123456789ab/evaluations";

    [Fact]
    public async Task a_worker_starts_a_run_and_a_retry_gets_the_same_answer()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var worker = server.ClientOf("worker", "lane-7");
        var first = await AnswerAsync(worker, ARun);
        Assert.Equal(RecordingResponse.Recorded, first.Outcome);
        Assert.Matches(Forms.Id, first.EvaluationId);
        var again = await AnswerAsync(worker, ARun);
        Assert.Equal(first with { Outcome = RecordingResponse.Unchanged, Appended = 0, LastSequence = null }, again);
        var candidate = await server.Ledger.Queries.CandidateAsync("cand-0123456789ab", Cancellation);
        Assert.Equal("lane-7", Assert.Single(candidate!.Evaluations).Start.Worker);
    }

    [Theory]
    [InlineData("run_id", "\"0123\"", "command_invalid", "run_id")]
    [InlineData("target", "\"moon\"", "request_invalid", "target")]
    [InlineData("signals_sha256", "\"ff\"", "request_invalid", "signals_sha256")]
    [InlineData("evaluated_at", "\"yesterday\"", "request_invalid", "evaluated_at")]
    [InlineData("code_version", "17", "request_invalid", "code_version")]
    [InlineData("verdict", "\"allow\"", "request_invalid", "verdict")]
    public async Task a_wrong_member_is_named(string member, string value, string code, string field)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var worker = server.ClientOf("worker");
        var document = System.Text.Json.JsonSerializer.SerializeToNode(ARun, ApiJson.Options)!.AsObject();
        document[member] = JsonNode.Parse(value);
        using var answer = await worker.PostAsJsonAsync(Path, document, Cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, (string)problem!["code"]!, (string)problem["field"]!));
        Assert.DoesNotContain("JanusQ", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("operator", HttpStatusCode.Forbidden)]
    public async Task others_than_workers_are_kept_out(string? role, HttpStatusCode expected)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var other = server.ClientOf(role);
        using var answer = await other.PostAsJsonAsync(Path, ARun, ApiJson.Options, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static StartLaneRunRequest ARun => new()
    {
        RunId = "0123456789abcdef01234567",
        Target = "paper",
        SignalsSha256 = new string('a', 64),
        StrategyConfigSha256 = new string('b', 64),
        GatePolicySha256 = new string('c', 64),
        CodeVersion = "1",
        EvaluatedAt = "2026-02-25T06:00:00Z",
    };

    private static async Task<RecordingResponse> AnswerAsync(HttpClient client, StartLaneRunRequest request)
    {
        using var answer = await client.PostAsJsonAsync(Path, request, ApiJson.Options, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<RecordingResponse>(ApiJson.Options, Cancellation))!;
    }
}
