using System.Text;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>Where the check of the log begins: at the beginning, or behind a checkpoint that is proven.</summary>
/// <param name="Tree">The tree up to there.</param>
/// <param name="Mark">Sequence of the last event in it.</param>
internal sealed record LogStart(MerkleTree Tree, long Mark)
{
    public static LogStart Beginning() => new(new MerkleTree(), -long.MaxValue);
}

/// <summary>
/// Checks (a) and (b) of audit.md section 4 in one pass over the events, their leaves and the checkpoints side by side: what each event
/// hashes to, which have no counterpart, and whether the tree that grows out of the leaves is the one that was signed at every size.
/// </summary>
internal sealed class LogCheck
{
    private const string Schema = LedgerStore.Schema;
    private const int ProgressEvery = 8192;
    private const int DrainEvery = 16 * TilePath.FullWidth;

    private readonly AuditFindings _findings;
    private readonly AuditOptions _options;
    private readonly HashBuckets _references;
    private readonly Action<long> _progress;
    private readonly EventLeaf _leaf;
    private readonly Dictionary<(int Level, long Number), Sha256Hash> _tiles = [];
    private readonly Queue<KeptCheckpoint> _kept;
    private readonly MerkleTree _tree;
    private readonly long _from;
    private readonly long _mark;
    private long _index;
    private long _signedSize;
    private LogCheckpointRow? _next;

    public LogCheck(AuditFindings findings, AuditOptions options, LogStart start, HashBuckets references, Action<long> progress)
    {
        _findings = findings;
        _options = options;
        _references = references;
        _progress = progress;
        _leaf = new EventLeaf(findings);
        (_tree, _mark) = (start.Tree, start.Mark);
        _from = _index = _signedSize = _tree.Size;
        _kept = new Queue<KeptCheckpoint>(options.Kept.Where(kept => kept.Signed.Checkpoint.Size > _from)
            .OrderBy(kept => kept.Signed.Checkpoint.Size));
    }

    /// <summary>How much was looked at.</summary>
    public AuditCounts Counts { get; private set; } = new();

    /// <summary>The last checkpoint that is good.</summary>
    public SignedCheckpoint? Signed { get; private set; }

