using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusQ.Ledger.Server.Tests.Keys;

/// <summary>Keys are made, listed and taken back over the server that they open.</summary>
public sealed class KeyTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_key_that_was_made_opens_the_server_is_listed_without_its_text_and_stops_when_it_is_revoked()
    {
        await using var server = await StartAsync();
        var (admin, _) = await AdminOfAsync(server, "anna");
        var made = await admin.CreateKeyAsync(
            new CreateKeyRequest { Name = "lane-1", Role = "worker", ExpiresInSeconds = 3600 }, Cancellation);
        Assert.Matches("^jq_[A-Za-z0-9_-]{43}$", made.Key);
        Assert.Equal(("lane-1", "worker", "valid", "anna"), (made.About.Name, made.About.Role, made.About.Status, made.About.CreatedBy));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, made.Key));

        var listed = (await admin.ListKeysAsync(Cancellation)).Keys;
        Assert.Equal(["anna", "lane-1"], listed.Select(key => key.Name));
        Assert.Equal(made.About, listed[1]);
        Assert.DoesNotContain(made.Key[3..], JsonSerializer.Serialize(listed), StringComparison.Ordinal);

        var revoked = await admin.RevokeKeyAsync(made.About.KeyId, Cancellation);
        Assert.Equal(
            (RevokedKeyResponse.Revoked, false, 1, "revoked"),
            (revoked.Outcome, revoked.OwnKey, revoked.AdminKeysLeft, revoked.About.Status));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, made.Key));
        var again = await admin.RevokeKeyAsync(made.About.KeyId, Cancellation);
        Assert.Equal((RevokedKeyResponse.Unchanged, revoked.About), (again.Outcome, again.About));
        await AClient.ProblemAsync(HttpStatusCode.NotFound, "unknown_key", () => admin.RevokeKeyAsync("key-000000000000", Cancellation));
        Assert.Equal(0, await server.EventsAsync());
    }

    [Fact]
    public async Task who_takes_back_the_own_key_is_told_so_and_that_no_admin_is_left()
    {
        await using var server = await StartAsync();
        var (anna, annas) = await AdminOfAsync(server, "anna");
        var (otto, ottos) = await AdminOfAsync(server, "otto");
        var others = await anna.RevokeKeyAsync(ottos.KeyId, Cancellation);
        Assert.Equal((false, 1), (others.OwnKey, others.AdminKeysLeft));
        await AClient.ProblemAsync(HttpStatusCode.Unauthorized, "not_authenticated", () => otto.ListKeysAsync(Cancellation));
        var own = await anna.RevokeKeyAsync(annas.KeyId, Cancellation);
        Assert.Equal((RevokedKeyResponse.Revoked, true, 0), (own.Outcome, own.OwnKey, own.AdminKeysLeft));
        await AClient.ProblemAsync(HttpStatusCode.Unauthorized, "not_authenticated", () => anna.ListKeysAsync(Cancellation));
    }

    [Theory]
    [InlineData("""{"name":"a b","role":"worker"}""", HttpStatusCode.BadRequest, "command_invalid", "name")]
    [InlineData("""{"name":"a","role":"king"}""", HttpStatusCode.BadRequest, "command_invalid", "role")]
    [InlineData(
        """{"name":"a","role":"worker","expires_in_seconds":0}""", HttpStatusCode.BadRequest, "request_invalid", "expires_in_seconds")]
    [InlineData(
        """{"name":"a","role":"worker","expires_in_seconds":3153600001}""",
        HttpStatusCode.BadRequest, "request_invalid", "expires_in_seconds")]
    [InlineData("""{"name":"a","role":"worker","key":"jq_mine"}""", HttpStatusCode.BadRequest, "request_invalid", "key")]
    public async Task what_is_no_key_is_refused_by_its_member(string body, HttpStatusCode status, string code, string field)
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await AdminKeyAsync(server, "anna")).Text);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri("/v1/keys", UriKind.Relative), content, Cancellation);
        Assert.Equal(field, (string?)(await AClient.ProblemAsync(status, code, answer))["field"]);
        Assert.Single(await server.Ledger.Keys.ListAsync(Cancellation));
    }

    [Fact]
    public async Task nothing_that_is_logged_holds_the_text_of_a_key_and_no_cache_keeps_it()
    {
        var log = new EverythingLogged();
        await using var server = await AServer.StartAsync(postgreSql, keys: Stored, configure: builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Configure<LoggerFilterOptions>(options =>
            {
                options.Rules.Clear();
                options.MinLevel = LogLevel.Trace;
            });
            builder.Logging.AddProvider(log);
        });
        var (text, _) = await AdminKeyAsync(server, "anna");
        using var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        using var content = new StringContent("""{"name":"lane-1","role":"worker"}""", new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri("/v1/keys", UriKind.Relative), content, Cancellation);
        Assert.Equal(
            "no-store, private", string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order(StringComparer.Ordinal)));
        var made = JsonSerializer.Deserialize<CreatedKeyResponse>(await answer.Content.ReadAsStringAsync(Cancellation), ApiJson.Options)!;
        var lines = log.Lines.ToArray();
        Assert.Contains(lines, line => line.Contains("/v1/keys", StringComparison.Ordinal));
        Assert.DoesNotContain(
            lines, line => line.Contains(made.Key, StringComparison.Ordinal) || line.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task the_security_log_says_who_was_refused_last()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        foreach (var role in (string[])["worker", "auditor"])
            await AClient.ProblemAsync(
                HttpStatusCode.Forbidden, "not_authorised", () => AClient.Of(server, role).ListKeysAsync(Cancellation));
        await server.RefusedAsync(2);
        using var client = server.ClientOf("admin");
        var got = await Got.FromAsync(client, "/v1/security-log?limit=1");
        var entry = Assert.Single(got.Document["entries"]!.AsArray())!;
        Assert.Equal(
            ("auditor", "GET", "/v1/keys", 403),
            ((string)entry["role"]!, (string)entry["method"]!, (string)entry["path"]!, (int)entry["status"]!));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "request_invalid", "limit"),
            (await Got.FromAsync(client, "/v1/security-log?limit=10001")).Problem);
    }

    private static StoredKeyHolders Stored(Ledger.Hosting.LedgerHost ledger) => new(ledger.Keys, TimeSpan.Zero, TimeProvider.System);

    private static async Task<(string Text, ApiKey Key)> AdminKeyAsync(AServer server, string name) =>
        await server.Ledger.Keys.CreateAsync(name, Roles.Admin, null, "the-operator", Cancellation);

    private static async Task<(LedgerClient Client, ApiKey Key)> AdminOfAsync(AServer server, string name)
    {
        var (text, key) = await AdminKeyAsync(server, name);
        return (new LedgerClient(server.ClientOf(null), text, LedgerRetries.None), key);
    }

    private static async Task<HttpStatusCode> StatusAsync(AServer server, string key)
    {
        using var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.GetAsync(new Uri("/v1/candidates/cand-0123456789ab", UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private Task<AServer> StartAsync() => AServer.StartAsync(postgreSql, keys: Stored);

    /// <summary>Keeps every line that anything logs, whatever its level.</summary>
    private sealed class EverythingLogged : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
