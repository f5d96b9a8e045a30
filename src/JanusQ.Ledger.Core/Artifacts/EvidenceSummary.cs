using System.Numerics;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// The evidence summary <c>janus-q-evidence-v1</c> (artifacts.md section 8). It copies and counts; it does not verify and does not look at
/// schema versions.
/// </summary>
public sealed record EvidenceSummary
{
    private static readonly JsonValue Zero = 0;

    private EvidenceSummary(JsonObject json, IReadOnlyList<string> reasons)
    {
        Json = json;
        Reasons = reasons;
    }

    /// <summary>The summary, members in contract order.</summary>
    public JsonObject Json { get; }

    /// <summary>Why the evidence is not complete; empty if it is.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>Whether there are events and rewards, and every reward has its event.</summary>
    public bool IsComplete => Reasons.Count == 0;

    /// <summary>The summary of two artifacts that were just built.</summary>
    public static EvidenceSummary Of(EventCarArtifact eventCar, string eventCarRef, HgrmRewardArtifact reward, string rewardRef)
    {
        ArgumentNullException.ThrowIfNull(eventCar);
        ArgumentNullException.ThrowIfNull(reward);
        return Of(
            JsonObject.Of(
                ("schema_version", EventCarArtifact.SchemaVersion),
                ("summary", eventCar.Summary.ToJson()),
                ("manifest_hash", eventCar.ManifestHash)),
            eventCarRef,
            JsonObject.Of(
                ("schema_version", HgrmRewardArtifact.SchemaVersion),
                ("summary", reward.Summary.ToJson()),
                ("manifest_hash", reward.ManifestHash)),
            rewardRef);
    }

    /// <summary>The summary of two artifacts as read: of each <c>schema_version</c>, <c>summary</c> and <c>manifest_hash</c>.</summary>
    public static EvidenceSummary Of(JsonObject eventCar, string eventCarRef, JsonObject reward, string rewardRef)
    {
        ArgumentNullException.ThrowIfNull(eventCar);
        ArgumentNullException.ThrowIfNull(reward);
        var eventCount = Count(eventCar, "event_count");
        var rewardCount = Count(reward, "reward_count");
        var mappedCount = Count(reward, "event_mapped_count");
        var reasons = new List<string>();
        if (Number(eventCount) <= 0) reasons.Add("janus_event_count_missing");
        if (Number(rewardCount) <= 0) reasons.Add("janus_reward_count_missing");
        if (Number(rewardCount) > 0 && Number(mappedCount) < Number(rewardCount)) reasons.Add("janus_reward_event_mapping_incomplete");
        var json = JsonObject.Of(
            ("schema_version", "janus-q-evidence-v1"),
            ("evidence_complete", reasons.Count == 0),
            ("reasons", JsonArray.OfTexts(reasons)),
            ("event_car", JsonObject.Of(
                ("schema_version", Copy(eventCar, "schema_version")),
                ("event_count", eventCount),
                ("manifest_hash", Copy(eventCar, "manifest_hash")),
                ("artifact_ref", eventCarRef))),
            ("hgrm_reward", JsonObject.Of(
                ("schema_version", Copy(reward, "schema_version")),
                ("reward_count", rewardCount),
                ("event_mapped_count", mappedCount),
                ("direction_gate_pass_ratio", (reward["summary"] as JsonObject)?["direction_gate_pass_ratio"] ?? "0"),
                ("manifest_hash", Copy(reward, "manifest_hash")),
                ("artifact_ref", rewardRef))));
        return new EvidenceSummary(json, reasons);
    }

    private static JsonValue Count(JsonObject artifact, string name) => (artifact["summary"] as JsonObject)?[name] ?? Zero;

    private static JsonValue Copy(JsonObject artifact, string name) => artifact[name] ?? JsonValue.Null;

    private static BigInteger Number(JsonValue count) => count is JsonInteger integer ? integer.Value : BigInteger.Zero;
}
