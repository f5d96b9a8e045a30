using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Bundles;

/// <summary>What an export is signed with and says about keys.</summary>
public sealed record BundleKeys
{
    /// <summary>Every verifier key that the log ever had.</summary>
    public required ImmutableArray<VerifierKey> Known { get; init; }

    /// <summary>Signs the statements; none leaves them out.</summary>
    public SignerKey? Signer { get; init; }

    /// <summary>
    /// The policy that goes along, which the checkpoint has to satisfy; none stands for the one that accepts the known keys and asks for no
    /// witness.
    /// </summary>
    public WitnessPolicy? Policy { get; init; }
}

/// <summary>How far an export has come.</summary>
/// <param name="Events">Events written.</param>
/// <param name="OfEvents">Events of the tree.</param>
public readonly record struct BundleProgress(long Events, long OfEvents);

/// <summary>
/// Exports what is under a signed checkpoint into one file that proves itself (audit.md section 5). Reads in one snapshot and holds neither
/// the events nor the documents in memory, only the names of the documents.
/// </summary>
/// <param name="database">The ledger's database.</param>
/// <param name="contents">The documents.</param>
/// <param name="queries">The candidates.</param>
/// <param name="decisions">The decisions.</param>
public sealed class BundleExport(NpgsqlDataSource database, ContentStore contents, LedgerQueries queries, DecisionQueries decisions)
{
    /// <summary>Writes a bundle.</summary>
    /// <param name="path">The file. Nothing is left of it unless it is whole.</param>
    /// <param name="scope">What is to be in it.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="progressed">Hears how far it has come.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RefusedException">
    /// <c>unknown_candidate</c> or <c>unknown_decision</c>: nothing of it is under the checkpoint; <c>log_not_signed_yet</c>: there is no
    /// checkpoint that speaks for it, or none from the time asked for; <c>log_key_unknown</c>: none of the keys has signed the checkpoint;
    /// or as <see cref="WitnessPolicy.TryVerify"/> refuses: the checkpoint does not satisfy the policy that is to go along.
    /// </exception>
    /// <exception cref="LogStoppedException">What is stored is not what was signed.</exception>
    /// <exception cref="IntegrityException">A stored document is not what its hash says.</exception>
    public async Task<BundleManifest> WriteAsync(
        string path, BundleScope scope, BundleKeys keys, Action<BundleProgress>? progressed = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(keys);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var checkpoint = await CheckpointAsync(connection, scope, keys, cancellation);
        var selection = scope.IsWhole ? null : await SelectAsync(connection, scope, checkpoint, cancellation);
        await using var bundle = BundleWriter.Create(path);
        var written = await WriteEventsAsync(connection, bundle, scope, checkpoint, selection, progressed, cancellation);
        var absent = await WriteContentsAsync(bundle, written.Contents, cancellation);
        await bundle.AddAsync(BundlePath.Checkpoint, checkpoint.Signed.ToBytes(), cancellation);
        if (!scope.IsWhole) await WriteProofsAsync(connection, bundle, checkpoint, written, cancellation);
        await bundle.AddAsync(BundlePath.Keys, Encoding.UTF8.GetBytes(string.Concat(keys.Known.Select(key => key + "\n"))), cancellation);
        await bundle.AddAsync(BundlePath.Policy, (keys.Policy ?? WitnessPolicy.OfLogs(keys.Known)).ToBytes(), cancellation);
        var statements = keys.Signer is { } signer
            ? await WriteStatementsAsync(bundle, checkpoint, written.Decisions, signer, cancellation)
            : 0;
        await bundle.AddAsync(BundlePath.Report, written.Report.ToBytes(checkpoint.Signed.Checkpoint), cancellation);
        var manifest = new BundleManifest
        {
            Scope = scope,
            Origin = checkpoint.Signed.Checkpoint.Origin,
            TreeSize = checkpoint.Size,
            Root = checkpoint.Root,
            Events = written.Events,
            Decisions = written.Decisions.Count,
            Statements = statements,
            AbsentContent = absent,
            Files = [.. bundle.Files],
        };
        await bundle.AddAsync(BundlePath.Manifest, manifest.ToBytes(), cancellation);
        await bundle.CompleteAsync(cancellation);
        return manifest;
    }

