using System.Net;
using System.Net.Http.Headers;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Access;

/// <summary>Keys as they are kept in the database.</summary>
public sealed class ApiKeyTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = "/v1/candidates/cand-0123456789ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_revoked_key_stops_within_the_time_that_it_is_cached_and_an_expired_one_at_once()
    {
        var clock = new AClock();
        await using var server = await AServer.StartAsync(
            postgreSql, keys: ledger => new StoredKeyHolders(new ApiKeys(ledger.Database, clock), TimeSpan.FromSeconds(3), clock));
        var keys = new ApiKeys(server.Ledger.Database, clock);
        var (text, key) = await keys.CreateAsync("lane-1", "worker", null, "anna", Cancellation);
        var (expiring, _) = await keys.CreateAsync("lane-2", "worker", TimeSpan.FromSeconds(2), "anna", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, text));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, expiring));

        Assert.True((await keys.RevokeAsync(key.KeyId, Cancellation)).Now);
        clock.Now += TimeSpan.FromSeconds(2);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, text));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, expiring));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, text));

        foreach (var unknown in new[] { "jq_", text + "a", text[..^1], "JQ_" + text[3..], "jq_' or 1=1 --", "jq_" + new string('a', 5000) })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, unknown));
        using var nobody = server.ClientOf(null);
        using var answer = await nobody.GetAsync(Candidate, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());

        var entries = await server.RefusedAsync(9);
        Assert.Equal(
            [
                ("key_expired", "lane-2"), ("key_revoked", "lane-1"), ("key_unknown", null), ("key_unknown", null), ("key_unknown", null),
                ("credentials_unknown", null), ("key_unknown", null), ("key_unknown", null), ("credentials_missing", null),
            ],
            entries.Select(one => (one.Code, one.KeyName)));
        Assert.All(entries, one => Assert.Equal(
            (401, (string?)null, "127.0.0.1", "GET", Candidate), (one.Status, one.Actor, one.Address, one.Method, one.Path)));
    }

    [Theory]
    [InlineData("bearer ", HttpStatusCode.NotFound)]
    [InlineData("BEARER  ", HttpStatusCode.NotFound)]
    [InlineData("Bearer", HttpStatusCode.Unauthorized)]
    [InlineData("Basic ", HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    public async Task the_scheme_is_of_any_case(string scheme, HttpStatusCode expected)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var client = server.ClientOf(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, Candidate);
        request.Headers.TryAddWithoutValidation("Authorization", scheme + NamesAreKeys.KeyOf("somebody", "worker"));
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(AServer server, string key)
    {
        using var client = server.ClientOf(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, Candidate);
        request.Headers.TryAddWithoutValidation("Authorization", new AuthenticationHeaderValue("Bearer", key).ToString());
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private sealed class AClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 2, 25, 6, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
