using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// Checks the events of a bundle in one pass: that each is what its leaf says, that the leaves lead to the root that was signed, that no
/// version of a stream is missing. It remembers what the other checks ask for.
/// </summary>
internal sealed class EventsCheck(
    BundleFiles files, BundleManifest manifest, SignedCheckpoint checkpoint, BundleReport report, BundleFindings findings)
{
    private const string Decided = "promotion_decided";

    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private readonly NamedDocuments _references = new();
    private readonly Dictionary<Sha256Hash, bool> _named = [];
    private readonly HashSet<string> _decisions = new(StringComparer.Ordinal);

    /// <summary>Number of events.</summary>
    public long Events { get; private set; }

    /// <summary>The decisions by their ids.</summary>
    public IReadOnlySet<string> Decisions => _decisions;

    /// <summary>The documents that events name, and whether each has to be there.</summary>
    public IReadOnlyDictionary<Sha256Hash, bool> Named => _named;

    /// <summary>The last version of every stream that is reviewed: candidates with decisions or Janus artifacts.</summary>
    public Dictionary<string, long> ReviewedStreams() =>
        _streams.Where(stream => stream.Value.IsReviewed).ToDictionary(
            stream => stream.Key, stream => stream.Value.LastVersion, StringComparer.Ordinal);

    /// <summary>Checks them; once.</summary>
    public void Run(CancellationToken cancellation)
    {
        var frontier = new MerkleFrontier();
        var whole = manifest.Scope.IsWhole;
        var main = manifest.Scope.CandidateId is { } candidate ? CandidateIdentity.StreamOf(candidate) : null;
        var (number, lastIndex, lastSequence) = (0L, -1L, -1L);
        var proven = new HashSet<long>();
        files.ReadLines(BundlePath.Events, line =>
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            if (!BundleEvent.TryRead(line, out var parts, out var refusal))
            {
                findings.Add(refusal.Code, BundlePlace.OfLine(number), "a line of an event", refusal.Explanation);
                return true;
            }

            if (!LogLeaf.TryParse(parts.Leaf, out var leaf, out refusal))
            {
                findings.Add(refusal.Code, BundlePlace.OfLine(number), "the canonical JSON of a leaf", refusal.Explanation);
                if (whole) frontier.Append(MerkleHash.Leaf(parts.Leaf));
                return true;
            }

            var place = BundlePlace.OfLine(number, parts.Index, leaf);
            var data = Sha256Hash.Of(parts.Data);
            if (data != leaf.DataSha256)
                findings.Add("event_data_mismatch", place, $"data that hash to {leaf.DataSha256}", $"data that hash to {data}");
            if (parts.Index <= lastIndex || leaf.Sequence <= lastSequence)
                findings.Add(
                    "event_out_of_order", place,
                    $"a log index above {BundlePlace.Text(lastIndex)} and a sequence above {BundlePlace.Text(lastSequence)}",
                    "it is not");
            (lastIndex, lastSequence) = (parts.Index, leaf.Sequence);
            if (whole)
            {
                if (parts.Index != frontier.Size)
                    findings.Add("event_missing", place, $"log index {BundlePlace.Text(frontier.Size)}", BundlePlace.Text(parts.Index));
                frontier.Append(MerkleHash.Leaf(parts.Leaf));
            }
            else if (proven.Add(parts.Index))
            {
                VerifyProof(place, parts.Index, MerkleHash.Leaf(parts.Leaf));
            }

            TakeVersion(place, leaf, whole || leaf.Stream == main);
            TakeData(place, parts.Index, leaf, parts.Data);
            return true;
        });
        Events = number;
        var signed = checkpoint.Checkpoint;
        if (whole && (frontier.Size != signed.Size || frontier.Root() != signed.Root))
        {
            findings.Add(
                "tree_root_mismatch", BundlePath.Events.Text, $"{BundlePlace.Text(signed.Size)} leaves with the root {signed.Root}",
                $"{BundlePlace.Text(frontier.Size)} leaves with the root {frontier.Root()}");
        }

        foreach (var path in files.Archive.Paths)
        {
            if (path.Kind == BundleFileKind.Proof && (whole || !proven.Contains(path.ProofIndex)))
                findings.Add("proof_unneeded", path.Text, "proofs of events of the bundle only", "one of another");
        }

        if (manifest.Events != number || manifest.Decisions != _decisions.Count)
        {
            findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text,
                $"{BundlePlace.Text(number)} events, {BundlePlace.Text(_decisions.Count)} decisions",
                $"{BundlePlace.Text(manifest.Events)} events, {BundlePlace.Text(manifest.Decisions)} decisions");
        }

        if (main is not null && !_streams.ContainsKey(main))
            findings.Add("event_missing", BundlePath.Events.Text, $"events of {manifest.Scope.CandidateId}", "none");
        if (manifest.Scope.DecisionId is { } asked && !_decisions.Contains(asked))
            findings.Add("event_missing", BundlePath.Events.Text, $"decision {asked}", "none");
    }

    private void VerifyProof(string place, long index, Sha256Hash leafHash)
    {
        var path = BundlePath.Proof(index);
        if (!files.Archive.Has(path))
        {
            findings.Add("proof_missing", place, path.Text, "no such file");
            return;
        }

        if (files.Read(path) is not { } file) return;
        if (!InclusionProofFile.TryParse(file, out var proof, out var refusal))
        {
            findings.Add(refusal.Code, path.Text, "a C2SP tlog-proof", refusal.Explanation);
            return;
        }

        var signed = checkpoint.Checkpoint;
        if (proof.Index != index) findings.Add("proof_index_mismatch", path.Text, BundlePlace.Text(index), BundlePlace.Text(proof.Index));
        if (!proof.Checkpoint.ToBytes().AsSpan().SequenceEqual(checkpoint.ToBytes()))
            findings.Add("proof_checkpoint_mismatch", path.Text, "the checkpoint of the bundle", "another");
        if (MerkleVerification.Inclusion(leafHash, index, signed.Size, proof.Hashes.AsSpan(), signed.Root) is { } wrong)
            findings.Add(wrong.Code, $"{path.Text} of {place}", $"a path from {leafHash} to the root {signed.Root}", wrong.Explanation);
    }

    private void TakeVersion(string place, LogLeaf leaf, bool isComplete)
    {
        ref var stream = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _streams, leaf.Stream, out var known);
        var before = known ? stream.LastVersion : 0;
        if (isComplete && leaf.Version != before + 1)
            findings.Add(
                "stream_version_gap", place, $"version {BundlePlace.Text(before + 1)} of {leaf.Stream}", BundlePlace.Text(leaf.Version));
        else if (leaf.Version <= before)
            findings.Add(
                "stream_version_gap", place, $"a version of {leaf.Stream} above {BundlePlace.Text(before)}",
                BundlePlace.Text(leaf.Version));
        stream.LastVersion = leaf.Version;
    }

    private void TakeData(string place, long index, LogLeaf leaf, ReadOnlySpan<byte> data)
    {
        JsonObject? members = null;
        if (report.Reads(leaf.Type) || ContentReferences.HasAny(leaf.Type))
        {
            members = JsonValue.TryRead(data.ToArray(), out var value, out _) ? value as JsonObject : null;
            if (members is null) findings.Add("event_data_unreadable", place, "an object", "something else");
        }

        report.Take(index, leaf, members);
        if (members is null) return;
        foreach (var reference in _references.Of(leaf.Type, data))
            _named[reference.Sha256] = reference.IsRequired || _named.GetValueOrDefault(reference.Sha256);
        var isCandidate = leaf.Stream.StartsWith(CandidateIdentity.StreamPrefix, StringComparison.Ordinal);
        if (!isCandidate) return;
        ref var stream = ref CollectionsMarshal.GetValueRefOrNullRef(_streams, leaf.Stream);
        if (leaf.Type == Decided && members["decision_id"] is JsonText decision)
        {
            if (!_decisions.Add(decision.Value)) findings.Add("decision_duplicate", place, "each decision once", decision.Value);
            stream.IsReviewed = true;
        }
        else if (leaf.Type == "artifact_emitted" && members["schema_version"] is JsonText)
        {
            stream.IsReviewed = true;
        }
    }

    private struct Stream
    {
        public long LastVersion;
        public bool IsReviewed;
    }
}
