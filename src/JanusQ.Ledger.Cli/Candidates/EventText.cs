using System.Globalization;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>What happened to a candidate, in a line for people.</summary>
internal static class EventText
{
    /// <summary>The line of an event.</summary>
    public static string Of(CandidateEvent happened) => happened switch
    {
        LaneRunStarted started => $"run {started.RunId} for {started.Target.Name()}, evaluation {started.EvaluationId}",
        ArtifactEmitted emitted =>
            $"{emitted.Path}, {emitted.Size.ToString("N0", CultureInfo.InvariantCulture)} bytes, {Short(emitted.Sha256)}",
        LaneRunCompleted completed => $"{Number(completed.ArtifactCount)} artifacts, set {Short(completed.ArtifactSetSha256)}",
        LaneRunFailed failed => $"{failed.ErrorCode}: {failed.Message}",
        LaneRunSkipped skipped => $"{skipped.Reason}, {skipped.WindowStart} to {skipped.WindowEnd}",
        SubmissionConflicted conflicted => string.Join("; ", conflicted.Differences.Select(difference => difference.Text())),
        GateMatrixEvaluated gates => $"decision {gates.DecisionId}, {Number(gates.Gates.Count(gate => gate.Status == "pass"))} of "
            + $"{Number(gates.Gates.Length)} gates pass for {gates.Target.Name()}, recommended "
            + $"{gates.RecommendedMode.Name()}{Because(gates.Reasons)}",
        PrerequisitesEvaluated prerequisites =>
            $"decision {prerequisites.DecisionId}, {(prerequisites.Allowed ? "allowed" : "not allowed")}"
            + Because(prerequisites.Reasons),
        RollbackReadinessEvaluated rollback =>
            $"decision {rollback.DecisionId}, {(rollback.Ready ? "ready" : "not ready")}{Because(rollback.Reasons)}",
        PromotionDecided decided =>
            $"decision {decided.DecisionId}, {decided.Action.Name()} for {decided.Target.Name()}{Because(decided.Reasons)}",
        CandidatePromoted promoted =>
            $"champion of {promoted.Target.Name()} by decision {promoted.DecisionId}, before: {promoted.Predecessor ?? "nobody"}",
        CandidateDemoted demoted => $"no longer champion of {demoted.Target.Name()}, after: {demoted.Successor ?? "nobody"}"
            + $"{(demoted.RolledBack ? ", rolled back" : "")}: {demoted.Why}",
        CandidatePaused paused => paused.Reason,
        CandidateResumed resumed => resumed.Reason,
        ApprovalGranted granted => $"approval {granted.ApprovalId} of evaluation {granted.EvaluationId} for {granted.Target.Name()} until "
            + $"{granted.ExpiresAt}: {granted.Reason}",
        ApprovalRevoked revoked => $"approval {revoked.ApprovalId}: {revoked.Reason}",
        RolledBackEvidenceCleared cleared => $"artifact set {Short(cleared.ArtifactSetSha256)}: {cleared.Reason}",
        _ => throw new ArgumentException($"There is no line for {happened.GetType().Name}.", nameof(happened)),
    };

    private static string Because(IReadOnlyCollection<string> reasons) => reasons.Count == 0 ? "" : $": {string.Join(", ", reasons)}";

    private static string Short(Sha256Hash hash) => hash.ToString()[..16] + "…";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
