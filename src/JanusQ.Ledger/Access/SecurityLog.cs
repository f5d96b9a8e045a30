using System.Collections.Immutable;
using JanusQ.Ledger.Store;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Access;

/// <summary>The log of refused requests: a table beside the ledger, to which entries are only added.</summary>
/// <param name="database">The database.</param>
public sealed class SecurityLog(NpgsqlDataSource database)
{
    /// <summary>Entries that are asked for at once at most.</summary>
    public const int MostEntries = 10_000;

    private const string Table = LedgerStore.Schema + ".security_log";
    private const string Columns = "refused_at, status, code, actor, role, key_name, address, method, path, correlation_id";

    /// <summary>Adds entries, all in one statement.</summary>
    public async Task AddAsync(IReadOnlyCollection<SecurityEntry> entries, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0) return;
        await using var command = database.CreateCommand(
            $"insert into {Table} ({Columns}) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]>
        {
            TypedValue = [.. entries.Select(one => one.RefusedAt.ToUniversalTime())],
        });
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. entries.Select(one => (short)one.Status)] });
        foreach (var text in new Func<SecurityEntry, string?>[]
        {
            one => one.Code, one => one.Actor, one => one.Role, one => one.KeyName, one => one.Address, one => one.Method, one => one.Path,
            one => one.CorrelationId,
        })
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = entries.Select(text).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            });
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The latest entries, newest first.</summary>
    /// <param name="limit">Entries at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<SecurityEntry>> LatestAsync(int limit, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand($"select {Columns} from {Table} order by entry desc limit $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = ImmutableArray.CreateBuilder<SecurityEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new SecurityEntry
            {
                RefusedAt = reader.GetFieldValue<DateTimeOffset>(0),
                Status = reader.GetInt16(1),
                Code = reader.GetString(2),
                Actor = TextOrNone(3),
                Role = TextOrNone(4),
                KeyName = TextOrNone(5),
                Address = TextOrNone(6),
                Method = reader.GetString(7),
                Path = reader.GetString(8),
                CorrelationId = reader.GetString(9),
            });
        }

        return entries.ToImmutable();

        string? TextOrNone(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
