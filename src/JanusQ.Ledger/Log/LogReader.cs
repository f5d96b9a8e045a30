using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>How far the log has come.</summary>
/// <param name="Size">Number of leaves.</param>
/// <param name="LastSequence">Sequence of the last event in it; 0 if none is.</param>
/// <param name="EventsBehind">Events that are visible and not in it yet.</param>
/// <param name="OpenAppends">Transactions that have drawn event numbers and have not ended.</param>
/// <param name="Checkpoint">The checkpoint that was signed last, or none.</param>
public sealed record LogStatus(long Size, long LastSequence, long EventsBehind, long OpenAppends, LogCheckpoint? Checkpoint);

/// <summary>An event in the log.</summary>
/// <param name="Index">Position of its leaf.</param>
/// <param name="Sequence">Sequence of the event.</param>
/// <param name="EventId">Its id.</param>
/// <param name="Leaf">The bytes of its leaf, made of its row.</param>
/// <param name="Proof">The proof that it is in the tree of a signed checkpoint, verified before it is handed out.</param>
public sealed record EventProof(long Index, long Sequence, Guid EventId, ImmutableArray<byte> Leaf, InclusionProofFile Proof)
{
    /// <summary>The proof as a document: the same for the command line and the server, and stable.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("event_id", EventId.ToString("D", System.Globalization.CultureInfo.InvariantCulture)),
        ("sequence", Sequence),
        ("log_index", Index),
        ("leaf", JsonValue.Read([.. Leaf])),
        ("leaf_hash", MerkleHash.Leaf(Leaf.AsSpan())),
        ("tree_size", Proof.Checkpoint.Checkpoint.Size),
        ("root", Proof.Checkpoint.Checkpoint.Root),
        ("hashes", new JsonArray(Proof.Hashes.Select(hash => (JsonValue)hash))),
        ("checkpoint", Proof.Checkpoint.ToString()),
        ("tlog_proof", Proof.ToString()));
}

/// <summary>The proof that one tree is the beginning of another, verified before it is handed out.</summary>
/// <param name="From">Size of the smaller tree.</param>
/// <param name="FromRoot">Its root.</param>
/// <param name="To">Size of the larger tree.</param>
/// <param name="ToRoot">Its root.</param>
/// <param name="Hashes">The proof.</param>
public sealed record ConsistencyProof(long From, Sha256Hash FromRoot, long To, Sha256Hash ToRoot, ImmutableArray<Sha256Hash> Hashes);

