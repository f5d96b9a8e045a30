using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests;

/// <summary>A ledger on an empty database of its own.</summary>
internal sealed class ALedger : IAsyncDisposable
{
    public static readonly Submitter Worker = SmallRuns.Worker;

    private readonly TestDatabase _database;

    private ALedger(TestDatabase database, LedgerHost host)
    {
        _database = database;
        Host = host;
    }

    public LedgerHost Host { get; }

    public string ConnectionString => _database.ConnectionString;

    /// <summary>One role does everything on the tests' server, and nothing on it need survive a crash.</summary>
    public const AcceptedRisks Risks = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer;

    public static async Task<ALedger> OnAnEmptyDatabaseAsync(PostgreSqlFixture postgres, Func<LedgerOptions, LedgerOptions>? change = null)
    {
        var database = await postgres.NewLedgerDatabaseAsync();
        var options = new LedgerOptions { ConnectionString = database.ConnectionString, Accept = Risks };
        var cancellation = TestContext.Current.CancellationToken;
        return new ALedger(database, await LedgerHost.OpenAsync(change?.Invoke(options) ?? options, cancellation: cancellation));
    }

    /// <summary>Another program on the same ledger.</summary>
    public LedgerHost Another(Func<LedgerOptions, LedgerOptions>? change = null)
    {
        var options = new LedgerOptions { ConnectionString = ConnectionString };
        return LedgerHost.OpenUnchecked(change?.Invoke(options) ?? options);
    }

    public static StartLaneRun ARun(int number = 1, string? candidateId = null, string evaluatedAt = "2026-01-05T14:30:00Z") =>
        SmallRuns.ARun(number, candidateId, evaluatedAt);

    public static SubmittedArtifact AnArtifact(string path, string text) => SmallRuns.AnArtifact(path, text);

    public static SubmitLaneRun AFinishedRun(int number = 1, int artifacts = 15, string? candidateId = null) =>
        SmallRuns.AFinishedRun(number, artifacts, candidateId);

    public static ArtifactSet SetOf(IEnumerable<SubmittedArtifact> artifacts) =>
        ArtifactSet.Of(artifacts.Select(artifact => artifact.ToArtifact()));

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>The first column of every row.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string sql)
    {
        var rows = new List<string>();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(reader.GetString(0));
        return rows;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What the owner of the tables can do to recorded rows all the same: it disables what protects them.</summary>
    /// <returns>The number of rows that were changed.</returns>
    public async Task<int> TamperAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await TriggersAsync("disable");
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        var changed = await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await TriggersAsync("enable always");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        return changed;

        async Task TriggersAsync(string how)
        {
            foreach (var table in new[] { "mt_events", "content" })
            {
                await using var alter = new NpgsqlCommand(
                    $"alter table janusq.{table} {how} trigger append_only, {how} trigger append_only_truncate", connection, transaction);
                await alter.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _database.DisposeAsync();
    }
}
