using JanusQ.Ledger.Log;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Watching;

/// <summary>Asks how far projections and log are behind the events.</summary>
/// <param name="database">The database.</param>
/// <param name="projections">The projections.</param>
/// <param name="log">The log.</param>
/// <param name="options">What this program keeps, and where "now" comes from.</param>
public sealed class LagReader(NpgsqlDataSource database, LedgerProjections projections, TransparencyLog log, LedgerOptions options)
{
    private static readonly string LagSql =
        $"""
        select case when count(*) <= {Lag.MostCounted} then count(*)
            else (select max(seq_id) from {LedgerStore.Schema}.mt_events) - $1 end, min(timestamp)
        from (select timestamp from {LedgerStore.Schema}.mt_events where seq_id > $1 order by seq_id limit {Lag.MostCounted} + 1) as behind
        """;

    /// <summary>Asks.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LedgerLags> ReadAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var behind = new List<KeyValuePair<string, Lag>>();
        foreach (var projection in await projections.ProgressAsync(cancellation))
            if (projection.Sequence is { } sequence) behind.Add(new(projection.Name, await LagAsync(connection, sequence, cancellation)));
        var (ofLog, checkpoint) = ((Lag?)null, (LogCheckpoint?)null);
        if (await log.Reader.ExistsAsync(cancellation))
        {
            await using var last = new NpgsqlCommand(
                $"select coalesce((select event_sequence from {LedgerStore.Schema}.log_leaf order by log_index desc limit 1), 0)",
                connection);
            ofLog = await LagAsync(connection, (long)(await last.ExecuteScalarAsync(cancellation))!, cancellation);
            checkpoint = await log.Reader.LatestCheckpointAsync(cancellation);
        }

        return new LedgerLags(
            behind, options.RunProjections, ofLog, options.RunLog && options.Log is not null, AgeOf(checkpoint?.IssuedAt));
    }

    private async Task<Lag> LagAsync(NpgsqlConnection connection, long reached, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(LagSql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = reached });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.IsDBNull(1) ? Lag.Zero : new Lag(reader.GetInt64(0), AgeOf(reader.GetFieldValue<DateTimeOffset>(1))!.Value);
    }

    // The clocks of several programs differ a little: nothing is younger than now.
    private TimeSpan? AgeOf(DateTimeOffset? since)
    {
        if (since is not { } instant) return null;
        var age = options.Clock.GetUtcNow() - instant;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
