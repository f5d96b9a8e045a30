using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Audits;

/// <summary>A server that holds the key of its log, on a ledger with a champion and one that was denied, all of it signed.</summary>
internal sealed class ASignedLedger : IAsyncDisposable
{
    private ASignedLedger(AServer server, PromotionAnswer first) =>
        (Server, Candidate, Decision) = (server, first.CandidateId, first.Decision!.DecisionId);

    public static SignerKey Key { get; } = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)7, SignerKey.SeedSize)]);

    public AServer Server { get; }

    public string Candidate { get; }

    public string Decision { get; }

    public static async Task<ASignedLedger> StartAsync(
        PostgreSqlFixture postgreSql,
        ServerSettings? settings = null,
        Func<Ledger.Hosting.LedgerHost, Server.Access.IKeyHolders>? keys = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await AServer.StartAsync(
            postgreSql,
            options => options with { Log = new LogOptions { Keys = LogKeyRing.Of(Key) }, Clock = new StandingClock(PromotableRun.Now) },
            settings: settings,
            keys: keys);
        await PromotableRun.PrepareAsync(server.Ledger, cancellation);
        var first = await PromotableRun.Number(0).PromoteAsync(server.Ledger, cancellation);
        await PromotableRun.Loser().PromoteAsync(server.Ledger, cancellation);
        await server.Ledger.Log.CatchUpAsync(TimeSpan.FromSeconds(30), cancellation);
        return new ASignedLedger(server, first);
    }

    /// <summary>Runs a statement as whoever owns the database, past what keeps events as they are.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        await using var command = source.CreateCommand(
            "alter table janusq.mt_events disable trigger append_only; "
            + $"{sql}; alter table janusq.mt_events enable always trigger append_only");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Holds up whoever reads the log's tiles, which an audit does and the server by itself does not, until it is disposed of.
    /// </summary>
    public async Task<IAsyncDisposable> HoldUpAsync()
    {
        var connection = new NpgsqlConnection(Server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("begin; lock table janusq.log_tile in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
