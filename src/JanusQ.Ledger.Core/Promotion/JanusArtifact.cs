using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>
/// What a Janus artifact says of itself, and what its items say (gates-and-policy.md 6.8). Nothing is believed: hash and summary are
/// computed again from the items (D7).
/// </summary>
internal sealed class JanusArtifact
{
    private JanusArtifact(JsonObject artifact, JsonArray? items, JsonObject recomputed)
    {
        SchemaVersion = artifact["schema_version"].TextOf();
        RunId = artifact["run_id"].TextOf();
        CandidateId = artifact["candidate_id"].TextOf();
        ManifestHash = (artifact["manifest_hash"] as JsonText)?.Value;
        Count = items?.Count ?? 0;
        ReadItems = () => items;
        RecomputedHash = items is null ? null : JanusRecomputation.ManifestHash(items).ToString();
        MismatchedFields = JanusRecomputation.Differences(recomputed, artifact["summary"]);
        MappedCount = recomputed["event_mapped_count"].IntegerOrZero();
    }

    private JanusArtifact(string schemaVersion, string runId, string candidateId, Sha256Hash manifestHash, int count, long mappedCount,
        Func<JsonArray?> readItems)
    {
        SchemaVersion = schemaVersion;
        RunId = CodePoints.Trim(runId);
        CandidateId = CodePoints.Trim(candidateId);
        ManifestHash = RecomputedHash = manifestHash.ToString();
        MismatchedFields = [];
        Count = count;
        MappedCount = mappedCount;
        ReadItems = readItems;
        IsBuilt = true;
    }

    /// <summary>Text of <c>schema_version</c>.</summary>
    public string SchemaVersion { get; }

    /// <summary>Text of <c>run_id</c>.</summary>
    public string RunId { get; }

    /// <summary>Text of <c>candidate_id</c>.</summary>
    public string CandidateId { get; }

    /// <summary>The hash that the artifact carries, as it stands there; null if it is no string.</summary>
    public string? ManifestHash { get; }

    /// <summary>The hash of the array; null if there is none.</summary>
    public string? RecomputedHash { get; }

    /// <summary>Number of items, whatever they are.</summary>
    public int Count { get; }

    /// <summary>Members of the summary that are not what the items give, sorted.</summary>
    public IReadOnlyList<string> MismatchedFields { get; }

    /// <summary>Of the reward artifact: the number of rewards whose event is a record.</summary>
    public long MappedCount { get; }

    private bool IsBuilt { get; }

    private Func<JsonArray?> ReadItems { get; }

    /// <summary>Reads the event/CAR artifact; null if it cannot be read as an object.</summary>
    public static JanusArtifact? ReadEventCar(IRunArtifacts artifacts, string path)
    {
        if ((artifacts as IArtifactsUnderWay)?.BuiltEventCar(path) is { } built)
        {
            return new JanusArtifact(
                EventCarArtifact.SchemaVersion,
                built.RunId,
                "",
                built.ManifestHash,
                built.Summary.EventCount,
                0,
                () => artifacts.FindObject(path)?["records"] as JsonArray);
        }

        if (artifacts.FindObject(path) is not { } artifact) return null;
        var records = artifact["records"] as JsonArray;
        return new JanusArtifact(artifact, records, JanusRecomputation.EventCarSummary(records ?? JsonArray.Empty));
    }

    /// <summary>Reads the reward artifact; null if it cannot be read as an object.</summary>
    /// <param name="artifacts">The run's artifacts.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="eventCar">The event/CAR artifact, whose records rewards must map to; null if it cannot be read.</param>
    public static JanusArtifact? ReadReward(IRunArtifacts artifacts, string path, JanusArtifact? eventCar)
    {
        if (eventCar is null or { IsBuilt: true } && (artifacts as IArtifactsUnderWay)?.BuiltReward(path) is { } built)
        {
            return new JanusArtifact(
                HgrmRewardArtifact.SchemaVersion,
                built.RunId,
                built.CandidateId,
                built.ManifestHash,
                built.Summary.RewardCount,
                built.Summary.EventMappedCount,
                () => null);
        }

        if (artifacts.FindObject(path) is not { } artifact) return null;
        var rewards = artifact["rewards"] as JsonArray;
        var records = eventCar is null ? null : eventCar.ReadItems() ?? JsonArray.Empty;
        return new JanusArtifact(artifact, rewards, JanusRecomputation.RewardSummary(rewards ?? JsonArray.Empty, records));
    }
}