/// <summary>
/// Reads the log: tiles and bundles of leaves as C2SP tlog-tiles serves them, checkpoints, proofs. Needs no key and writes nothing.
/// </summary>
/// <param name="database">Where the log is.</param>
public sealed class LogReader(NpgsqlDataSource database)
{
    /// <summary>Whether the log's tables are there.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand($"select to_regclass('{LedgerStore.Schema}.log_leaf') is not null");
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>How far the log has come; none where its tables are not there.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LogStatus?> StatusAsync(CancellationToken cancellation = default)
    {
        if (!await ExistsAsync(cancellation)) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var (size, mark) = (0L, 0L);
        await using (var last = new NpgsqlCommand(
            $"select log_index + 1, event_sequence from {LedgerStore.Schema}.log_leaf order by log_index desc limit 1", connection))
        await using (var reader = await last.ExecuteReaderAsync(cancellation))
        {
            if (await reader.ReadAsync(cancellation)) (size, mark) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        await using var behind = new NpgsqlCommand($"select count(*) from {LedgerStore.Schema}.mt_events where seq_id > $1", connection);
        behind.Parameters.Add(new NpgsqlParameter<long> { TypedValue = mark });
        var eventsBehind = (long)(await behind.ExecuteScalarAsync(cancellation))!;
        var open = (await NumberGap.SeeAsync(connection, mark, cancellation)).Holders;
        return new LogStatus(size, mark, eventsBehind, open, await new StoredCheckpoints(connection).LatestAsync(cancellation));
    }

    /// <summary>
    /// Events that became visible after the log had passed their place, and are in it nowhere: there are none as long as every append draws
    /// its numbers in the transaction that stores its events. Nothing repairs that; it is to be found and explained.
    /// </summary>
    /// <param name="most">At most so many are named.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Their sequences, the smallest first.</returns>
    public async Task<IReadOnlyList<long>> EventsPassedOverAsync(int most = 100, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(
            $"""
            select e.seq_id from {LedgerStore.Schema}.mt_events e
            where e.seq_id < (select max(event_sequence) from {LedgerStore.Schema}.log_leaf)
                and not exists (select from {LedgerStore.Schema}.log_leaf l where l.event_sequence = e.seq_id)
            order by e.seq_id limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var sequences = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) sequences.Add(reader.GetInt64(0));
        return sequences;
    }

    /// <summary>The checkpoint that was signed last, or none, with the cosignatures that are kept of it.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LogCheckpoint?> LatestCheckpointAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await LatestCheckpointAsync(connection, cancellation);
    }

    /// <summary>The sequence of the last event in the tree of a size; 0 where there is none.</summary>
    public async Task<long> LastSequenceOfAsync(long size, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(
            $"select event_sequence from {LedgerStore.Schema}.log_leaf where log_index = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size - 1 });
        return await command.ExecuteScalarAsync(cancellation) is long sequence ? sequence : 0;
    }

    /// <summary>
    /// The bytes of a tile of hashes or of a bundle of leaves, as they are served; none where the last checkpoint does not speak for all of
    /// it.
    /// </summary>
    /// <exception cref="LogStoppedException">What is stored is not what the log has taken.</exception>
    public async Task<byte[]?> ReadTileAsync(TilePath path, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (await new StoredCheckpoints(connection).LatestAsync(cancellation) is not { } signed) return null;
        return await ReadTileAsync(connection, path, signed.Size, cancellation);
    }

    /// <summary>Proof that an event is in the tree of the last checkpoint.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>unknown_event</c> or <c>log_not_signed_yet</c>.</exception>
    /// <exception cref="LogStoppedException">The proof would not hold.</exception>
    public Task<EventProof> ProveAsync(Guid eventId, CancellationToken cancellation = default) =>
        ProveAsync("e.id = $1", new NpgsqlParameter<Guid> { TypedValue = eventId }, eventId.ToString("D"), cancellation);

    /// <summary>Proof that an event is in the tree of the last checkpoint.</summary>
    /// <param name="sequence">The event by its sequence.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>unknown_event</c> or <c>log_not_signed_yet</c>.</exception>
    /// <exception cref="LogStoppedException">The proof would not hold.</exception>
    public Task<EventProof> ProveAsync(long sequence, CancellationToken cancellation = default) => ProveAsync(
        "e.seq_id = $1",
        new NpgsqlParameter<long> { TypedValue = sequence },
        sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
        cancellation);

    /// <summary>Proof that one tree of the log is the beginning of another; the last checkpoint speaks for both.</summary>
    /// <param name="from">Size of the smaller tree.</param>
    /// <param name="to">Size of the larger tree.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>consistency_sizes_shrink</c> or <c>log_not_signed_yet</c>.</exception>
    /// <exception cref="LogStoppedException">The proof would not hold.</exception>
    public async Task<ConsistencyProof> ProveConsistencyAsync(long from, long to, CancellationToken cancellation = default)
    {
        if (from < 0 || from > to)
            throw Refuse("consistency_sizes_shrink", $"A tree of {from} leaves is not the beginning of one of {to}.");
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var checkpoints = new StoredCheckpoints(connection);
        var latest = await checkpoints.LatestAsync(cancellation);
        if (latest is null || to > latest.Size)
            throw Refuse(LogRefusals.NotSignedYet, $"The last checkpoint speaks for {latest?.Size ?? 0} leaves, not for {to}.");
        var proof = await ConsistencyAsync(connection, from, to, cancellation);
        foreach (var (size, root) in new[] { (from, proof.FromRoot), (to, proof.ToRoot) })
        {
            if (await checkpoints.OfSizeAsync(size, cancellation) is { } signed && signed.Root != root)
            {
                throw LogRefusals.Stop(
                    LogRefusals.TreeAltered, $"The stored tiles of {size} leaves give the root {root}; {signed.Root} was signed.");
            }
        }

        return proof;
    }

    internal static async Task<ConsistencyProof> ConsistencyAsync(
        NpgsqlConnection connection, long from, long to, CancellationToken cancellation)
    {
        try
        {
            var stored = new StoredTiles(connection);
            var prover = new MerkleProver(to, await stored.FetchAsync(
                [.. MerkleProofs.TilesOfRoot(to), .. MerkleProofs.TilesOfConsistency(from, to)], cancellation));
            var fromRoot = MerkleProofs.Root(from, await stored.FetchAsync(MerkleProofs.TilesOfRoot(from), cancellation));
            var proof = new ConsistencyProof(from, fromRoot, to, prover.Root(), prover.Consistency(from));
            if (MerkleVerification.Consistency(from, proof.FromRoot, to, proof.ToRoot, proof.Hashes.AsSpan()) is { } refusal)
                throw LogRefusals.Stop(LogRefusals.Inconsistent, $"The stored tiles do not fit each other: {refusal.Explanation}");
            return proof;
        }
        catch (RefusedException refused)
        {
            throw new LogStoppedException(refused.Refusal, refused);
        }
    }

    internal static async Task<LogCheckpoint?> LatestCheckpointAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var checkpoints = new StoredCheckpoints(connection);
        return await checkpoints.LatestAsync(cancellation) is { } latest
            ? latest with { Signed = latest.Signed.With(await checkpoints.CosignaturesAsync(latest.Size, cancellation)) }
            : null;
    }

    internal static async Task<byte[]?> ReadTileAsync(
        NpgsqlConnection connection, TilePath path, long signedSize, CancellationToken cancellation)
    {
        if (path.Width > TileGrowth.WidthOf(path.IsEntries ? 0 : path.Level, path.Index, signedSize)) return null;
        if (path.IsEntries) return await ReadEntriesAsync(connection, path, cancellation);
        return await new StoredTiles(connection).ReadAsync(path, cancellation)
            ?? throw LogRefusals.Stop("log_tile_missing", $"There is no {path}, although a checkpoint of {signedSize} leaves is signed.");
    }

    private static async Task<byte[]> ReadEntriesAsync(NpgsqlConnection connection, TilePath path, CancellationToken cancellation)
    {
        var first = path.Index * TilePath.FullWidth;
        await using var command = new NpgsqlCommand(
            $"""
            select l.log_index, l.event_sequence, l.event_id, l.leaf_hash, {EventRow.Columns}
            from {LedgerStore.Schema}.log_leaf l left join {LedgerStore.Schema}.mt_events e on e.seq_id = l.event_sequence
            where l.log_index >= $1 and l.log_index < $2 order by l.log_index
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first + path.Width });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (leaves, bundle, count) = (new LeafReader(), new ByteBuffer(path.Width * 512), 0);
        while (await reader.ReadAsync(cancellation))
        {
            ReadLeaf(reader, leaves);
            EntryBundle.Append(bundle, leaves.Leaf);
            count++;
        }

        return count == path.Width
            ? bundle.ToArray()
            : throw LogRefusals.Stop("log_leaf_missing", $"{path} has {count} leaves, although a checkpoint speaks for more.");
    }