    /// <summary>Runs it.</summary>
    /// <param name="events">A connection for the events.</param>
    /// <param name="leaves">One for the leaves, then the tiles.</param>
    /// <param name="checkpoints">One for the checkpoints.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(
        NpgsqlConnection events, NpgsqlConnection leaves, NpgsqlConnection checkpoints, CancellationToken cancellation)
    {
        await using (var eventRows = await CopyRows.OpenAsync(
            events, $"select {EventLeaf.Columns} from {Schema}.mt_events e where e.seq_id > {_mark} order by e.seq_id", EventLeaf.Fields,
            cancellation))
        await using (var leafRows = await CopyRows.OpenAsync(
            leaves,
            $"select log_index, event_sequence, event_id, leaf_hash from {Schema}.log_leaf where log_index >= {_from} "
            + "order by event_sequence",
            4,
            cancellation))
        await using (var signed = await CopyRows.OpenAsync(
            checkpoints,
            $"select tree_size, root, note, key_id from {Schema}.log_checkpoint where tree_size > {_from} order by tree_size",
            4,
            cancellation))
        {
            // The rows are read as they come, without a task for each of them.
            await Task.Run(() => Pass(eventRows, leafRows, signed, cancellation), cancellation);
        }

        Drain();
        await using (var tiles = await CopyRows.OpenAsync(
            leaves, $"select level, number, hashes from {Schema}.log_tile order by level, number", 3, cancellation))
        {
            CompareTiles(tiles);
        }
    }

    private void Pass(CopyRows events, CopyRows leaves, CopyRows checkpoints, CancellationToken cancellation)
    {
        var (hasEvent, hasLeaf) = (events.Read(), leaves.Read());
        var (eventCount, behind, signedCount) = (0L, 0L, 0L);
        _next = LogCheckpointRow.Read(checkpoints);
        signedCount += CheckCheckpoints(checkpoints);
        while (hasEvent || hasLeaf)
        {
            var sequence = hasEvent ? events.Int64(0) : long.MaxValue;
            var logged = hasLeaf ? leaves.Int64(1) : long.MaxValue;
            var isEvent = hasEvent && sequence <= logged;
            var isLeaf = hasLeaf && logged <= sequence;
            if (isEvent)
            {
                var isRead = _leaf.TryRead(events, out var at, out var hash);
                foreach (var reference in _leaf.References) _references.Add(reference.Sha256, at.Sequence, reference.Size);
                eventCount++;
                if (isLeaf && isRead) Compare(at, hash, leaves);
                else if (!isLeaf && !hasLeaf) behind++;
                else if (!isLeaf)
                    _findings.Add(
                        new AuditFinding(AuditCheck.Completeness, AuditCodes.EventNotInLog, "a leaf of the event", "none") { At = at });
            }

            if (isLeaf)
            {
                if (!isEvent) ReportLeafWithoutEvent(leaves);
                Append(leaves);
                signedCount += CheckCheckpoints(checkpoints);
                hasLeaf = leaves.Read();
            }

            if (isEvent)
            {
                hasEvent = events.Read();
                if (eventCount % ProgressEvery == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    _progress(eventCount);
                }
            }
        }

        signedCount += CheckBeyond(checkpoints);
        if (eventCount > 0 && signedCount == 0 && _from == 0)
            _findings.Add(
                new AuditFinding(AuditCheck.Log, AuditCodes.LogNotSigned, "a signed checkpoint", $"none, and {eventCount} events"));
        _progress(eventCount);
        Counts = Counts with
        {
            Events = eventCount,
            EventsBehind = behind,
            Leaves = _tree.Size - _from,
            LeavesUnsigned = _tree.Size - _signedSize,
            Checkpoints = signedCount,
        };
    }

    private void Compare(EventPlace at, in Sha256Hash hash, CopyRows leaf)
    {
        var id = leaf.Guid(2);
        if (id == at.Id && leaf.Bytes(3).SequenceEqual(hash.Bytes)) return;
        _findings.Add(new AuditFinding(
            AuditCheck.Log,
            AuditCodes.EventLeafMismatch,
            $"the leaf {Convert.ToHexStringLower(leaf.Bytes(3))} of event {id:D}, at {leaf.Int64(0)} in the log",
            $"a row whose leaf is {hash}")
        { At = at });
    }

    private void ReportLeafWithoutEvent(CopyRows leaf) => _findings.Add(new AuditFinding(
        AuditCheck.Completeness,
        AuditCodes.LeafWithoutEvent,
        $"event {leaf.Guid(2):D} with the sequence {leaf.Int64(1)}",
        "no such event")
    { Subject = $"leaf {leaf.Int64(0)}" });

    private void Append(CopyRows leaf)
    {
        var index = leaf.Int64(0);
        if (index != _index)
        {
            _findings.Add(new AuditFinding(
                AuditCheck.Completeness, AuditCodes.LeafOutOfPlace, $"leaf {_index} for the sequence {leaf.Int64(1)}", $"leaf {index}")
            {
                Subject = $"leaf {index}",
            });
        }

        _index = index + 1;
        _tree.Append(leaf.Bytes(3).Length == Sha256Hash.Size ? new Sha256Hash(leaf.Bytes(3)) : default);
        if (_tree.Size % DrainEvery == 0) Drain();
    }

    private void Drain()
    {
        foreach (var tile in _tree.TakeChanged())
            if (!tile.Path.IsPartial) _tiles.Add((tile.Path.Level, tile.Path.Index), Sha256Hash.Of(tile.Hashes.Span));
    }

    /// <summary>Checks what is signed or was kept of the size that the tree has just reached.</summary>
    private long CheckCheckpoints(CopyRows rows)
    {
        var count = 0L;
        Sha256Hash? stored = null;
        for (; _next is { } row && row.Size <= _tree.Size; _next = LogCheckpointRow.Read(rows), count++)
        {
            if (Verify(row) is not { } signed) continue;
            var root = _tree.Root();
            if (signed.Checkpoint.Root != root)
            {
                _findings.Add(new AuditFinding(
                    AuditCheck.Log, AuditCodes.CheckpointRootMismatch, $"the root {signed.Checkpoint.Root}, as was signed",
                    $"leaves whose root is {root}")
                {
                    Subject = row.Name,
                });
                stored = signed.Checkpoint.Root;
            }
            else
            {
                (Signed, _signedSize, stored) = (signed, row.Size, root);
            }
        }

        for (; _kept.TryPeek(out var kept) && kept.Signed.Checkpoint.Size <= _tree.Size; _kept.Dequeue(), count++)
        {
            var root = _tree.Root();
            var said = kept.Signed.Checkpoint.Root;
            if (said == root) continue;
            _findings.Add(new AuditFinding(
                AuditCheck.Log, AuditCodes.KeptCheckpointMismatch, $"the root {said} at {kept.Signed.Checkpoint.Size} leaves",
                $"the root {root}")
            {
                Subject = kept.Name,
            });
            if (stored is { } other && other != said)
            {
                _findings.Add(new AuditFinding(
                    AuditCheck.Log, AuditCodes.CheckpointsContradict, $"one root at {kept.Signed.Checkpoint.Size} leaves",
                    $"{said} and {other}, both signed")
                {
                    Subject = kept.Name,
                });
            }
        }

        return count;
    }

    private long CheckBeyond(CopyRows rows)
    {
        var count = 0L;
        for (; _next is { } row; _next = LogCheckpointRow.Read(rows), count++)
        {
            Verify(row);
            _findings.Add(
                new AuditFinding(AuditCheck.Log, AuditCodes.CheckpointBeyondLog, $"{row.Size} leaves", $"{_tree.Size}")
                {
                    Subject = row.Name,
                });
        }

        for (; _kept.TryDequeue(out var kept); count++)
        {
            _findings.Add(new AuditFinding(
                AuditCheck.Log, AuditCodes.KeptCheckpointBeyondLog, $"{kept.Signed.Checkpoint.Size} leaves, as was signed", $"{_tree.Size}")
            {
                Subject = kept.Name,
            });
        }

        return count;
    }

    private SignedCheckpoint? Verify(LogCheckpointRow row)
    {
        void Add(string code, string expected, string found) =>
            _findings.Add(new AuditFinding(AuditCheck.Log, code, expected, found) { Subject = row.Name });

        if (!SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(row.Note), out var signed, out var refusal))
        {
            Add(AuditCodes.CheckpointAltered, "a checkpoint", refusal.Explanation);
            return null;
        }

        if (!signed.TryVerify(_options.Keys, out refusal))
        {
            var isKnown = signed.Note.Signatures.Any(signature => _options.Keys.Any(signature.IsOf));
            var signers = string.Join(", ", signed.Note.Signatures.Select(signature => $"{signature.KeyName}+{signature.KeyId:x8}"));
            Add(
                isKnown ? AuditCodes.CheckpointSignatureInvalid : AuditCodes.CheckpointKeyUnknown,
                isKnown ? "a good signature" : $"a signature of {string.Join(" or ", _options.Keys.Select(key => key.Hint))}",
                isKnown ? refusal.Explanation : $"one of {signers}");
            return null;
        }

        var said = signed.Checkpoint;
        if (said.Size == row.Size && said.Root == row.Root && signed.Note.Signatures.Any(signature => signature.KeyId == row.KeyId))
            return signed;
        Add(
            AuditCodes.CheckpointAltered,
            $"the size {said.Size} and the root {said.Root} of its note",
            $"{row.Size} and {row.Root} in its row");
        return null;
    }

    private void CompareTiles(CopyRows rows)
    {
        var count = 0L;
        while (rows.Read())
        {
            var (level, number) = (rows.Int16(0), rows.Int64(1));
            if (number < TileGrowth.HashesAt(level + 1, _from)) continue;
            count++;
            var found = Sha256Hash.Of(rows.Bytes(2));
            if (!_tiles.Remove((level, number), out var expected))
                AddTile(AuditCodes.TileUnexpected, level, number, "no tile", "one");
            else if (found != expected)
                AddTile(AuditCodes.TileMismatch, level, number, $"hashes whose SHA-256 is {expected}", $"{found}");
        }

        foreach (var (level, number) in _tiles.Keys.Order()) AddTile(AuditCodes.TileMissing, level, number, "a tile", "none");
        Counts = Counts with { Tiles = count };
    }

    private void AddTile(string code, int level, long number, string expected, string found) =>
        _findings.Add(new AuditFinding(AuditCheck.Log, code, expected, found) { Subject = TilePath.Hashes(level, number).ToString() });
}

/// <summary>A row of the table of checkpoints.</summary>
internal sealed record LogCheckpointRow(long Size, Sha256Hash Root, string Note, long KeyId)
{
    public string Name => $"checkpoint {Size}";

    public static LogCheckpointRow? Read(CopyRows rows) => rows.Read()
        ? new LogCheckpointRow(
            rows.Int64(0), rows.Bytes(1).Length == Sha256Hash.Size ? new Sha256Hash(rows.Bytes(1)) : default, rows.Text(2), rows.Int64(3))
        : null;
}
