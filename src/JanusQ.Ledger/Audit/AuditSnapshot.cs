using System.Data;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// One moment of the database, read on several connections at once; whoever writes meanwhile is not held up and not seen.
/// </summary>
internal sealed class AuditSnapshot : IAsyncDisposable
{
    private readonly List<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)> _readers;

    private AuditSnapshot(List<(NpgsqlConnection, NpgsqlTransaction)> readers) => _readers = readers;

    /// <summary>The connections, each in a transaction that only reads.</summary>
    public NpgsqlConnection this[int index] => _readers[index].Connection;

    /// <summary>Takes a moment.</summary>
    public static async Task<AuditSnapshot> TakeAsync(NpgsqlDataSource database, int connections, CancellationToken cancellation)
    {
        var readers = new List<(NpgsqlConnection, NpgsqlTransaction)>();
        var snapshot = new AuditSnapshot(readers);
        try
        {
            string? name = null;
            for (var i = 0; i < connections; i++)
            {
                var connection = await database.OpenConnectionAsync(cancellation);
                var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                readers.Add((connection, transaction));
                if (name is null)
                {
                    await using var export = new NpgsqlCommand("select pg_export_snapshot()", connection);
                    name = (string)(await export.ExecuteScalarAsync(cancellation))!;
                }
                else
                {
                    await using var import = new NpgsqlCommand($"set transaction snapshot '{name}'", connection);
                    await import.ExecuteNonQueryAsync(cancellation);
                }

                await using var readOnly = new NpgsqlCommand("set transaction read only", connection);
                await readOnly.ExecuteNonQueryAsync(cancellation);
            }

            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var (connection, transaction) in _readers)
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
