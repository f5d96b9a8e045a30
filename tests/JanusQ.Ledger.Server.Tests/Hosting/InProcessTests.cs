using System.Text.Json.Nodes;
using Alba;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>The application without a socket: one endpoint of each domain, through the whole pipeline.</summary>
public sealed class InProcessTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = $"/v1/candidates/{ARun.CandidateId}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_domain_answers_in_process_as_over_a_socket()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await LedgerHost.OpenAsync(new LedgerOptions
        {
            ConnectionString = database.ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        }, cancellation: Cancellation);
        var builder = WebApplication.CreateBuilder();
        builder.AddLedgerServer(ledger, new NamesAreKeys());
        await using var host = await AlbaHost.For(builder, app => app.UseLedgerServer());

        Assert.Equal("recorded", (string?)(await PostAsync(host, "worker", $"{Candidate}/evaluations", ARun.Start, 200))["outcome"]);
        Assert.Equal("unchanged", (string?)(await PostAsync(host, "worker", $"{Candidate}/evaluations", ARun.Start, 200))["outcome"]);
        var reason = new ReasonRequest { Reason = "why" };
        Assert.True((bool)(await PostAsync(host, "operator", "/v1/kill-switch/engage", reason, 200))["kill_switch_engaged"]!);
        Assert.Equal("recorded", (string?)(await PostAsync(host, "operator", $"{Candidate}/pause", reason, 200))["outcome"]);
        Assert.Equal("evaluation_not_completed", (string?)(await PostAsync(
            host, "worker", $"{Candidate}/promotions", new RequestPromotionRequest(), 409))["code"]);
        Assert.Equal("media_type_unsupported", (string?)(await PostAsync(host, "worker", "/v1/lanes", reason, 415))["code"]);
        Assert.Equal("not_authorised", (string?)(await PostAsync(host, "worker", $"{Candidate}/resume", reason, 403))["code"]);

        Assert.Equal(ARun.CandidateId, (string?)(await GetAsync(host, Candidate, 200))["candidate_id"]);
        Assert.Empty((JsonArray)(await GetAsync(host, $"{Candidate}/approvals", 200))["approvals"]!);
        Assert.Empty((JsonArray)(await GetAsync(host, "/v1/decisions", 200))["decisions"]!);
        Assert.Equal("unknown_artifact", (string?)(await GetAsync(host, $"/v1/contents/{new string('a', 64)}", 404))["code"]);
        Assert.Equal("log_not_signed_yet", (string?)(await GetAsync(host, "/checkpoint", 404))["code"]);
        foreach (var address in new[]
        {
            $"/v1/runs/{ARun.RunId}",
            "/v1/champions",
            "/v1/policies",
            "/v1/safety",
            "/v1/statistics/gate-failures",
        })
            await GetAsync(host, address, 200);
        Assert.Equal("pass", (string?)(await GetAsync(host, "/health/live", 200))["status"]);
        Assert.Equal("3.1.1", (string?)(await GetAsync(host, "/openapi/v1.json", 200))["openapi"]);
        Assert.Equal(3, (await ledger.Queries.StatusAsync(Cancellation)).Events);
    }

    private static async Task<JsonObject> GetAsync(IAlbaHost host, string address, int status)
    {
        var asked = await host.Scenario(scenario =>
        {
            scenario.Get.Url(address);
            Show(scenario, "auditor", status);
        });
        return await ReadAsync(asked);
    }

    private static async Task<JsonObject> PostAsync<T>(IAlbaHost host, string role, string address, T body, int status)
    {
        var sent = await host.Scenario(scenario =>
        {
            scenario.Post.Json(body, JsonStyle.MinimalApi).ToUrl(address);
            scenario.WithRequestHeader("If-Match", "*");
            Show(scenario, role, status);
        });
        return await ReadAsync(sent);
    }

    private static void Show(Scenario scenario, string role, int status)
    {
        scenario.WithRequestHeader("Authorization", $"Bearer {NamesAreKeys.KeyOf("somebody", role)}");
        scenario.StatusCodeShouldBe(status);
    }

    private static async Task<JsonObject> ReadAsync(IScenarioResult result)
    {
        Assert.Equal(
            result.Context.Response.StatusCode < StatusCodes.Status400BadRequest ? "application/json" : "application/problem+json",
            result.Context.Response.ContentType!.Split(';')[0]);
        return JsonNode.Parse(await result.ReadAsTextAsync())!.AsObject();
    }
}
