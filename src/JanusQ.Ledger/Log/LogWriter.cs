using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Log;

/// <summary>What came of looking for new events.</summary>
/// <param name="Taken">How many leaves were appended.</param>
/// <param name="IsHeldUp">Whether a transaction that has drawn an earlier number has still to end.</param>
internal readonly record struct TakenEvents(int Taken, bool IsHeldUp);

/// <summary>
/// The one who writes the log. Holds a lock of its session as long as it lives and writes on that very connection: who loses the connection
/// loses both. The keys of the tables stop everybody else: a leaf, a tile or a checkpoint that is there cannot be written again, and leaves
/// that leave a gap are refused.
/// </summary>
/// <remarks>After any exception it is to be disposed of: what it holds in memory may be ahead of what is stored.</remarks>
internal sealed class LogWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly LogOptions _options;
    private readonly TimeProvider _clock;
    private readonly LeafReader _leaves = new();
    private readonly StoredTiles _tiles;
    private readonly StoredCheckpoints _checkpoints;
    private readonly SignedMemory? _memory;
    private MerkleTree _tree = new();
    private NumberGap? _gap;

    private LogWriter(NpgsqlConnection connection, LogOptions options, TimeProvider clock)
    {
        _connection = connection;
        _options = options;
        _clock = clock;
        _tiles = new StoredTiles(connection);
        _checkpoints = new StoredCheckpoints(connection);
        _memory = options.MemoryFile is { } file ? new SignedMemory(file) : null;
    }

    /// <summary>Number of leaves.</summary>
    public long Size => _tree.Size;

    /// <summary>Sequence of the last event that is in the log; 0 if none is.</summary>
    public long Mark { get; private set; }

    /// <summary>The checkpoint that was signed last, or none.</summary>
    public LogCheckpoint? Last { get; private set; }

    /// <summary>Whether enough is new, or anything for long enough, to sign a checkpoint.</summary>
    public bool IsDue
    {
        get
        {
            var unsigned = Size - (Last?.Size ?? 0);
            if (unsigned == 0) return false;
            var age = Last is null ? TimeSpan.MaxValue : _clock.GetUtcNow() - Last.IssuedAt;

            // A clock that was set back must not put the next checkpoint off.
            return unsigned >= _options.CheckpointEvents || age >= _options.CheckpointInterval || age < TimeSpan.Zero;
        }
    }

    /// <summary>Becomes the one who writes, and takes the log up where it was left; none if somebody else is.</summary>
    /// <param name="database">Where the log is; its tables are there.</param>
    /// <param name="options">How it is kept.</param>
    /// <param name="clock">Where "now" comes from.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LogStoppedException">What is stored is not what was signed.</exception>
    public static async Task<LogWriter?> TryOpenAsync(
        NpgsqlDataSource database, LogOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            if (!await LedgerLocks.TryWriteLogAloneAsync(connection, cancellation))
            {
                await connection.DisposeAsync();
                return null;
            }

            var writer = new LogWriter(connection, options, clock);
            await writer.TakeUpAsync(cancellation);
            return writer;
        }
        catch
        {
            await ReleaseAsync(connection);
            throw;
        }
    }

    /// <summary>Appends what is new and safe, one batch at most, in one transaction with the tiles that it fills.</summary>
    /// <exception cref="LogStoppedException"><c>log_event_altered</c> or <c>log_event_unreadable</c>.</exception>
    public async Task<TakenEvents> TakeAsync(CancellationToken cancellation)
    {
        var settled = Mark;
        if (_gap is { } gap)
        {
            if (!await gap.IsSettledAsync(_connection, cancellation)) return new TakenEvents(0, true);
            settled = gap.UpTo;
            _gap = null;
        }

        var (taken, seen) = await ReadAsync(settled, cancellation);
        if (taken.Count > 0) await StoreAsync(taken, cancellation);
        if (seen is { } behind) _gap = await NumberGap.SeeAsync(_connection, behind, cancellation);
        return new TakenEvents(taken.Count, seen is not null);
    }

    /// <summary>Signs a checkpoint of everything that was appended, once the stored tree is proven to continue the last one.</summary>
    /// <returns>The new checkpoint; the last one where nothing is new; none where there is nothing at all.</returns>
    /// <exception cref="LogStoppedException">
    /// <c>log_tree_altered</c>, <c>log_inconsistent</c>, <c>log_tile_missing</c>: nothing is signed.
    /// </exception>
    public async Task<LogCheckpoint?> SignAsync(CancellationToken cancellation)
    {
        if (Size == (Last?.Size ?? 0)) return Last;
        var root = await ProveAsync(cancellation);
        var signed = SignedCheckpoint.Sign(Checkpoint.Of(_options.Keys.Origin, Size, root), _options.Keys.Signer);
        var checkpoint = new LogCheckpoint(signed, _clock.GetUtcNow());

        // Handed out only once it is kept for good: who is killed before has signed nothing that anybody saw.
        await _checkpoints.InsertAsync(signed, _options.Keys.Signer.Verifier.KeyId, checkpoint.IssuedAt, cancellation);
        Last = checkpoint;
        if (_memory is not null) await _memory.WriteAsync(signed, cancellation);
        return Last;
    }

    /// <summary>Lets somebody else write.</summary>
    public ValueTask DisposeAsync() => ReleaseAsync(_connection);

    /// <summary>Loses the lock and does not notice: what a test does that wants to know whether the keys alone are enough.</summary>
    internal Task LoseLockAsync() => LedgerLocks.LetOthersWriteLogAsync(_connection);

    private static async ValueTask ReleaseAsync(NpgsqlConnection connection)
    {
        try
        {
            if (connection.FullState == System.Data.ConnectionState.Open) await LedgerLocks.LetOthersWriteLogAsync(connection);
        }
        catch (NpgsqlException)
        {
            // The session is gone, and its lock with it.
        }

        await connection.DisposeAsync();
    }

    private async Task TakeUpAsync(CancellationToken cancellation)
    {
        await NumberGap.DemandSafeSequenceAsync(_connection, cancellation);
        var size = 0L;
        await using (var command = new NpgsqlCommand(
            $"select log_index, event_sequence from {LedgerStore.Schema}.log_leaf order by log_index desc limit 1", _connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            if (await reader.ReadAsync(cancellation)) (size, Mark) = (reader.GetInt64(0) + 1, reader.GetInt64(1));
        }

        Last = await _checkpoints.LatestAsync(cancellation);
        if (Last is { } last) Demand(last, size);
        try
        {
            _tree = MerkleTree.Restore(size, await _tiles.FetchAsync(MerkleTree.TilesToRestore(size), cancellation));
            _tree.TakeChanged();
        }
        catch (RefusedException refused)
        {
            throw new LogStoppedException(refused.Refusal, refused);
        }

        // Here too, although nothing is signed yet: a log that is broken is not appended to.
        await ProveAsync(cancellation);
        if (_memory is not null && await _memory.ReadAsync(_options.Keys, cancellation) is { } remembered)
            await DemandContinuesAsync(remembered.Checkpoint, cancellation);
    }

    /// <summary>Whether the log still continues what this program signed, whatever the database says that was.</summary>
    private async Task DemandContinuesAsync(Checkpoint remembered, CancellationToken cancellation)
    {
        if (remembered.Size > Size)
        {
            throw LogRefusals.Stop(
                LogRefusals.TailMissing, $"The log holds {Size} leaves; a checkpoint of {remembered.Size} was signed here.");
        }

        var proof = await LogReader.ConsistencyAsync(_connection, remembered.Size, Size, cancellation);
        if (MerkleVerification.Consistency(remembered.Size, remembered.Root, Size, proof.ToRoot, proof.Hashes.AsSpan()) is { } refusal)
        {
            throw LogRefusals.Stop(
                LogRefusals.Inconsistent,
                $"The tree of {Size} leaves does not continue the one of {remembered.Size} that was signed here ({refusal.Code}): "
                    + refusal.Explanation);
        }
    }

    /// <summary>Whether the last checkpoint is this log's own, and the leaves that it speaks for are there.</summary>
    private void Demand(LogCheckpoint last, long size)
    {
        var origin = last.Signed.Checkpoint.Origin;
        if (!string.Equals(origin, _options.Keys.Origin, StringComparison.Ordinal))
        {
            throw LogRefusals.Stop(
                LogRefusals.OriginMismatch, $"The log of this ledger is {origin}; the key is one of {_options.Keys.Origin}.");
        }

        if (!last.Signed.TryVerify(_options.Keys.Known, out var refusal))
        {
            var signers = string.Join(", ", last.Signed.Note.Signatures.Select(
                signature => string.Create(CultureInfo.InvariantCulture, $"{signature.KeyName}+{signature.KeyId:x8}")));
            var isKnown = last.Signed.Note.Signatures.Any(signature => _options.Keys.Known.Any(signature.IsOf));
            throw LogRefusals.Stop(
                isKnown ? LogRefusals.CheckpointAltered : LogRefusals.KeyUnknown,
                isKnown
                    ? $"The signature of the checkpoint of size {last.Size} does not verify: {refusal.Explanation}"
                    : $"The checkpoint of size {last.Size} is signed by {signers}, which is none of the known keys of this log "
                        + $"({string.Join(", ", _options.Keys.Known.Select(key => key.Hint))}).");
        }

        if (last.Size > size)
        {
            throw LogRefusals.Stop(
                LogRefusals.TailMissing, $"The log holds {size} leaves and has signed a checkpoint of {last.Size}.");
        }
    }

    private async Task<(List<(long Sequence, Guid Id, Sha256Hash Hash)> Taken, long? Seen)> ReadAsync(
        long settled, CancellationToken cancellation)
    {
        var taken = new List<(long, Guid, Sha256Hash)>();
        long? seen = null;
        var known = settled;
        await using var command = new NpgsqlCommand(
            $"select {EventRow.Columns} from {LedgerStore.Schema}.mt_events e where e.seq_id > $1 order by e.seq_id limit $2",
            _connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Mark });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _options.BatchEvents });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var sequence = reader.GetInt64(0);
            if (seen is null && sequence <= known + 1)
            {
                var row = _leaves.Read(reader);
                taken.Add((row.Sequence, row.Id, MerkleHash.Leaf(_leaves.Leaf)));
                known = Math.Max(known, sequence);
            }
            else
            {
                seen = sequence;
            }
        }

        return (taken, seen);
    }

    private async Task StoreAsync(List<(long Sequence, Guid Id, Sha256Hash Hash)> taken, CancellationToken cancellation)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellation);

        // A crash of the server may take back what no checkpoint speaks for yet: it is taken again, and the same. The commit of a
        // checkpoint is waited for, and with it everything before it.
        await using (var relax = new NpgsqlCommand("set local synchronous_commit = off", _connection, transaction))
            await relax.ExecuteNonQueryAsync(cancellation);
        var index = Size;
        await using (var copy = await _connection.BeginBinaryImportAsync(
            $"copy {LedgerStore.Schema}.log_leaf (log_index, event_sequence, event_id, leaf_hash) from stdin (format binary)",
            cancellation))
        {
            foreach (var (sequence, id, hash) in taken)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(index++, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(sequence, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid, cancellation);
                await copy.WriteAsync(hash.Bytes.ToArray(), NpgsqlDbType.Bytea, cancellation);
                _tree.Append(hash);
            }

            await copy.CompleteAsync(cancellation);
        }

        var filled = _tree.TakeChanged().Where(tile => !tile.Path.IsPartial).ToArray();
        if (filled.Length > 0)
        {
            await using var copy = await _connection.BeginBinaryImportAsync(
                $"copy {LedgerStore.Schema}.log_tile (level, number, hashes) from stdin (format binary)", cancellation);
            foreach (var tile in filled)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync((short)tile.Path.Level, NpgsqlDbType.Smallint, cancellation);
                await copy.WriteAsync(tile.Path.Index, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(tile.Hashes.ToArray(), NpgsqlDbType.Bytea, cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        Mark = taken[^1].Sequence;
    }

    /// <summary>
    /// Proves from what is stored, and not from memory, that the tree continues the checkpoint that was signed last, and that it is the one
    /// whose leaves were appended here.
    /// </summary>
    private async Task<Sha256Hash> ProveAsync(CancellationToken cancellation)
    {
        var (from, to) = (Last?.Size ?? 0, Size);
        try
        {
            var tiles = await _tiles.FetchAsync(
                [.. MerkleProofs.TilesOfRoot(to), .. MerkleProofs.TilesOfConsistency(from, to)], cancellation);
            var prover = new MerkleProver(to, tiles);
            var root = prover.Root();
            if (root != _tree.Root())
            {
                throw LogRefusals.Stop(
                    LogRefusals.TreeAltered, $"The stored tiles of {to} leaves give the root {root}, their leaves {_tree.Root()}.");
            }

            if (Last is { } last
                && MerkleVerification.Consistency(from, last.Root, to, root, prover.Consistency(from).AsSpan()) is { } refusal)
            {
                throw LogRefusals.Stop(
                    LogRefusals.Inconsistent,
                    $"The tree of {to} leaves does not continue the one of {from} that was signed last ({refusal.Code}): "
                        + refusal.Explanation);
            }

            return root;
        }
        catch (RefusedException refused)
        {
            throw new LogStoppedException(refused.Refusal, refused);
        }
    }
}
