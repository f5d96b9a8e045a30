using System.Text.Json;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Bundles;

/// <summary>Reviews the candidates of a bundle: derives every decision again, recomputes Janus artifacts, verifies statements.</summary>
internal sealed class CandidatesCheck(BundleFiles files, BundleManifest manifest, BundleTrust trust, BundleFindings findings)
{
    private const int LargestCache = 64 << 20;

    private readonly Dictionary<Sha256Hash, byte[]> _cache = [];
    private readonly Lock _caching = new();
    private long _cached;

    /// <summary>Decisions that were derived again.</summary>
    public long Decisions { get; private set; }

    /// <summary>Janus artifacts that were recomputed.</summary>
    public long JanusArtifacts { get; private set; }

    /// <summary>Statements that were verified.</summary>
    public long Statements { get; private set; }

    /// <summary>
    /// Reads the events again and reviews each candidate once its last event is there: what is held is the candidates that are open.
    /// </summary>
    public void Run(IReadOnlyDictionary<string, long> lastVersions, CancellationToken cancellation)
    {
        if (lastVersions.Count == 0 || !files.Archive.Has(BundlePath.Events)) return;
        var open = new Dictionary<string, List<CandidateEvent>>(StringComparer.Ordinal);
        var reviews = new Queue<Task<CandidateReview>>();
        var lines = new EventLines(line =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!BundleEvent.TryRead(line, out var parts, out _) || !LogLeaf.TryParse(parts.Leaf, out var leaf, out _)
                || !lastVersions.TryGetValue(leaf.Stream, out var last))
            {
                return true;
            }

            if (!open.TryGetValue(leaf.Stream, out var events)) open.Add(leaf.Stream, events = []);
            if (Deserialized(leaf, parts) is { } happened) events.Add(happened);
            if (leaf.Version != last) return true;
            open.Remove(leaf.Stream);
            var candidateId = CandidateIdentity.CandidateOfStream(leaf.Stream);
            reviews.Enqueue(Task.Run(() => Review(candidateId, events), cancellation));
            while (reviews.Count > Environment.ProcessorCount * 2) Take(reviews.Dequeue());
            return true;
        });

        // What cannot be read was found when it was read first.
        files.Archive.TryRead(
            BundlePath.Events,
            piece =>
            {
                lines.Take(piece);
                files.HasRead(piece.Length);
            },
            out _,
            out _);
        while (reviews.Count > 0) Take(reviews.Dequeue());
    }

    private void Take(Task<CandidateReview> reviewed)
    {
        var review = reviewed.GetAwaiter().GetResult();
        foreach (var finding in review.Findings) findings.Add(finding);
        Decisions += review.Decisions;
        JanusArtifacts += review.JanusArtifacts;
        Statements += review.Statements;
    }

    private CandidateReview Review(string candidateId, List<CandidateEvent> events)
    {
        var review = new CandidateReview(manifest.Origin, FindContent, manifest.Statements == 0 ? null : FindStatement, trust.Keys);
        review.Take(candidateId, events);
        return review;
    }

    private CandidateEvent? Deserialized(LogLeaf leaf, BundleEvent parts)
    {
        var place = $"{BundlePath.Events.Text} {BundlePlace.OfEvent(parts.Index, leaf)}";
        var known = EventNames.All.FirstOrDefault(name => name.Name == leaf.Type);
        if (known is null || !known.Type.IsAssignableTo(typeof(CandidateEvent)))
        {
            findings.Add("event_type_unknown", place, "an event of a candidate", leaf.Type);
            return null;
        }

        try
        {
            return (CandidateEvent?)JsonSerializer.Deserialize(parts.Data, known.Type, LedgerJson.Options);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            findings.Add("event_data_unreadable", place, $"data of a {leaf.Type}", failure.Message);
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
        if (!files.Archive.Has(path) || !files.Archive.TryRead(path, out var bytes, out _, out _)) return null;
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
        files.Archive.Has(BundlePath.Statement(decisionId))
            && files.Archive.TryRead(BundlePath.Statement(decisionId), out var bytes, out _, out _)
            ? bytes
            : null;
}
