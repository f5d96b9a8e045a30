using System.Collections.Immutable;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Tests.Log;
using Npgsql;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>A copy of the seeded ledger in the hands of who owns its database: no trigger stops anything there.</summary>
internal sealed class ATamperedLedger(string connectionString) : IAsyncDisposable
{
    private static readonly string[] Protected = ["mt_events", "content", "log_leaf", "log_tile", "log_checkpoint", "log_cosignature"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string ConnectionString => connectionString;

    /// <summary>The ledger as its programs see it.</summary>
    public LedgerHost Open(LogOptions log) => ASeededLedger.Open(connectionString, log);

    /// <summary>Runs statements as the owner, with all triggers off that are not the database's own.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync();
        foreach (var table in Protected)
        {
            await using var disable = new NpgsqlCommand($"alter table janusq.{table} disable trigger user", connection);
            await disable.ExecuteNonQueryAsync(Cancellation);
        }

        await using var command = new NpgsqlCommand(sql, connection);
        Assert.True(await command.ExecuteNonQueryAsync(Cancellation) > 0, $"Nothing was tampered with: {sql}");
    }

    /// <summary>Brings the hash that is kept with each event in line with its data.</summary>
    public async Task RehashAsync()
    {
        var hashes = new List<(long Sequence, string Hash)>();
        await using var connection = await OpenAsync();
        await using (var select = new NpgsqlCommand(
            "select seq_id, data::text, headers ->> 'data_sha256' from janusq.mt_events", connection))
        await using (var reader = await select.ExecuteReaderAsync(Cancellation))
        {
            var data = new EventData();
            while (await reader.ReadAsync(Cancellation))
            {
                var hash = data.HashOf(reader.GetString(1)).ToString();
                if (hash != reader.GetString(2)) hashes.Add((reader.GetInt64(0), hash));
            }
        }

        Assert.NotEmpty(hashes);
        foreach (var (sequence, hash) in hashes)
        {
            await using var update = new NpgsqlCommand(
                "update janusq.mt_events set headers = headers || jsonb_build_object('data_sha256', $2::text) where seq_id = $1",
                connection);
            update.Parameters.AddWithValue(sequence);
            update.Parameters.AddWithValue(hash);
            await update.ExecuteNonQueryAsync(Cancellation);
        }
    }

    /// <summary>Brings every projection in line with the events.</summary>
    public async Task RebuildAsync()
    {
        await using var host = ASeededLedger.Open(connectionString);
        await host.Projections.RebuildAsync(cancellation: Cancellation);
    }

    /// <summary>Writes the log anew from the events and signs it.</summary>
    public async Task RelogAsync(byte key)
    {
        await RunAsync("delete from janusq.log_cosignature; delete from janusq.log_checkpoint; delete from janusq.log_tile; delete "
            + "from janusq.log_leaf");
        await using var host = ASeededLedger.Open(connectionString, key);
        await host.Log.CatchUpAsync(ALog.Patience, Cancellation);
    }

    /// <summary>Puts an artifact into the place of the first of its schema, with a document that has another member in it.</summary>
    public Task ReplaceArtifactAsync(string schemaVersion, Func<JsonObject, JsonObject> change) => ReplaceAsync(
        "select seq_id, data ->> 'sha256' from janusq.mt_events where data ->> 'schema_version' = $1 order by seq_id limit 1",
        schemaVersion, change);

    /// <summary>Puts a file into the place of the last one that was emitted at its path.</summary>
    public Task ReplaceLastAsync(string path, Func<JsonObject, JsonObject> change) => ReplaceAsync(
        "select seq_id, data ->> 'sha256' from janusq.mt_events where data ->> 'path' = $1 order by seq_id desc limit 1", path, change);

    /// <summary>Verifies it with the key of the log that was seeded.</summary>
    public async Task<AuditReport> VerifyAsync(Func<AuditOptions, AuditOptions>? change = null)
    {
        await using var host = ASeededLedger.Open(connectionString);
        var options = new AuditOptions { Keys = [ALog.Key(1).Verifier] };
        return await host.Audit.VerifyAsync(change?.Invoke(options) ?? options, cancellation: Cancellation);
    }

    public static ImmutableArray<KeptCheckpoint> Kept(params SignedCheckpoint[] kept) =>
        [.. kept.Select(checkpoint => new KeptCheckpoint("kept", checkpoint))];

    public static string Of(IEnumerable<AuditFinding> findings) => string.Join('\n', findings);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connectionString));
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var name = builder.Database;
        builder.Database = "postgres";
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand($"drop database if exists {name} with (force)", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task ReplaceAsync(string select, string parameter, Func<JsonObject, JsonObject> change)
    {
        await using var host = ASeededLedger.Open(connectionString);
        await using var connection = await OpenAsync();
        long sequence;
        Sha256Hash sha256;
        await using (var command = new NpgsqlCommand(select, connection))
        {
            command.Parameters.AddWithValue(parameter);
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            Assert.True(await reader.ReadAsync(Cancellation));
            (sequence, sha256) = (reader.GetInt64(0), Sha256Hash.Parse(reader.GetString(1)));
        }

        var artifact = (JsonObject)JsonValue.Read((await host.Content.ReadAsync(sha256, Cancellation))!);
        var document = FileJson.Bytes(change(artifact));
        await host.Content.PutAsync(new Ledger.Content.DocumentContent(document), Cancellation);
        await RunAsync(
            $$"""
            update janusq.mt_events set data = data || '{"sha256": "{{Sha256Hash.Of(document)}}", "size": {{document.Length}}}'
            where seq_id = {{sequence}}
            """);
        await RehashAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }
}
