using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests;

/// <summary>A ledger on an empty database of its own.</summary>
internal sealed class ALedger : IAsyncDisposable
{
    public static readonly Submitter Worker = new("worker-7", "worker", "correlation-1", "causation-1");

    private readonly TestDatabase _database;

    private ALedger(TestDatabase database, LedgerHost host)
    {
        _database = database;
        Host = host;
    }

    public LedgerHost Host { get; }

    public string ConnectionString => _database.ConnectionString;

    public static async Task<ALedger> OnAnEmptyDatabaseAsync(PostgreSqlFixture postgres, Func<LedgerOptions, LedgerOptions>? change = null)
    {
        var database = await postgres.NewDatabaseAsync();
        var options = new LedgerOptions { ConnectionString = database.ConnectionString, CreateSchema = true };
        return new ALedger(database, LedgerHost.Open(change?.Invoke(options) ?? options));
    }

    /// <summary>Another program on the same ledger.</summary>
    public LedgerHost Another(Func<LedgerOptions, LedgerOptions>? change = null)
    {
        var options = new LedgerOptions { ConnectionString = ConnectionString, CreateSchema = true };
        return LedgerHost.Open(change?.Invoke(options) ?? options);
    }

    public static StartLaneRun ARun(int number = 1, string? candidateId = null, string evaluatedAt = "2026-01-05T14:30:00Z")
    {
        var runId = Sha256Hash.OfText($"run {number}").Id;
        return new StartLaneRun
        {
            CandidateId = candidateId ?? CandidateIdentity.CandidateOf(runId),
            By = Worker,
            RunId = runId,
            Target = PromotionTarget.Paper,
            SignalsSha256 = Sha256Hash.OfText($"signals {number}"),
            StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
            GatePolicySha256 = Sha256Hash.OfText("policy"),
            CodeVersion = "1.0.0",
            EvaluatedAt = Instant.Parse(evaluatedAt),
            Worker = "worker-7",
        };
    }

    public static SubmittedArtifact AnArtifact(string path, string text) =>
        new(path, new DocumentContent(Encoding.UTF8.GetBytes(text)), "application/json");

    public static SubmitLaneRun AFinishedRun(int number = 1, int artifacts = 15, string? candidateId = null) => new(
        ARun(number, candidateId),
        [.. Enumerable.Range(0, artifacts).Select(
            i => AnArtifact($"gates/file-{i:00}.json", $"{{\"run\": {number}, \"file\": {i}, \"text\": \"{new string('x', 600)}\"}}"))]);

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

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _database.DisposeAsync();
    }
}
