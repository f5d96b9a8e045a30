using System.Data;
using JanusQ.Ledger.Log;
using Marten;
using Marten.Services;
using Npgsql;

namespace JanusQ.Ledger.Store;

/// <summary>One look at the ledger: whatever is asked through it is of the same moment, however long it takes.</summary>
internal sealed class LedgerSnapshot : IAsyncDisposable
{
    private LedgerSnapshot(NpgsqlTransaction transaction, IQuerySession session, long sequence)
    {
        Transaction = transaction;
        Session = session;
        Sequence = sequence;
    }

    /// <summary>The transaction that holds the moment.</summary>
    public NpgsqlTransaction Transaction { get; }

    /// <summary>Asks the event store.</summary>
    public IQuerySession Session { get; }

    /// <summary>The sequence up to which everything that there will ever be is in it; 0 where nobody asked.</summary>
    public long Sequence { get; }

    private NpgsqlConnection Connection => Transaction.Connection!;

    /// <summary>Takes a look.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="database">The database below.</param>
    /// <param name="settled">Says up to where the look is complete; none where that is not asked for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LedgerSnapshot> OpenAsync(
        IDocumentStore store, NpgsqlDataSource database, SettledEvents? settled, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            // Found first: the look may hold more than it says, and never less.
            var sequence = settled is null ? 0 : await settled.FindAsync(connection, cancellation);
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            return new LedgerSnapshot(transaction, store.QuerySession(SessionOptions.ForTransaction(transaction)), sequence);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A statement within the look.</summary>
    public NpgsqlCommand Command(string sql) => new(sql, Connection, Transaction);

    /// <summary>How far a projection had come then; 0 where it never ran.</summary>
    public async Task<long> ProgressOfAsync(string shard, CancellationToken cancellation)
    {
        await using var command = Command($"select last_seq_id from {LedgerStore.Schema}.mt_event_progression where name = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = shard });
        return await command.ExecuteScalarAsync(cancellation) is long sequence ? sequence : 0;
    }

    /// <summary>Has every statement planned for its own values: a plan made for any value reads everything for a rare one.</summary>
    public async Task PlanForValuesAsync(CancellationToken cancellation)
    {
        await using var planning = Command("set local plan_cache_mode = force_custom_plan");
        await planning.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        var connection = Connection;
        await Session.DisposeAsync();
        await Transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
