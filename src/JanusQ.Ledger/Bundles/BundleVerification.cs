using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// Verifies a bundle from its file and a key that was given (audit.md section 5), without database and network. Whatever is in the file,
/// there is an answer; only a file that cannot be read at all is an error.
/// </summary>
public sealed class BundleVerification : IDisposable
{
    private const string Decided = "promotion_decided";
    private const int LargestCache = 64 << 20;

    private readonly BundleTrust _trust;
    private readonly Action<long>? _read;
    private readonly FileStream _file;
    private readonly BundleFindings _findings = new();
    private readonly BundleArchive? _archive;
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private readonly NamedDocuments _references = new();
    private readonly Dictionary<Sha256Hash, bool> _named = [];
    private readonly HashSet<string> _decisions = new(StringComparer.Ordinal);
    private readonly Dictionary<Sha256Hash, byte[]> _cache = [];
    private readonly Lock _caching = new();
    private long _cached;
    private BundleVerdict _verdict = new() { Findings = [], FindingsCount = 0 };

    private BundleVerification(FileStream file, BundleTrust trust, Action<long>? read)
    {
        _file = file;
        _trust = trust;
        _read = read;
        _archive = BundleArchive.Open(file, _findings);
    }

    /// <summary>Bytes that will be read, for who shows how far it is.</summary>
    public long Total => _archive is null ? 0 : _archive.Paths.Sum(_archive.SizeOf) + SizeOfEvents;

    private long SizeOfEvents => _archive!.Has(BundlePath.Events) ? _archive.SizeOf(BundlePath.Events) : 0;

