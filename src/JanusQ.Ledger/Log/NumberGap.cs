using JanusQ.Ledger.Store;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Log;

/// <summary>
/// Numbers that were drawn for events and that nobody sees: their transactions are not committed yet, or never will be. Tells which,
/// without a clock: a gap is settled once every transaction that had drawn a number when the gap was seen has ended.
/// </summary>
/// <remarks>
/// Whoever draws a number from a sequence locks the sequence first and keeps that lock to the end of the transaction, also across
/// savepoints that are rolled back, also without having a transaction id, and also where the transaction is prepared; PostgreSQL takes
/// locks back only after it made the transaction's rows visible. So: an event is visible, hence all smaller numbers are drawn; those who
/// hold the lock then are noted; once none of them holds it any more, and no prepared transaction does, whatever is read after that is all
/// there will ever be below that event. The text of the decision is docs/decisions/0006.
/// <para>
/// Not the oldest running transaction of a snapshot: a snapshot ends behind the transaction that was completed last, so one that runs with
/// a larger id is not in it, and could still have drawn the smaller number.
/// </para>
/// </remarks>
internal sealed class NumberGap
{
    private const string Sequence = $"'{LedgerStore.Schema}.mt_events_sequence'::regclass";
    private const string Prepared = "-1/%";

    private const string SelectLast = $"select coalesce(max(seq_id), 0) from {LedgerStore.Schema}.mt_events";

    private const string SelectHolders =
        $"""
        select virtualtransaction from pg_locks
        where locktype = 'relation' and relation = {Sequence} and granted and mode = 'RowExclusiveLock'
            and database = (select oid from pg_database where datname = current_database())
        """;

    private readonly string[] _holders;

    private NumberGap(long upTo, string[] holders)
    {
        UpTo = upTo;
        _holders = holders;
    }

    /// <summary>The visible event behind the gaps: once settled, everything up to it is known.</summary>
    public long UpTo { get; }

    /// <summary>How many transactions had drawn numbers and had not ended.</summary>
    public int Holders => _holders.Length;

    /// <summary>Notes who could still fill gaps.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="upTo">Sequence of an event that was seen before.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<NumberGap> SeeAsync(NpgsqlConnection connection, long upTo, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SelectHolders, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return new NumberGap(upTo, await HoldersAsync(reader, cancellation));
    }

    /// <summary>Notes who could still fill gaps before the last event that is visible; there is no event where that is number 0.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<NumberGap> SeeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // One after the other in one round trip: the event has been seen when the holders are noted.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(SelectLast), new(SelectHolders) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var last = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        return new NumberGap(last, await HoldersAsync(reader, cancellation));
    }

    /// <summary>Whether nobody can fill the gaps any more. Only what is read after the answer is complete.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> IsSettledAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (_holders.Length == 0) return true;
        await using var command = new NpgsqlCommand(
            $"select not exists ({SelectHolders} and (virtualtransaction = any ($1) or virtualtransaction like '{Prepared}'))", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = _holders, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>Refuses to begin where the reasoning would not hold.</summary>
    /// <exception cref="LogStoppedException"><c>log_sequence_unsafe</c></exception>
    public static async Task DemandSafeSequenceAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select seqcache = 1 and seqincrement = 1 and not seqcycle from pg_sequence where seqrelid = {Sequence}", connection);
        if (await command.ExecuteScalarAsync(cancellation) is not true)
        {
            throw LogRefusals.Stop(LogRefusals.SequenceUnsafe,
                "Event numbers must be drawn one by one and never again: the sequence may not cache, leap or cycle.");
        }
    }

    private static async Task<string[]> HoldersAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var holders = new List<string>();
        while (await reader.ReadAsync(cancellation)) holders.Add(reader.GetString(0));
        return [.. holders];
    }
}
