using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>Verifies the Janus artifacts and the block that stands for them (gates-and-policy.md 6.8, D7, B31).</summary>
internal static class JanusPrerequisites
{
    private sealed record Kind(
        string Schema, string CountName, ReasonCode Missing, ReasonCode WrongSchema, ReasonCode CountBelow, ReasonCode Summary,
        ReasonCode Manifest, ReasonCode Run);

    private static readonly Kind EventCar = new(
        EventCarArtifact.SchemaVersion,
        "event_count",
        PromotionReasons.EventCarMissing,
        PromotionReasons.EventCarSchema,
        PromotionReasons.EventCarCountBelow,
        PromotionReasons.EventCarSummary,
        PromotionReasons.EventCarManifest,
        PromotionReasons.EventCarRun);

    private static readonly Kind Reward = new(
        HgrmRewardArtifact.SchemaVersion,
        "reward_count",
        PromotionReasons.RewardMissing,
        PromotionReasons.RewardSchema,
        PromotionReasons.RewardCountBelow,
        PromotionReasons.RewardSummary,
        PromotionReasons.RewardManifest,
        PromotionReasons.RewardRun);

    /// <summary>The event/CAR artifact, the reward artifact, then the block of the evidence document.</summary>
    public static void Check(GatePolicy policy, PromotionArtifacts artifacts, string run, string candidate, PrerequisiteFindings findings)
    {
        var eventCarPath = policy[PromotionJanusEventCarArtifact];
        var rewardPath = policy[PromotionJanusHgrmRewardArtifact];
        Check(EventCar, artifacts.EventCar, eventCarPath, policy[PromotionMinJanusEventCount], findings);
        CheckIdentity(EventCar, artifacts.EventCar, eventCarPath, run, null, findings);
        Check(Reward, artifacts.Reward, rewardPath, policy[PromotionMinJanusRewardCount], findings);
        CheckIdentity(Reward, artifacts.Reward, rewardPath, run, candidate, findings);
        if (artifacts is not { EventCar: { } events, Reward: { } rewards }) return;
        var fields = ContractValue.SortedUnique(FalseFields(artifacts.Evidence, events, rewards, run, candidate));
        if (fields.Length > 0)
            findings.Add(
                PromotionReasons.JanusBlockMismatch,
                ("artifact_ref", policy[PromotionProfitabilityEvidenceArtifact]),
                ("fields", JsonArray.OfTexts(fields)));
    }

    private static void Check(Kind kind, JanusArtifact? artifact, string path, int minimum, PrerequisiteFindings findings)
    {
        if (artifact is null)
        {
            findings.Add(kind.Missing, ("artifact_ref", path));
            return;
        }

        if (artifact.SchemaVersion != kind.Schema) findings.Add(kind.WrongSchema, ("artifact_ref", path), ("expected", kind.Schema));
        if (artifact.Count < minimum)
            findings.Add(
                kind.CountBelow,
                ("artifact_ref", path),
                ("actual_" + kind.CountName, artifact.Count),
                ("minimum_" + kind.CountName, minimum));
        if (artifact.MismatchedFields.Count > 0)
            findings.Add(kind.Summary, ("artifact_ref", path), ("fields", JsonArray.OfTexts(artifact.MismatchedFields)));
        if (artifact.RecomputedHash is null || artifact.ManifestHash != artifact.RecomputedHash)
            findings.Add(
                kind.Manifest, ("artifact_ref", path), ("manifest_hash", artifact.ManifestHash), ("recomputed", artifact.RecomputedHash));
    }

    private static void CheckIdentity(
        Kind kind, JanusArtifact? artifact, string path, string run, string? candidate, PrerequisiteFindings findings)
    {
        if (artifact is null) return;
        var fields = new List<string>();
        if (candidate is not null && !Names(artifact.CandidateId, candidate)) fields.Add("candidate_id");
        if (!Names(artifact.RunId, run)) fields.Add("run_id");
        if (fields.Count > 0) findings.Add(kind.Run, ("artifact_ref", path), ("fields", JsonArray.OfTexts(fields)));
    }

    private static IEnumerable<string> FalseFields(
        JsonObject? evidence, JanusArtifact events, JanusArtifact rewards, string run, string candidate)
    {
        var block = evidence?["janus_q"] as JsonObject;
        if (evidence is null || block is null)
        {
            yield return "janus_q";
            yield break;
        }

        var eventBlock = block["event_car"].ObjectOrEmpty();
        var rewardBlock = block["hgrm_reward"].ObjectOrEmpty();
        var complete = events.Count > 0 && rewards.Count > 0 && rewards.MappedCount == rewards.Count;
        if (!SameHash(eventBlock, events)) yield return "event_car.manifest_hash";
        if (!SameHash(rewardBlock, rewards)) yield return "hgrm_reward.manifest_hash";
        if (!IsCount(eventBlock["event_count"], events.Count)) yield return "event_car.event_count";
        if (!IsCount(rewardBlock["reward_count"], rewards.Count)) yield return "hgrm_reward.reward_count";
        if (!IsCount(rewardBlock["event_mapped_count"], rewards.MappedCount)) yield return "hgrm_reward.event_mapped_count";
        if (block["evidence_complete"] is not JsonBoolean claimed || claimed.Value != complete) yield return "evidence_complete";
        if (!Names(evidence["run_id"].TextOf(), run)) yield return "run_id";
        if (!Names(evidence["candidate_id"].TextOf(), candidate)) yield return "candidate_id";
    }

    private static bool SameHash(JsonObject block, JanusArtifact artifact) =>
        block["manifest_hash"] is JsonText claimed && claimed.Value == artifact.ManifestHash;

    private static bool IsCount(JsonValue? claimed, long count) => claimed is JsonInteger integer && integer.Value == count;

    /// <summary>Whether an id is the one wanted, and that one is an id at all.</summary>
    private static bool Names(string found, string wanted) => ContractValue.IsName(wanted) && found == wanted;
}
