using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Store;

/// <summary>The name under which events of one shape are stored. Part of the contract: a name never changes its shape.</summary>
/// <param name="Type">The record that reads it today.</param>
/// <param name="Name">The stored name: <c>lane_run_started</c>, and from the second shape on <c>lane_run_started.v2</c>.</param>
/// <param name="SchemaVersion">The number of the shape, from 1.</param>
public sealed record EventName(Type Type, string Name, int SchemaVersion);

/// <summary>
/// All stored names. A changed shape is added as a line with the next version; the line of the old shape stays, and an upcaster from it is
/// registered in <see cref="LedgerStore"/>.
/// </summary>
public static class EventNames
{
    private const string VersionMark = ".v";

    /// <summary>Every name, in the order in which they came into being.</summary>
    public static readonly ImmutableArray<EventName> All =
    [
        new(typeof(LaneRunStarted), "lane_run_started", 1),
        new(typeof(ArtifactEmitted), "artifact_emitted", 1),
        new(typeof(LaneRunCompleted), "lane_run_completed", 1),
        new(typeof(LaneRunFailed), "lane_run_failed", 1),
        new(typeof(LaneRunSkipped), "lane_run_skipped", 1),
        new(typeof(SubmissionConflicted), "submission_conflicted", 1),
        new(typeof(GateMatrixEvaluated), "gate_matrix_evaluated", 1),
        new(typeof(PrerequisitesEvaluated), "prerequisites_evaluated", 1),
        new(typeof(RollbackReadinessEvaluated), "rollback_readiness_evaluated", 1),
        new(typeof(PromotionDecided), "promotion_decided", 1),
        new(typeof(CandidatePromoted), "candidate_promoted", 1),
        new(typeof(CandidateDemoted), "candidate_demoted", 1),
        new(typeof(CandidatePaused), "candidate_paused", 1),
        new(typeof(CandidateResumed), "candidate_resumed", 1),
        new(typeof(ApprovalGranted), "approval_granted", 1),
        new(typeof(ApprovalRevoked), "approval_revoked", 1),
        new(typeof(RolledBackEvidenceCleared), "rolled_back_evidence_cleared", 1),
        new(typeof(ChampionInstalled), "champion_installed", 1),
        new(typeof(ChampionRemoved), "champion_removed", 1),
        new(typeof(PolicyPublished), "policy_published", 1),
        new(typeof(PolicyActivated), "policy_activated", 1),
        new(typeof(PolicyActivationApproved), "policy_activation_approved", 1),
        new(typeof(DrillRecorded), "drill_recorded", 1),
        new(typeof(KillSwitchEngaged), "kill_switch_engaged", 1),
        new(typeof(KillSwitchReleased), "kill_switch_released", 1),
    ];

    /// <summary>The number of the shape that a stored name stands for: 1 without a mark, else what follows <c>.v</c>.</summary>
    /// <exception cref="FormatException">What follows the mark is no number from 2 on.</exception>
    public static int SchemaVersionOf(string storedName)
    {
        ArgumentNullException.ThrowIfNull(storedName);
        var mark = storedName.LastIndexOf(VersionMark, StringComparison.Ordinal);
        if (mark < 0) return 1;
        var digits = storedName.AsSpan(mark + VersionMark.Length);
        return int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var version) && version >= 2
            ? version
            : throw new FormatException($"'{storedName}' ends in no schema version such as .v2.");
    }
}
