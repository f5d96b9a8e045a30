using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>
/// How far the ledger is settled: up to which sequence everything that there will ever be can be read. The last event that is visible says
/// less: one with a smaller number may be committed after it. See <see cref="NumberGap"/>.
/// </summary>
/// <param name="database">The database.</param>
public sealed class SettledEvents(NpgsqlDataSource database)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    // An append that has drawn its numbers is committed within milliseconds. Longer than this only one waits that somebody left open.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private long _known;

    /// <summary>The sequence of the last event that is visible, once nobody can add one before it any more.</summary>
    /// <param name="interval">How often it is looked whether those who could have ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<long> WaitAsync(TimeSpan interval, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var gap = await NumberGap.SeeAsync(connection, cancellation);
        while (!await gap.IsSettledAsync(connection, cancellation)) await Task.Delay(interval, cancellation);
        return Know(gap.UpTo);
    }

    /// <summary>
    /// The same without waiting for long: where an append stays open, what was settled before it. What is read afterwards on whatever
    /// connection is complete up to it.
    /// </summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<long> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var gap = await NumberGap.SeeAsync(connection, cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            while (!await gap.IsSettledAsync(connection, cancellation)) await Task.Delay(LookInterval, patience.Token);
            return Know(gap.UpTo);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Know(await LoggedAsync(connection, cancellation));
        }
    }

    // The log takes nothing that is not settled.
    private static async Task<long> LoggedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max(event_sequence), 0) from {LedgerStore.Schema}.log_leaf", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private long Know(long settled)
    {
        var known = Volatile.Read(ref _known);
        while (settled > known)
        {
            var before = Interlocked.CompareExchange(ref _known, settled, known);
            if (before == known) return settled;
            known = before;
        }

        return known;
    }
}
