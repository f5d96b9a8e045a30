using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Watching;

public sealed class HealthTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("live")]
    [InlineData("started")]
    [InlineData("ready")]
    public async Task anybody_may_ask_a_server_that_is_well(string what)
    {
        await using var server = await AServer.StartAsync(postgreSql, options => options with { RunProjections = true }, settings: Often);
        var health = await UntilAsync(server, what, HttpStatusCode.OK);
        Assert.Equal(HealthResponse.Passed, health.Status);
        Assert.All(health.Checks, check => Assert.Equal((HealthResponse.Passed, null), (check.Status, check.Explanation)));
        if (what == "ready")
            Assert.Superset(
                new HashSet<string> { "database", "projection:Decision" }, health.Checks.Select(check => check.Name).ToHashSet());
    }

    [Fact]
    public async Task a_server_whose_projections_lag_beyond_the_limit_is_not_ready_until_they_caught_up()
    {
        await using var server = await AServer.StartAsync(
            postgreSql,
            options => options with { RunProjections = true },
            settings: Often with { Watch = Often.Watch with { ProjectionLagEvents = 5 } });
        await UntilAsync(server, "ready", HttpStatusCode.OK);
        await using (var held = await HoldAsync(server, LedgerLocks.TryProjectAloneAsync))
        {
            await PromotableRun.Number(0).SubmitAsync(server.Ledger, Cancellation);
            // The projections are looked at one after the other: those that are looked at before the events are there lag at the next look.
            var health = await UntilAsync(
                server,
                "ready",
                HttpStatusCode.ServiceUnavailable,
                said => said.Checks.Any(check => check is { Name: "projection:Decision", Status: HealthResponse.Failed }));
            var lagging = Assert.Single(health.Checks, check => check.Name == "projection:Decision");
            Assert.Equal((HealthResponse.Failed, 5), (lagging.Status, lagging.EventsLimit));
            Assert.True(lagging.EventsBehind > 5);
            Assert.Contains(health.Checks, check => check is { Name: "database", Status: HealthResponse.Passed });
        }

        await UntilAsync(server, "ready", HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_server_whose_log_lags_for_too_long_is_not_ready_until_it_caught_up()
    {
        var key = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)7, SignerKey.SeedSize)]);
        await using var server = await AServer.StartAsync(
            postgreSql,
            options => options with
            {
                RunLog = true,
                Log = new LogOptions { Keys = LogKeyRing.Of(key), RetryInterval = TimeSpan.FromMilliseconds(50) },
            },
            settings: Often with { Watch = Often.Watch with { LogLag = TimeSpan.FromSeconds(1.5) } });
        await UntilAsync(server, "ready", HttpStatusCode.OK);
        await using (var held = await HoldAsync(server, LedgerLocks.TryWriteLogAloneAsync))
        {
            await PromotableRun.Number(0).SubmitAsync(server.Ledger, Cancellation);
            var health = await UntilAsync(server, "ready", HttpStatusCode.ServiceUnavailable);
            var lagging = Assert.Single(health.Checks, check => check.Name == "log");
            Assert.Equal((HealthResponse.Failed, 1), (lagging.Status, lagging.SecondsLimit));
            Assert.True(lagging.SecondsBehind >= 1);
        }

        await UntilAsync(server, "ready", HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_server_whose_log_stopped_is_not_ready_however_little_it_lags()
    {
        var key = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)7, SignerKey.SeedSize)]);
        await using var server = await AServer.StartAsync(
            postgreSql,
            options => options with
            {
                RunLog = true,
                Log = new LogOptions { Keys = LogKeyRing.Of(key), RetryInterval = TimeSpan.FromMilliseconds(50) },
            },
            settings: Often);
        await UntilAsync(server, "ready", HttpStatusCode.OK);
        await using (var held = await HoldAsync(server, LedgerLocks.TryWriteLogAloneAsync))
        {
            // What was appended is altered before the log takes it.
            await PromotableRun.Number(0).SubmitAsync(server.Ledger, Cancellation);
            await using var alter = server.Ledger.Database.CreateCommand(
                """
                alter table janusq.mt_events disable trigger user;
                update janusq.mt_events set data = data || '{"more": 1}' where seq_id = (select max(seq_id) from janusq.mt_events);
                alter table janusq.mt_events enable always trigger append_only;
                """);
            await alter.ExecuteNonQueryAsync(Cancellation);
        }

        var health = await UntilAsync(server, "ready", HttpStatusCode.ServiceUnavailable);
        var log = Assert.Single(health.Checks, check => check.Status == HealthResponse.Failed);
        Assert.Equal(("log", $"The log stopped: {LogRefusals.EventAltered}."), (log.Name, log.Explanation));
        Assert.True(log.EventsBehind <= log.EventsLimit && log.SecondsBehind <= log.SecondsLimit);
        Assert.Contains(health.Checks, check => check is { Name: "database", Status: HealthResponse.Passed });
        await UntilAsync(server, "live", HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_server_without_its_database_is_alive_and_not_ready_and_says_nothing_of_the_inside()
    {
        await using var server = await AServer.StartAsync(postgreSql, settings: Often);
        await UntilAsync(server, "ready", HttpStatusCode.OK);
        await CloseDatabaseAsync(server);
        var health = await UntilAsync(server, "ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("database", "The database does not answer."), (health.Checks[0].Name, health.Checks[0].Explanation));
        await UntilAsync(server, "live", HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_server_without_its_database_says_how_it_is_also_to_who_shows_a_key_and_its_metrics_to_who_read_them_lately()
    {
        await using var server = await AServer.StartAsync(
            postgreSql,
            settings: Often,
            keys: ledger => new StoredKeyHolders(ledger.Keys, TimeSpan.Zero, TimeProvider.System));
        using var lately = await KeyHolderAsync(server, "operator");
        using var never = await KeyHolderAsync(server, "operator");
        using var auditor = await KeyHolderAsync(server, "auditor");
        await UntilAsync(server, "ready", HttpStatusCode.OK);
        await UntilAsync(server, "started", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lately, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(auditor, "/metrics"));
        await CloseDatabaseAsync(server);
        await UntilAsync(server, "ready", HttpStatusCode.ServiceUnavailable);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lately, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lately, "/health/started"));
        using var ready = await lately.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
        Assert.Equal(
            "The database does not answer.",
            (await ready.Content.ReadFromJsonAsync<HealthResponse>(ApiJson.Options, Cancellation))!.Checks[0].Explanation);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lately, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(auditor, "/metrics"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(never, "/metrics"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(lately, "/v1/safety"));
    }

    private static ServerSettings Often => new() { Watch = new WatchSettings { Interval = TimeSpan.FromMilliseconds(50) } };

    private static async Task<HealthResponse> UntilAsync(
        AServer server, string what, HttpStatusCode expected, Func<HealthResponse, bool>? holds = null)
    {
        using var anybody = server.ClientOf(null);
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await anybody.GetAsync(new Uri($"/health/{what}", UriKind.Relative), Cancellation);
            var health = await answer.Content.ReadFromJsonAsync<HealthResponse>(ApiJson.Options, Cancellation);
            if (answer.StatusCode == expected && holds?.Invoke(health!) != false) return health!;
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), $"{answer.StatusCode} {health}");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Another session takes a lock of the server's background work from it and keeps it.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(AServer server, Func<NpgsqlConnection, CancellationToken, Task<bool>> tryTake)
    {
        var connection = await server.Ledger.Database.OpenConnectionAsync(Cancellation);
        await using (var end = server.Ledger.Database.CreateCommand(
            """
            select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and classid = 19025 and database = (select oid from pg_database where datname = current_database())
            """))
        {
            while (!await tryTake(connection, Cancellation)) await end.ExecuteNonQueryAsync(Cancellation);
        }

        return connection;
    }

    private static async Task<HttpClient> KeyHolderAsync(AServer server, string role)
    {
        var (key, _) = await server.Ledger.Keys.CreateAsync($"a-{role}", role, null, "ada", Cancellation);
        var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private static async Task CloseDatabaseAsync(AServer server)
    {
        var there = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var elsewhere = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" };
        await using var connection = new NpgsqlConnection(elsewhere.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            $"alter database \"{there.Database}\" allow_connections false; "
            + $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{there.Database}'",
            connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
