using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.Log;
using Npgsql;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>
/// A ledger on which much has happened, sequenced and signed, made once: a promotion, its champion replaced and reinstated, denials,
/// drills, enough evaluations to fill a tile. Tests get copies of it.
/// </summary>
[CollectionDefinition(nameof(ASeededLedger))]
public sealed class ASeededLedger(PostgreSqlFixture postgres) : ICollectionFixture<ASeededLedger>, IAsyncLifetime
{
    /// <summary>Every code version that ran a lane there, all of which are this build.</summary>
    internal static readonly DeepAudit Deep = new(["1.0.0", .. Versions]);

    private static int _copies;

    private TestDatabase? _database;

    private static string[] Versions => ["1.0.1", "1.0.2", "1.0.3"];

    /// <summary>A checkpoint that somebody kept after the first promotion.</summary>
    public SignedCheckpoint Early { get; private set; } = null!;

    /// <summary>The checkpoint that was signed last, cosigned by a witness.</summary>
    public SignedCheckpoint Latest { get; private set; } = null!;

    /// <summary>The policy that asks for that witness.</summary>
    public WitnessPolicy Policy { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.NewLedgerDatabaseAsync();
        await using (var host = Open(_database.ConnectionString)) await HappenAsync(host);
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    /// <summary>A copy of it, which is the caller's alone.</summary>
    internal async Task<ATamperedLedger> CopyAsync()
    {
        var name = $"{_database!.Name}_copy_{Interlocked.Increment(ref _copies)}";
        await using var connection = new NpgsqlConnection(postgres.Lease.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"create database {name} template {_database.Name}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        return new ATamperedLedger(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = name }.ConnectionString);
    }

    internal static LedgerHost Open(string connectionString, byte key = 1) => Open(connectionString, ALog.Options(key));

    internal static LedgerHost Open(string connectionString, LogOptions log) => LedgerHost.OpenUnchecked(new LedgerOptions
    {
        ConnectionString = connectionString,
        Clock = new StandingClock(PromotableRun.Now),
        Log = log,
    });

    private async Task HappenAsync(LedgerHost host)
    {
        await PromotableRun.PrepareAsync(host, Cancellation);
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        Assert.Equal(PromotionAction.Promote, (await first.PromoteAsync(host, Cancellation)).Decision!.Action);
        Early = (await host.Log.CatchUpAsync(ALog.Patience, Cancellation)).Checkpoint!.Signed;

        // A number that is drawn and not used: a place in the past that something can be put into.
        await using (var burn = host.Database.CreateCommand("select nextval('janusq.mt_events_sequence')"))
            await burn.ExecuteScalarAsync(Cancellation);
        Assert.Equal(PromotionAction.Promote, (await second.PromoteAsync(host, Cancellation)).Decision!.Action);
        Assert.Equal(PromotionAction.Deny, (await first.RequestAsync(host, Cancellation)).Decision!.Action);
        var rolledBack = await host.SendAsync(
            new RollBackChampion
            {
                CandidateId = second.CandidateId,
                By = PromotableRun.Operator,
                Target = PromotionTarget.Paper,
                Reason = "losses",
            },
            Cancellation);
        Assert.Null(rolledBack.Refusal);
        var loser = PromotableRun.Loser();
        Assert.Equal(PromotionAction.Deny, (await loser.PromoteAsync(host, Cancellation)).Decision!.Action);
        foreach (var version in Versions)
            for (var number = 2; number < 5; number++) await PromotableRun.Number(number, version).SubmitAsync(host, Cancellation);
        await PromotableRun.RehearseAsync(host, "runbook_validated", true, Cancellation, minutes: 5);
        await host.Projections.CatchUpAsync(Cancellation);
        var last = await host.Log.CatchUpAsync(ALog.Patience, Cancellation);
        Assert.True(last.IsComplete);
        using var witness = new AWitness("witness.example", 21, ALog.Key(1).Verifier);
        using var http = new HttpClient();
        Policy = ALog.Policy($"{witness.PolicyLine}\nquorum witness.example\n");
        var witnessing = await host.Keepers(http).WitnessAsync(last.Checkpoint!.Signed, Policy, Cancellation);
        Assert.Null(witnessing.Refusal);
        Latest = witnessing.Checkpoint;
        Assert.True(Latest.Checkpoint.Size > TilePath.FullWidth, $"{Latest.Checkpoint.Size} leaves fill no tile.");
    }
}
