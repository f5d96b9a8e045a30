using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>An event of a candidate with its place.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Happened">What happened.</param>
public readonly record struct PlacedEvent(EventPlace At, CandidateEvent Happened);

/// <summary>
/// Whether every promotion of a candidate rests on an approval that was given for it, by somebody who submitted nothing to the run, and
/// used once (audit.md section 4 (g)). Asks the candidate's events and not what the decision says of its facts.
/// </summary>
public static class ApprovalAudit
{
    /// <summary>Checks one candidate.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="history">All events of its stream, in order.</param>
    /// <returns>
    /// What is not as it must be; <c>history_broken</c> where the events do not add up, and nothing after that is checked.
    /// </returns>
    public static ImmutableArray<AuditFinding> Of(string candidateId, IReadOnlyList<PlacedEvent> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var findings = ImmutableArray.CreateBuilder<AuditFinding>();
        var state = Candidate.Unrecorded(candidateId);
        foreach (var (at, happened) in history)
        {
            if (happened is PromotionDecided { Action: PromotionAction.Promote, ApprovalId: { } approvalId } decided)
                Check(state, at, decided, approvalId, findings);
            try
            {
                state = state.After(happened);
            }
            catch (UnknownCandidateEventException broken)
            {
                findings.Add(new AuditFinding(
                    AuditCheck.Places, AuditCodes.HistoryBroken, "events that follow from each other", broken.Message)
                { At = at });
                break;
            }
        }

        return findings.ToImmutable();
    }

    private static void Check(
        Candidate state, EventPlace at, PromotionDecided decided, string approvalId, ImmutableArray<AuditFinding>.Builder findings)
    {
        void Add(string code, string expected, string found) =>
            findings.Add(new AuditFinding(AuditCheck.Places, code, expected, found) { At = at, Subject = $"approval {approvalId}" });

        if (state.FindApproval(approvalId) is not { } approval)
        {
            Add(AuditCodes.ApprovalUnknown, "an approval granted before", "none of that id");
            return;
        }

        var standing = ApprovalStanding.StandsOn(state, decided.Target, approval);
        if (approval.UsedBy is { } usedBy && !standing)
            Add(AuditCodes.ApprovalReused, "an approval that no decision has used", $"one that decision {usedBy} has used");
        if (state.SubmittersOf(decided.RunId).Contains(approval.Approver, StringComparer.Ordinal))
            Add(AuditCodes.ApprovalNotIndependent, "an approver who submitted nothing to the run", $"{approval.Approver}, who did");
        if (approval.RevokedAt is { } revoked)
            Add(AuditCodes.ApprovalRevoked, "an approval that counts", $"one that was revoked at {revoked}");
        if (!standing && decided.At >= approval.ExpiresAt)
            Add(AuditCodes.ApprovalExpired, $"a decision before {approval.ExpiresAt}", $"one at {decided.At}");
        if (!string.Equals(approval.RunId, decided.RunId, StringComparison.Ordinal) || approval.Target != decided.Target
            || approval.PolicySha256 != decided.PolicySha256 || approval.ArtifactSetSha256 != decided.ArtifactSetSha256)
        {
            Add(
                AuditCodes.ApprovalMismatch,
                $"run {decided.RunId}, {decided.Target}, policy {decided.PolicySha256}, artifact set {decided.ArtifactSetSha256}",
                $"run {approval.RunId}, {approval.Target}, policy {approval.PolicySha256}, artifact set {approval.ArtifactSetSha256}");
        }
    }
}