    private static async Task<LogCheckpoint> CheckpointAsync(
        NpgsqlConnection connection, BundleScope scope, BundleKeys keys, CancellationToken cancellation)
    {
        var stored = new StoredCheckpoints(connection);
        var found = scope.Until is { } until
            ? await stored.LatestAsync(until.ToDateTimeOffset(), cancellation)
            : await stored.LatestAsync(cancellation);
        if (found is null)
            throw Refuse(
                LogRefusals.NotSignedYet,
                scope.Until is null ? "No checkpoint is signed yet." : $"No checkpoint was signed by {scope.Until}.");
        var cosigned = found.Signed.With(await stored.CosignaturesAsync(found.Size, cancellation));
        if (!cosigned.TryVerify(keys.Known, out var refusal))
            throw LogRefusals.Stop(LogRefusals.KeyUnknown, $"The checkpoint of {found.Size} leaves: {refusal.Explanation}");
        if (keys.Policy is { } policy && !policy.TryVerify(cosigned, out _, out refusal))
            throw new RefusedException(refusal);
        return found with { Signed = cosigned };
    }

    /// <summary>Which events belong to a candidate or a decision: those of its stream, and those that its decisions rest on.</summary>
    private async Task<Selection> SelectAsync(
        NpgsqlConnection connection, BundleScope scope, LogCheckpoint checkpoint, CancellationToken cancellation)
    {
        await using var last = new NpgsqlCommand(
            $"select event_sequence from {LedgerStore.Schema}.log_leaf where log_index = $1", connection);
        last.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checkpoint.Size - 1 });
        var mark = await last.ExecuteScalarAsync(cancellation) as long?
            ?? throw LogRefusals.Stop(LogRefusals.TailMissing, $"There is no leaf {checkpoint.Size - 1}, although it is signed.");
        var candidateId = scope.CandidateId!;
        var recorded = await queries.HistoryAsync(candidateId, cancellation);
        if (recorded.Count == 0) throw Refuse("unknown_candidate", $"There is no candidate '{candidateId}'.");
        var history = recorded.Where(one => one.Sequence <= mark).ToArray();
        if (history.Length == 0) throw Refuse(LogRefusals.NotSignedYet, $"No checkpoint speaks for candidate {candidateId} yet.");
        if (scope.DecisionId is { } decisionId)
        {
            if (RecordedDecision.Find(candidateId, recorded, decisionId) is not { } decision)
                throw Refuse("unknown_decision", $"Candidate {candidateId} has no decision '{decisionId}'.");
            var end = decision.Events[^1].Version;
            history = [.. history.Where(one => one.Version <= end)];
            if (history[^1].Version < end) throw Refuse(LogRefusals.NotSignedYet, $"No checkpoint speaks for decision {decisionId} yet.");
        }

        var decided = history.Where(one => one.Happened is PromotionDecided).ToArray();
        var verdicts = decided.Select(one => (PromotionDecided)one.Happened).ToArray();
        return new Selection(
            CandidateIdentity.StreamOf(candidateId),
            history[^1].Version,
            [
                SafetyControls.Stream,
                .. verdicts.SelectMany(verdict => verdict.Facts.Policies).Select(policy => PolicyBook.StreamOf(policy.Name)).Distinct(),
            ],
            [.. verdicts.Select(verdict => ChampionSlot.StreamOf(verdict.Target)).Distinct()],
            decided.Length == 0 ? 0 : decided[^1].Sequence,
            candidateId,
            [.. verdicts.Select(verdict => verdict.DecisionId)]);
    }

    private static async Task<WrittenEvents> WriteEventsAsync(
        NpgsqlConnection connection,
        BundleWriter bundle,
        BundleScope scope,
        LogCheckpoint checkpoint,
        Selection? selection,
        Action<BundleProgress>? progressed,
        CancellationToken cancellation)
    {
        var written = new WrittenEvents(scope);
        var frontier = new MerkleFrontier();
        var (leaves, line) = (new LeafReader(), new ByteBuffer(1 << 16));
        await using var file = bundle.Open(BundlePath.Events);
        await using var command = SelectCommand(connection, checkpoint.Size, selection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var index = reader.GetInt64(0);
            LogReader.ReadLeaf(reader, leaves);
            if (scope.IsWhole)
            {
                if (index != frontier.Size)
                    throw LogRefusals.Stop(
                        "log_leaf_missing", $"There is no leaf {frontier.Size}, although it is signed.");
                frontier.Append(MerkleHash.Leaf(leaves.Leaf));
            }

            written.Take(index, leaves.Leaf, leaves.Data);
            BundleEvent.Append(line, index, leaves.Leaf, leaves.Data);
            if (line.Length < 1 << 15) continue;
            await file.WriteAsync(line.WrittenMemory, cancellation);
            line.Clear();
            progressed?.Invoke(new BundleProgress(written.Events, checkpoint.Size));
        }

        await file.WriteAsync(line.WrittenMemory, cancellation);
        if (scope.IsWhole && (frontier.Size != checkpoint.Size || frontier.Root() != checkpoint.Root))
        {
            throw LogRefusals.Stop(
                LogRefusals.TreeAltered,
                $"{frontier.Size} events give the root {frontier.Root()}; {checkpoint.Root} was signed for {checkpoint.Size}.");
        }

        return written;
    }

    private static NpgsqlCommand SelectCommand(NpgsqlConnection connection, long size, Selection? selection)
    {
        var narrower = selection is null
            ? ""
            : """
               and ((e.stream_id = $2 and e.version <= $3) or ((e.stream_id = any($4) or e.stream_id = any($5)) and e.seq_id < $6)
                or (e.stream_id = any($5) and e.data ->> 'candidate_id' = $7 and e.data ->> 'decision_id' = any($8)))
              """;
        var command = new NpgsqlCommand(
            $"""
            select l.log_index, l.event_sequence, l.event_id, l.leaf_hash, {EventRow.Columns}
            from {LedgerStore.Schema}.log_leaf l left join {LedgerStore.Schema}.mt_events e on e.seq_id = l.event_sequence
            where l.log_index < $1{narrower} order by l.log_index
            """, connection);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size });
        if (selection is null) return command;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = selection.Stream });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = selection.LastVersion });
        command.Parameters.Add(Texts(selection.FactStreams));
        command.Parameters.Add(Texts(selection.PlaceStreams));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = selection.LastDecided });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = selection.CandidateId });
        command.Parameters.Add(Texts(selection.Decisions));
        return command;
    }

    private static NpgsqlParameter Texts(string[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private async Task<ImmutableArray<Sha256Hash>> WriteContentsAsync(
        BundleWriter bundle, IEnumerable<Sha256Hash> named, CancellationToken cancellation)
    {
        var absent = ImmutableArray.CreateBuilder<Sha256Hash>();
        await foreach (var (sha256, bytes) in contents.ReadManyAsync(named, cancellation))
        {
            if (bytes is not null)
            {
                await bundle.AddAsync(BundlePath.Content(sha256), bytes, cancellation);
                continue;
            }

            await using var stored = await contents.OpenAsync(sha256, cancellation);
            if (stored is null)
            {
                absent.Add(sha256);
                continue;
            }

            await using var file = bundle.Open(BundlePath.Content(sha256));
            await stored.CopyToAsync(file, cancellation);
        }

        return absent.ToImmutable();
    }

    private static async Task WriteProofsAsync(
        NpgsqlConnection connection, BundleWriter bundle, LogCheckpoint checkpoint, WrittenEvents written, CancellationToken cancellation)
    {
        var tiles = new StoredTiles(connection);
        foreach (var (index, leafHash) in written.Leaves)
        {
            try
            {
                var needed = await tiles.FetchAsync(MerkleProofs.TilesOfInclusion(index, checkpoint.Size), cancellation);
                var hashes = MerkleProofs.Inclusion(index, checkpoint.Size, needed);
                if (MerkleVerification.Inclusion(leafHash, index, checkpoint.Size, hashes.AsSpan(), checkpoint.Root) is { } refusal)
                    throw LogRefusals.Stop(
                        LogRefusals.TreeAltered,
                        $"The stored tiles do not lead from leaf {index} to the signed root: {refusal.Explanation}");
                var proof = InclusionProofFile.Of(index, hashes, checkpoint.Signed);
                await bundle.AddAsync(BundlePath.Proof(index), proof.ToBytes(), cancellation);
            }
            catch (RefusedException refused)
            {
                throw new LogStoppedException(refused.Refusal, refused);
            }
        }
    }

    private async Task<long> WriteStatementsAsync(
        BundleWriter bundle, LogCheckpoint checkpoint, List<(string CandidateId, string DecisionId)> decided, SignerKey signer,
        CancellationToken cancellation)
    {
        // In the order of the candidates each stream is read once, however many decisions there are about it.
        foreach (var candidate in decided.GroupBy(one => one.CandidateId).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var all = (await decisions.OfCandidateAsync(candidate.Key, cancellation)).ToDictionary(
                one => one.Decided.DecisionId, StringComparer.Ordinal);
            foreach (var (_, decisionId) in candidate)
            {
                var decision = all[decisionId];
                var statement = StatementOf(checkpoint.Signed.Checkpoint.Origin, decision.CandidateId, decision.Earlier, decision.Decided)
                    ?? throw new IntegrityException($"Decision {decisionId} is about an evaluation that its candidate does not have.");
                await bundle.AddAsync(BundlePath.Statement(decisionId), statement.Sign(signer).ToBytes(), cancellation);
            }
        }

        return decided.Count;
    }

    /// <summary>The statement about a decision; none where the candidate has no such evaluation.</summary>
    internal static DecisionStatement? StatementOf(
        string origin, string candidateId, IEnumerable<CandidateEvent> earlier, PromotionDecided decided)
    {
        var state = earlier.Aggregate(Candidate.Unrecorded(candidateId), (before, happened) => before.After(happened));
        return state.Find(decided.EvaluationId) is { } evaluation ? DecisionStatements.Of(origin, candidateId, evaluation, decided) : null;
    }

    private static RefusedException Refuse(string code, string explanation) => new(new Refusal(code, explanation));

    private sealed record Selection(
        string Stream, long LastVersion, string[] FactStreams, string[] PlaceStreams, long LastDecided, string CandidateId,
        string[] Decisions);

    /// <summary>What is kept of the events that were written.</summary>
    private sealed class WrittenEvents(BundleScope scope)
    {
        private readonly NamedDocuments _references = new();
        private readonly HashSet<Sha256Hash> _contents = [];

        public BundleReport Report { get; } = new(scope);

        public long Events { get; private set; }

        /// <summary>The documents that are named, in the order of their hashes.</summary>
        public IEnumerable<Sha256Hash> Contents => _contents.OrderBy(hash => hash.ToString(), StringComparer.Ordinal);

        /// <summary>Index and hash of each leaf, where not all leaves were written.</summary>
        public List<(long Index, Sha256Hash Hash)> Leaves { get; } = [];

        public List<(string CandidateId, string DecisionId)> Decisions { get; } = [];

        public void Take(long index, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> data)
        {
            Events++;
            if (!scope.IsWhole) Leaves.Add((index, MerkleHash.Leaf(bytes)));
            if (!LogLeaf.TryParse(bytes, out var leaf, out var refusal)) throw new RefusedException(refusal);
            var isRead = Report.Reads(leaf.Type) || ContentReferences.HasAny(leaf.Type);
            var members = isRead ? JsonValue.Read(data.ToArray()) as JsonObject : null;
            Report.Take(index, leaf, members);
            if (members is null) return;
            foreach (var reference in _references.Of(leaf.Type, data)) _contents.Add(reference.Sha256);
            if (leaf.Type == "promotion_decided" && members["decision_id"] is JsonText decisionId)
                Decisions.Add((CandidateIdentity.CandidateOfStream(leaf.Stream), decisionId.Value));
        }
    }
}
