using System.Net;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests;

/// <summary>A real server on a socket, on a real database.</summary>
public sealed class CandidateEndpointTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task a_server_answers_with_the_candidates_that_are_recorded()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var server = await StartAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", Cancellation)).StatusCode);

        var start = Start();
        await server.Services.GetRequiredService<LedgerHost>().SendAsync(start, Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", Cancellation)).StatusCode);
        var list = (JsonObject)JsonValue.Read(await client.GetByteArrayAsync("/candidates?target=paper", Cancellation));
        var listed = (JsonObject)Assert.Single(((JsonArray)list["candidates"]!).Elements);
        Assert.Equal(start.CandidateId, ((JsonText)listed["candidate_id"]!).Value);
        var shown = (JsonObject)JsonValue.Read(await client.GetByteArrayAsync($"/candidates/{start.CandidateId}", Cancellation));
        Assert.Equal("\"evaluating\"", shown["stage"]!.ToString());
        var none = (JsonObject)JsonValue.Read(await client.GetByteArrayAsync("/candidates?target=live", Cancellation));
        Assert.Empty(((JsonArray)none["candidates"]!).Elements);
    }

    [Theory]
    [InlineData("/candidates/cand-000000000000", HttpStatusCode.NotFound)]
    [InlineData("/candidates?target=moon", HttpStatusCode.BadRequest)]
    [InlineData("/candidates?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task what_cannot_be_answered_is_a_problem_document(string path, HttpStatusCode expected)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var server = await StartAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        using var answer = await client.GetAsync(path, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<WebApplication> StartAsync(TestDatabase database)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLedgerServer(await LedgerHost.OpenAsync(
            new LedgerOptions
            {
                ConnectionString = database.ConnectionString,
                Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
            },
            cancellation: Cancellation));
        var app = builder.Build();
        app.MapLedger();
        await app.StartAsync(Cancellation);
        return app;
    }

    private static StartLaneRun Start() => new()
    {
        CandidateId = "cand-0123456789ab",
        RunId = "0123456789abcdef01234567",
        Target = PromotionTarget.Paper,
        SignalsSha256 = Sha256Hash.OfText("signals"),
        StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
        GatePolicySha256 = Sha256Hash.OfText("policy"),
        CodeVersion = "1",
        EvaluatedAt = Instant.Parse("2026-02-25T06:00:00Z"),
        Worker = "a-worker",
        By = new Submitter("a-worker", "worker"),
    };
}