    /// <summary>Makes the leaf of a row of log and event, and compares it with what the log has taken.</summary>
    internal static void ReadLeaf(NpgsqlDataReader reader, LeafReader leaves)
    {
        var (sequence, id) = (reader.GetInt64(1), reader.GetGuid(2));
        if (reader.IsDBNull(4)) throw LogRefusals.StopAt(LogRefusals.EventMissing, sequence, id, "it is in the log, and its row is gone.");
        var row = leaves.Read(reader, 4);
        if (row.Id != id || !MerkleHash.Leaf(leaves.Leaf).Bytes.SequenceEqual(reader.GetFieldValue<byte[]>(3)))
        {
            throw LogRefusals.StopAt(
                LogRefusals.LeafMismatch, sequence, id, $"its row gives another leaf than the log has taken at {reader.GetInt64(0)}.");
        }
    }

    private async Task<EventProof> ProveAsync(string where, NpgsqlParameter parameter, string named, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var latest = await LatestCheckpointAsync(connection, cancellation);
        var leaves = new LeafReader();
        long index, sequence;
        Guid id;
        await using (var command = new NpgsqlCommand(
            $"""
            select l.log_index, e.seq_id, e.id, l.leaf_hash, {EventRow.Columns}
            from {LedgerStore.Schema}.mt_events e left join {LedgerStore.Schema}.log_leaf l on l.event_sequence = e.seq_id
            where {where}
            """, connection))
        {
            command.Parameters.Add(parameter);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) throw Refuse(LogRefusals.UnknownEvent, $"There is no event {named}.");
            if (latest is null || reader.IsDBNull(0) || reader.GetInt64(0) >= latest.Size)
                throw Refuse(LogRefusals.NotSignedYet, $"No checkpoint speaks for event {named} yet.");
            ReadLeaf(reader, leaves);
            (index, sequence, id) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetGuid(2));
        }

        try
        {
            var tiles = await new StoredTiles(connection).FetchAsync(MerkleProofs.TilesOfInclusion(index, latest.Size), cancellation);
            var hashes = MerkleProofs.Inclusion(index, latest.Size, tiles);
            if (MerkleVerification.Inclusion(MerkleHash.Leaf(leaves.Leaf), index, latest.Size, hashes.AsSpan(), latest.Root) is { } refusal)
            {
                throw LogRefusals.StopAt(
                    LogRefusals.TreeAltered, sequence, id, $"the stored tiles do not lead to the signed root: {refusal.Explanation}");
            }

            return new EventProof(
                index, sequence, id, [.. leaves.Leaf], InclusionProofFile.Of(index, hashes, latest.Signed, leaves.Leaf));
        }
        catch (RefusedException refused)
        {
            throw new LogStoppedException(refused.Refusal, refused);
        }
    }

    private static RefusedException Refuse(string code, string explanation) => new(new Refusal(code, explanation));
}
