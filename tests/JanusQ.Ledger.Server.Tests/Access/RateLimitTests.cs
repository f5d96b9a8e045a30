using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Refusals;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.Access;

public sealed class RateLimitTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = "/v1/candidates/cand-0123456789ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_asks_too_often_is_told_when_to_ask_again_and_others_are_answered()
    {
        await using var server = await AServer.StartAsync(postgreSql, settings: new ServerSettings
        {
            Rates = new RateSettings { CallerPerSecond = 1, CallerBurst = 3, AddressPerSecond = 1, AddressBurst = 2 },
        });
        using var greedy = server.ClientOf("worker", "greedy");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => greedy.GetAsync(Candidate, Cancellation)));
        Assert.InRange(answers.Count(one => one.StatusCode == HttpStatusCode.NotFound), 3, 6);
        var refused = answers.First(one => one.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal("rate_limited", (string?)(await refused.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["code"]);

        using var modest = server.ClientOf("worker", "modest");
        Assert.Equal(HttpStatusCode.NotFound, (await modest.GetAsync(Candidate, Cancellation)).StatusCode);
        using var nobody = server.ClientOf(null);
        var unknown = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => nobody.GetAsync(Candidate, Cancellation)));
        Assert.InRange(unknown.Count(one => one.StatusCode == HttpStatusCode.Unauthorized), 2, 4);
        Assert.Equal(HttpStatusCode.NotFound, (await modest.GetAsync(Candidate, Cancellation)).StatusCode);

        var entries = await server.RefusedAsync(20);
        Assert.Contains(entries, one => (one.Status, one.Code, one.Actor, one.KeyName) is (429, "rate_limited", "greedy", "greedy"));
        Assert.Contains(entries, one => (one.Status, one.Code, one.Actor) is (429, "rate_limited", null));
    }

    [Fact]
    public async Task a_flood_without_a_key_hides_nothing_that_somebody_with_one_is_refused()
    {
        await using var server = await AServer.StartAsync(postgreSql, settings: new ServerSettings
        {
            Rates = new RateSettings { AddressPerSecond = 1, AddressBurst = 20 },
            SecurityLogQueue = 50,
            SecurityLogPerSecond = 50,
        });
        using var nobody = server.ClientOf(null);
        using var worker = server.ClientOf("worker");
        async Task FloodAsync()
        {
            for (var i = 0; i < 1000; i++) (await nobody.GetAsync(Candidate, Cancellation)).Dispose();
        }

        async Task ProbeAsync()
        {
            for (var i = 0; i < 40; i++)
            {
                using var answer = await worker.GetAsync(new Uri("/v1/keys", UriKind.Relative), Cancellation);
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            }
        }

        var writer = server.Services.GetRequiredService<SecurityLogWriter>();
        await FloodAsync();
        await Task.WhenAll(FloodAsync(), ProbeAsync());
        Assert.True(writer.Dropped > 100);
        var seen = 0;
        for (var i = 0; i < 200 && seen < 40; i++)
        {
            await Task.Delay(50, Cancellation);
            seen = (await server.Ledger.SecurityLog.LatestAsync(10_000, Cancellation)).Count(one => one.Status == 403);
        }

        Assert.Equal(40, seen);
    }

    [Fact]
    public async Task a_flood_of_refused_requests_is_counted_and_what_does_not_fit_is_dropped()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, settings: new ServerSettings { SecurityLogQueue = 10, SecurityLogPerSecond = 1 });
        using var nobody = server.ClientOf(null);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => nobody.GetAsync(Candidate, Cancellation)));
        using var worker = server.ClientOf("worker");
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(Candidate, Cancellation)).StatusCode);
        var writer = server.Services.GetRequiredService<SecurityLogWriter>();
        Assert.InRange(writer.Dropped, 100, 299);
        Assert.InRange((await server.Ledger.SecurityLog.LatestAsync(1000, Cancellation)).Length, 1, 200);
    }
}
