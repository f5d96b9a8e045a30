using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Access;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Decisions;

/// <summary>A stream does not outlive what opened it.</summary>
public sealed class DecisionStreamAccessTests(PostgreSqlFixture postgreSql)
{
    /// <summary>Far more than it takes, far less than the streams would go on.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task it_ends_soon_after_its_key_is_revoked_and_others_go_on()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, Often, keys: ledger => new StoredKeyHolders(ledger.Keys, TimeSpan.FromSeconds(1), TimeProvider.System));
        var (revoked, key) = await server.Ledger.Keys.CreateAsync("reader-1", "auditor", null, "anna", Cancellation);
        var (kept, _) = await server.Ledger.Keys.CreateAsync("reader-2", "auditor", null, "anna", Cancellation);
        using var first = ClientOf(server, revoked);
        using var second = ClientOf(server, kept);
        await using var ending = await Listener.ListenAsync(first);
        await using var going = await Listener.ListenAsync(second);
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Admission.Interval * 2) Assert.True((await ending.NextAsync()).IsMessage);

        Assert.True((await server.Ledger.Keys.RevokeAsync(key.KeyId, Cancellation)).Now);
        await EndsAsync(ending);
        waited.Restart();
        while (waited.Elapsed < Admission.Interval * 2) Assert.True((await going.NextAsync()).IsMessage);
        using var again = await first.GetAsync(new Uri("/v1/decisions/stream", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        while (server.Ledger.Feed.Followers > 1) await Task.Delay(10, Cancellation);
    }

    [Fact]
    public async Task it_ends_soon_after_its_key_has_expired()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, Often, keys: ledger => new StoredKeyHolders(ledger.Keys, TimeSpan.FromMinutes(1), TimeProvider.System));
        var (text, key) = await server.Ledger.Keys.CreateAsync("reader", "auditor", TimeSpan.FromSeconds(3), "anna", Cancellation);
        using var client = ClientOf(server, text);
        await using var listener = await Listener.ListenAsync(client);
        await EndsAsync(listener);
        Assert.True(TimeProvider.System.GetUtcNow() >= key.ExpiresAt);
    }

    [Fact]
    public async Task it_ends_soon_after_its_token_has_expired()
    {
        await using var issuer = await AnIssuer.StartAsync();
        await using var server = await AServer.StartAsync(postgreSql, Often, settings: new ServerSettings
        {
            Tokens = new TokenSettings
            {
                Issuer = issuer.Issuer,
                Audience = "ledger",
                RoleClaim = "groups",
                ClockSkew = TimeSpan.FromSeconds(1),
            },
        });
        var expires = DateTime.UtcNow.AddSeconds(3);
        using var client = ClientOf(server, issuer.Token(token => (token.Expires, token.Claims["groups"]) = (expires, "auditor")));
        await using var listener = await Listener.ListenAsync(client);
        await EndsAsync(listener);

        // Tokens count in whole seconds.
        Assert.True(DateTime.UtcNow >= expires.AddSeconds(-1) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task it_ends_where_nobody_can_say_whether_its_key_still_counts()
    {
        await using var server = await AServer.StartAsync(postgreSql, Often, keys: _ => new AnsweringOnce());
        using var client = ClientOf(server, "jq_once");
        await using var listener = await Listener.ListenAsync(client);
        await EndsAsync(listener);
    }

    private static LedgerOptions Often(LedgerOptions options) => options with
    {
        Feed = new DecisionFeedOptions { PollInterval = TimeSpan.FromMilliseconds(20), HeartbeatInterval = TimeSpan.FromMilliseconds(100) },
    };

    private static HttpClient ClientOf(AServer server, string key)
    {
        var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task EndsAsync(Listener listener)
    {
        var waited = Stopwatch.StartNew();
        while ((await listener.NextAsync()).IsMessage) Assert.True(waited.Elapsed < Soon, "The stream goes on.");
    }

    private sealed class AnsweringOnce : IKeyHolders
    {
        private int _asked;

        public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) => Interlocked.Increment(ref _asked) == 1
            ? Task.FromResult<KeyHolder?>(new KeyHolder("reader", "auditor"))
            : throw new InvalidOperationException("Nobody answers.");
    }
}