    /// <summary>Opens a bundle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">What is believed beforehand.</param>
    /// <param name="read">Hears of bytes that were read.</param>
    /// <exception cref="ArgumentException">No key is given.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BundleVerification Open(string path, BundleTrust trust, Action<long>? read = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        if (trust.Keys.IsDefaultOrEmpty) throw new ArgumentException("Without a key that is trusted nothing is verified.", nameof(trust));
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return new BundleVerification(file, trust, read);
    }

    /// <summary>Verifies it; once.</summary>
    public BundleVerdict Verify(CancellationToken cancellation = default)
    {
        if (_archive is not null && ReadManifest() is { } manifest)
        {
            _verdict = _verdict with { Manifest = manifest };
            var listed = CompareFiles(manifest);
            if (ReadCheckpoint(manifest, listed) is { } checkpoint) VerifyAll(manifest, listed, checkpoint, cancellation);
        }

        return _verdict with { Findings = [.. _findings.Kept], FindingsCount = _findings.Count };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _archive?.Dispose();
        _file.Dispose();
    }

    private void VerifyAll(
        BundleManifest manifest, Dictionary<string, BundleFileEntry> listed, SignedCheckpoint checkpoint, CancellationToken cancellation)
    {
        var report = new BundleReport(manifest.Scope);
        var contents = Task.Run(() => HashContents(listed, cancellation), cancellation);
        try
        {
            VerifyEvents(manifest, listed, checkpoint, report, cancellation);
        }
        finally
        {
            // Whatever happens, nobody reads the file any more when this returns.
            ((IAsyncResult)contents).AsyncWaitHandle.WaitOne();
        }

        VerifyContents(manifest, contents.GetAwaiter().GetResult());
        VerifyCandidates(manifest, cancellation);
        VerifyReport(listed, report.ToBytes(checkpoint.Checkpoint));
        foreach (var path in _archive!.Paths)
        {
            if (path.Kind == BundleFileKind.Statement && (manifest.Statements == 0 || !_decisions.Contains(path.StatementDecision)))
                _findings.Add("statement_unneeded", path.Text, "statements about decisions of the bundle only", "one about another");
        }

        if (manifest.Statements != 0 && manifest.Statements != _decisions.Count)
        {
            _findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text, $"{Text(_decisions.Count)} statements or none",
                Text(manifest.Statements));
        }
    }

    private BundleManifest? ReadManifest()
    {
        if (ReadAlways(BundlePath.Manifest) is not { } bytes) return null;
        if (BundleManifest.TryParse(bytes, out var manifest, out var refusal)) return manifest;
        _findings.Add(refusal.Code, BundlePath.Manifest.Text, "a manifest", refusal.Explanation);
        return null;
    }

    private Dictionary<string, BundleFileEntry> CompareFiles(BundleManifest manifest)
    {
        var listed = new Dictionary<string, BundleFileEntry>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            if (!listed.TryAdd(file.Path, file))
                _findings.Add("bundle_manifest_malformed", BundlePath.Manifest.Text, "each file once", file.Path);
        }

        var sorted = manifest.Files.Select(file => file.Path).Order(StringComparer.Ordinal);
        if (!manifest.Files.Select(file => file.Path).SequenceEqual(sorted, StringComparer.Ordinal))
            _findings.Add("bundle_manifest_malformed", BundlePath.Manifest.Text, "files sorted by name", "another order");
        foreach (var path in _archive!.Paths)
        {
            if (path != BundlePath.Manifest && !listed.ContainsKey(path.Text))
                _findings.Add("bundle_file_unlisted", path.Text, "only files that the manifest lists", "a file that it does not");
        }

        var present = _archive.Paths.Select(path => path.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var name in listed.Keys.Concat(BundlePath.Always.Select(path => path.Text)).Distinct(StringComparer.Ordinal))
            if (!present.Contains(name)) _findings.Add("bundle_file_missing", name, "the file", "none");
        return listed;
    }

    private SignedCheckpoint? ReadCheckpoint(BundleManifest manifest, Dictionary<string, BundleFileEntry> listed)
    {
        if (ReadListed(BundlePath.Checkpoint, listed) is not { } bytes) return null;
        if (!SignedCheckpoint.TryParse(bytes, out var signed, out var refusal))
        {
            _findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a signed checkpoint", refusal.Explanation);
            return null;
        }

        var (checkpoint, keys) = (signed.Checkpoint, _trust.Keys);
        var signedBy = ImmutableArray<VerifierKey>.Empty;
        if (!signed.TryVerify(keys, out refusal))
            _findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a signature of a key that was given", refusal.Explanation);
        else
            signedBy = [.. keys.Where(key => signed.TryVerify([key], out _))];
        var cosignedBy = ImmutableArray<VerifierKey>.Empty;
        if (_trust.Policy is { } policy)
        {
            if (policy.TryVerify(signed, out var satisfaction, out refusal, keys))
                cosignedBy = [.. satisfaction.Cosignatures.Select(one => one.Witness)];
            else _findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a checkpoint as the policy given asks for", refusal.Explanation);
        }

        if (manifest.Origin != checkpoint.Origin || manifest.TreeSize != checkpoint.Size || manifest.Root != checkpoint.Root)
        {
            _findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text, $"{checkpoint.Origin} {Text(checkpoint.Size)} {checkpoint.Root}",
                $"{manifest.Origin} {Text(manifest.TreeSize)} {manifest.Root}");
        }

        _verdict = _verdict with { SignedBy = signedBy, CosignedBy = cosignedBy };
        VerifyKeys(listed, signed, signedBy);
        return signed;
    }

    /// <summary>The keys and the policy of the bundle are no reason to believe it, but have to fit what is believed.</summary>
    private void VerifyKeys(Dictionary<string, BundleFileEntry> listed, SignedCheckpoint signed, ImmutableArray<VerifierKey> signedBy)
    {
        var own = new List<VerifierKey>();
        if (ReadListed(BundlePath.Keys, listed) is { } file)
        {
            foreach (var line in Encoding.UTF8.GetString(file).Split('\n').SkipLast(1))
            {
                if (VerifierKey.TryParse(line, out var key, out var refusal)) own.Add(key);
                else _findings.Add(refusal.Code, BundlePath.Keys.Text, "a verifier key a line", refusal.Explanation);
            }

            if (file.Length == 0 || file[^1] != '\n')
                _findings.Add("verifier_key_malformed", BundlePath.Keys.Text, "lines that end", "one that does not");
            foreach (var key in signedBy)
                if (!own.Contains(key))
                    _findings.Add("bundle_key_missing", BundlePath.Keys.Text, key.ToString(), "it is not among the keys of the bundle");
            _verdict = _verdict with { KeysNotGiven = [.. own.Where(key => !_trust.Keys.Contains(key))] };
        }

        if (ReadListed(BundlePath.Policy, listed) is not { } policyFile) return;
        if (!WitnessPolicy.TryParse(policyFile, out var policy, out var wrong))
            _findings.Add(wrong.Code, BundlePath.Policy.Text, "a C2SP tlog-policy", wrong.Explanation);
        else if (!policy.TryVerify(signed, out _, out wrong))
            _findings.Add(wrong.Code, BundlePath.Policy.Text, "a policy that the checkpoint satisfies", wrong.Explanation);
    }

    private void VerifyEvents(
        BundleManifest manifest,
        Dictionary<string, BundleFileEntry> listed,
        SignedCheckpoint checkpoint,
        BundleReport report,
        CancellationToken cancellation)
    {
        var frontier = new MerkleFrontier();
        var whole = manifest.Scope.IsWhole;
        var main = manifest.Scope.CandidateId is { } candidate ? CandidateIdentity.StreamOf(candidate) : null;
        var (number, lastIndex, lastSequence) = (0L, -1L, -1L);
        var proven = new HashSet<long>();
        ReadListed(BundlePath.Events, listed, line =>
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            if (!BundleEvent.TryRead(line, out var parts, out var refusal))
            {
                _findings.Add(refusal.Code, Place(number), "a line of an event", refusal.Explanation);
                return true;
            }

            if (!LogLeaf.TryParse(parts.Leaf, out var leaf, out refusal))
            {
                _findings.Add(refusal.Code, Place(number), "the canonical JSON of a leaf", refusal.Explanation);
                if (whole) frontier.Append(MerkleHash.Leaf(parts.Leaf));
                return true;
            }

            var place = Place(number, parts.Index, leaf);
            var data = Sha256Hash.Of(parts.Data);
            if (data != leaf.DataSha256)
                _findings.Add("event_data_mismatch", place, $"data that hash to {leaf.DataSha256}", $"data that hash to {data}");
            if (parts.Index <= lastIndex || leaf.Sequence <= lastSequence)
                _findings.Add(
                    "event_out_of_order", place, $"a log index above {Text(lastIndex)} and a sequence above {Text(lastSequence)}",
                    "it is not");
            (lastIndex, lastSequence) = (parts.Index, leaf.Sequence);
            if (whole)
            {
                if (parts.Index != frontier.Size)
                    _findings.Add("event_missing", place, $"log index {Text(frontier.Size)}", Text(parts.Index));
                frontier.Append(MerkleHash.Leaf(parts.Leaf));
            }
            else if (proven.Add(parts.Index))
            {
                VerifyProof(place, parts.Index, MerkleHash.Leaf(parts.Leaf), checkpoint, listed);
            }

            TakeVersion(place, leaf, whole || leaf.Stream == main);
            TakeData(place, parts.Index, leaf, parts.Data, report);
            return true;
        });
        _verdict = _verdict with { Events = number };
        var signed = checkpoint.Checkpoint;
        if (whole && (frontier.Size != signed.Size || frontier.Root() != signed.Root))
        {
            _findings.Add(
                "tree_root_mismatch", BundlePath.Events.Text, $"{Text(signed.Size)} leaves with the root {signed.Root}",
                $"{Text(frontier.Size)} leaves with the root {frontier.Root()}");
        }

        foreach (var path in _archive!.Paths)
        {
            if (path.Kind == BundleFileKind.Proof && (whole || !proven.Contains(path.ProofIndex)))
                _findings.Add("proof_unneeded", path.Text, "proofs of events of the bundle only", "one of another");
        }

        if (manifest.Events != number || manifest.Decisions != _decisions.Count)
        {
            _findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text, $"{Text(number)} events, {Text(_decisions.Count)} decisions",
                $"{Text(manifest.Events)} events, {Text(manifest.Decisions)} decisions");
        }

        if (main is not null && !_streams.ContainsKey(main))
            _findings.Add("event_missing", BundlePath.Events.Text, $"events of {manifest.Scope.CandidateId}", "none");
        if (manifest.Scope.DecisionId is { } asked && !_decisions.Contains(asked))
            _findings.Add("event_missing", BundlePath.Events.Text, $"decision {asked}", "none");
    }

    private void VerifyProof(
        string place, long index, Sha256Hash leafHash, SignedCheckpoint checkpoint, Dictionary<string, BundleFileEntry> listed)
    {
        var path = BundlePath.Proof(index);
        if (!_archive!.Has(path))
        {
            _findings.Add("proof_missing", place, path.Text, "no such file");
            return;
        }

        if (ReadListed(path, listed) is not { } file) return;
        if (!InclusionProofFile.TryParse(file, out var proof, out var refusal))
        {
            _findings.Add(refusal.Code, path.Text, "a C2SP tlog-proof", refusal.Explanation);
            return;
        }

        var signed = checkpoint.Checkpoint;
        if (proof.Index != index) _findings.Add("proof_index_mismatch", path.Text, Text(index), Text(proof.Index));
        if (!proof.Checkpoint.ToBytes().AsSpan().SequenceEqual(checkpoint.ToBytes()))
            _findings.Add("proof_checkpoint_mismatch", path.Text, "the checkpoint of the bundle", "another");
        if (MerkleVerification.Inclusion(leafHash, index, signed.Size, proof.Hashes.AsSpan(), signed.Root) is { } wrong)
            _findings.Add(wrong.Code, $"{path.Text} of {place}", $"a path from {leafHash} to the root {signed.Root}", wrong.Explanation);
    }

    private void TakeVersion(string place, LogLeaf leaf, bool isComplete)
    {
        ref var stream = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _streams, leaf.Stream, out var known);
        var before = known ? stream.LastVersion : 0;
        if (isComplete && leaf.Version != before + 1)
            _findings.Add("stream_version_gap", place, $"version {Text(before + 1)} of {leaf.Stream}", Text(leaf.Version));
        else if (leaf.Version <= before)
            _findings.Add("stream_version_gap", place, $"a version of {leaf.Stream} above {Text(before)}", Text(leaf.Version));
        stream.LastVersion = leaf.Version;
    }

    private void TakeData(string place, long index, LogLeaf leaf, ReadOnlySpan<byte> data, BundleReport report)
    {
        JsonObject? members = null;
        if (report.Reads(leaf.Type) || ContentReferences.HasAny(leaf.Type))
        {
            members = JsonValue.TryRead(data.ToArray(), out var value, out _) ? value as JsonObject : null;
            if (members is null) _findings.Add("event_data_unreadable", place, "an object", "something else");
        }

        report.Take(index, leaf, members);
        if (members is null) return;
        foreach (var reference in _references.Of(leaf.Type, data))
            _named[reference.Sha256] = reference.IsRequired || _named.GetValueOrDefault(reference.Sha256);
        var isCandidate = leaf.Stream.StartsWith(CandidateIdentity.StreamPrefix, StringComparison.Ordinal);
        if (!isCandidate) return;
        ref var stream = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_streams, leaf.Stream);
        if (leaf.Type == Decided && members["decision_id"] is JsonText decision)
        {
            if (!_decisions.Add(decision.Value)) _findings.Add("decision_duplicate", place, "each decision once", decision.Value);
            stream.IsReviewed = true;
        }
        else if (leaf.Type == "artifact_emitted" && members["schema_version"] is JsonText)
        {
            stream.IsReviewed = true;
        }
    }

    /// <summary>
    /// Hashes every document. It has the file opened for itself, so that it can go on beside the events: most files of a bundle are
    /// documents.
    /// </summary>
    private HashedContents HashContents(Dictionary<string, BundleFileEntry> listed, CancellationToken cancellation)
    {
        var hashed = new HashedContents([], new BundleFindings());
        using var file = new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var archive = BundleArchive.Open(file, hashed.Findings);
        foreach (var path in archive?.Paths ?? [])
        {
            if (path.Kind != BundleFileKind.Content) continue;
            cancellation.ThrowIfCancellationRequested();
            var named = path.ContentHash;
            hashed.Present.Add(named);
            if (!archive!.TryRead(path, piece => _read?.Invoke(piece.Length), out var sha256, out var finding))
                hashed.Findings.Add(finding);
            else if (sha256 != named) hashed.Findings.Add("content_mismatch", path.Text, named.ToString(), sha256.ToString());
            Compare(path, listed, sha256, hashed.Findings);
        }

        return hashed;
    }

    private void VerifyContents(BundleManifest manifest, HashedContents hashed)
    {
        foreach (var finding in hashed.Findings.Kept) _findings.Add(finding);
        var present = hashed.Present;
        foreach (var sha256 in present)
        {
            if (!_named.ContainsKey(sha256))
                _findings.Add("content_unneeded", BundlePath.Content(sha256).Text, "documents that an event names only", "another");
        }

        var absent = manifest.AbsentContent.ToHashSet();
        foreach (var (sha256, isRequired) in _named.OrderBy(one => one.Key.ToString(), StringComparer.Ordinal))
        {
            if (present.Contains(sha256)) continue;
            if (isRequired || !absent.Contains(sha256))
                _findings.Add("content_missing", BundlePath.Content(sha256).Text, "the document, which an event names", "none");
        }

        foreach (var sha256 in manifest.AbsentContent)
        {
            if (present.Contains(sha256) || !_named.ContainsKey(sha256))
                _findings.Add(
                    "bundle_manifest_mismatch", BundlePath.Manifest.Text, "only documents as absent that are named and not there",
                    sha256.ToString());
        }

        _verdict = _verdict with { Contents = present.Count };
    }

    /// <summary>
    /// Reads the events again and reviews each candidate once its last event is there: what is held is the candidates that are open.
    /// </summary>
    private void VerifyCandidates(BundleManifest manifest, CancellationToken cancellation)
    {
        if (!_streams.Values.Any(stream => stream.IsReviewed) || !_archive!.Has(BundlePath.Events)) return;
        var open = new Dictionary<string, List<CandidateEvent>>(StringComparer.Ordinal);
        var reviews = new Queue<Task<CandidateReview>>();
        var lines = new EventLines(line =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!BundleEvent.TryRead(line, out var parts, out _) || !LogLeaf.TryParse(parts.Leaf, out var leaf, out _)
                || !_streams.TryGetValue(leaf.Stream, out var stream) || !stream.IsReviewed)
            {
                return true;
            }

            if (!open.TryGetValue(leaf.Stream, out var events)) open.Add(leaf.Stream, events = []);
            if (Deserialized(leaf, parts) is { } happened) events.Add(happened);
            if (leaf.Version != stream.LastVersion) return true;
            open.Remove(leaf.Stream);
            var candidateId = CandidateIdentity.CandidateOfStream(leaf.Stream);
            reviews.Enqueue(Task.Run(() => Review(manifest, candidateId, events), cancellation));
            while (reviews.Count > Environment.ProcessorCount * 2) Take(reviews.Dequeue());
            return true;
        });

        // What cannot be read was found when it was read first.
        _archive.TryRead(
            BundlePath.Events,
            piece =>
            {
                lines.Take(piece);
                _read?.Invoke(piece.Length);
            },
            out _,
            out _);
        while (reviews.Count > 0) Take(reviews.Dequeue());
    }

    private void Take(Task<CandidateReview> reviewed)
    {
        var review = reviewed.GetAwaiter().GetResult();
        foreach (var finding in review.Findings) _findings.Add(finding);
        _verdict = _verdict with
        {
            Decisions = _verdict.Decisions + review.Decisions,
            JanusArtifacts = _verdict.JanusArtifacts + review.JanusArtifacts,
            Statements = _verdict.Statements + review.Statements,
        };
    }

    private CandidateReview Review(BundleManifest manifest, string candidateId, List<CandidateEvent> events)
    {
        var review = new CandidateReview(manifest.Origin, FindContent, manifest.Statements == 0 ? null : FindStatement, _trust.Keys);
        review.Take(candidateId, events);
        return review;
    }

    private CandidateEvent? Deserialized(LogLeaf leaf, BundleEvent parts)
    {
        var place = $"{BundlePath.Events.Text} (log index {Text(parts.Index)}, event {leaf.Id:D})";
        var known = EventNames.All.FirstOrDefault(name => name.Name == leaf.Type);
        if (known is null || !known.Type.IsAssignableTo(typeof(CandidateEvent)))
        {
            _findings.Add("event_type_unknown", place, "an event of a candidate", leaf.Type);
            return null;
        }

        try
        {
            return (CandidateEvent?)JsonSerializer.Deserialize(parts.Data, known.Type, LedgerJson.Options);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            _findings.Add("event_data_unreadable", place, $"data of a {leaf.Type}", failure.Message);
            return null;
        }
    }

    private byte[]? FindContent(Sha256Hash sha256)
    {
        lock (_caching)
        {
            if (_cache.TryGetValue(sha256, out var cached)) return cached;
        }

        var path = BundlePath.Content(sha256);
        if (!_archive!.Has(path) || !_archive.TryRead(path, out var bytes, out _, out _)) return null;
        lock (_caching)
        {
            _cached += bytes.Length;
            if (_cached > LargestCache)
            {
                _cache.Clear();
                _cached = bytes.Length;
            }

            _cache[sha256] = bytes;
        }

        return bytes;
    }

    private byte[]? FindStatement(string decisionId) =>
        _archive!.Has(BundlePath.Statement(decisionId)) && _archive.TryRead(BundlePath.Statement(decisionId), out var bytes, out _, out _)
            ? bytes
            : null;

    private void VerifyReport(Dictionary<string, BundleFileEntry> listed, byte[] expected)
    {
        if (ReadListed(BundlePath.Report, listed) is { } found && !found.AsSpan().SequenceEqual(expected))
            _findings.Add(
                "report_mismatch", BundlePath.Report.Text, $"the page that follows from the events, {Sha256Hash.Of(expected)}",
                Sha256Hash.Of(found).ToString());
    }

    private byte[]? ReadAlways(BundlePath path)
    {
        if (!_archive!.Has(path))
        {
            _findings.Add("bundle_file_missing", path.Text, "the file", "none");
            return null;
        }

        if (_archive.TryRead(path, out var bytes, out _, out var finding))
        {
            _read?.Invoke(bytes.Length);
            return bytes;
        }

        _findings.Add(finding);
        return null;
    }

    private byte[]? ReadListed(BundlePath path, Dictionary<string, BundleFileEntry> listed)
    {
        if (!_archive!.Has(path)) return null;
        if (!_archive.TryRead(path, out var bytes, out var sha256, out var finding))
        {
            _findings.Add(finding);
            return null;
        }

        _read?.Invoke(bytes.Length);
        Compare(path, listed, sha256);
        return bytes;
    }

    private void ReadListed(BundlePath path, Dictionary<string, BundleFileEntry> listed, EventLines.TakeLine take)
    {
        if (!_archive!.Has(path)) return;
        var lines = new EventLines(take);
        var isRead = _archive.TryRead(
            path,
            piece =>
            {
                lines.Take(piece);
                _read?.Invoke(piece.Length);
            },
            out var sha256,
            out var finding);
        if (!isRead) _findings.Add(finding!);
        else Compare(path, listed, sha256);
        if (lines.IsTooLong || lines.IsUnfinished)
            _findings.Add(
                "bundle_event_malformed", path.Text, $"lines that end, of {BundleEvent.MostBytes} bytes at most", "one that does not");
    }

    private void Compare(BundlePath path, Dictionary<string, BundleFileEntry> listed, in Sha256Hash sha256, BundleFindings? findings = null)
    {
        if (!listed.TryGetValue(path.Text, out var file)) return;
        var size = _archive!.SizeOf(path);
        if (file.Sha256 == sha256 && file.Size == size) return;
        (findings ?? _findings).Add(
            "bundle_file_mismatch", path.Text, $"{Text(file.Size)} bytes that hash to {file.Sha256}",
            $"{Text(size)} bytes that hash to {sha256}");
    }

    private static string Place(long line) => $"{BundlePath.Events.Text}:{Text(line)}";

    private static string Place(long line, long index, LogLeaf leaf) => $"{Place(line)} (log index {Text(index)}, event {leaf.Id:D})";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record HashedContents(HashSet<Sha256Hash> Present, BundleFindings Findings);

    private struct Stream
    {
        public long LastVersion;
        public bool IsReviewed;
    }
}
