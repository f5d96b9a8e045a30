using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>The approval that counts for a promotion, or why the nearest one does not.</summary>
/// <param name="Counting">The approval that counts, or none.</param>
/// <param name="Standing">Whether it was used before, by a decision that the candidate still stands on.</param>
/// <param name="Nearest">The approval with the fewest faults where none counts; none where nobody approved.</param>
/// <param name="Faults">Why that one does not count.</param>
internal sealed record ApprovalStanding(Approval? Counting, bool Standing, Approval? Nearest, IReadOnlyList<ReasonCode> Faults)
{
    /// <summary>Nobody approved.</summary>
    public static readonly ApprovalStanding Nobody = new(null, false, null, []);

    /// <summary>
    /// Looks at all approvals. One that the candidate still stands on comes before one that was not used yet: an evaluation anew uses up
    /// nothing.
    /// </summary>
    /// <param name="asked">The case.</param>
    /// <param name="policySha256">Hash of the policy's canonical JSON, or none.</param>
    /// <param name="artifactSet">The artifact set that is to be unlocked.</param>
    public static ApprovalStanding Of(PromotionCase asked, Sha256Hash? policySha256, Sha256Hash artifactSet)
    {
        Approval? unused = null;
        Approval? nearest = null;
        IReadOnlyList<ReasonCode> fewest = [];
        foreach (var approval in asked.Facts.Approvals)
        {
            var standing = StandsOn(asked, approval);
            var faults = FaultsOf(asked, approval, standing, policySha256, artifactSet);
            if (faults.Count == 0 && standing) return new ApprovalStanding(approval, true, null, []);
            if (faults.Count == 0) unused ??= approval;
            else if (nearest is null || faults.Count <= fewest.Count) (nearest, fewest) = (approval, faults);
        }

        return unused is null ? new ApprovalStanding(null, false, nearest, fewest) : new ApprovalStanding(unused, false, null, []);
    }

    private static List<ReasonCode> FaultsOf(
        PromotionCase asked, Approval approval, bool standing, Sha256Hash? policySha256, Sha256Hash artifactSet)
    {
        var faults = new List<ReasonCode>();
        var start = asked.Evaluation.Start;
        var bound = string.Equals(approval.RunId, start.RunId, StringComparison.Ordinal)
            && approval.Target == asked.Target && approval.PolicySha256 == policySha256 && approval.ArtifactSetSha256 == artifactSet;
        if (!bound) faults.Add(LedgerReasons.ApprovalMismatch);
        if (asked.Facts.Submitters.Contains(approval.Approver, StringComparer.Ordinal)
            || asked.Candidate.SubmittersOf(start.RunId).Contains(approval.Approver, StringComparer.Ordinal))
            faults.Add(LedgerReasons.ApprovalNotIndependent);
        if (approval.RevokedAt is not null) faults.Add(LedgerReasons.ApprovalRevoked);

        // One that was used had not expired then, and it is not used again.
        if (standing) return faults;
        if (approval.UsedBy is not null) faults.Add(LedgerReasons.ApprovalUsed);
        if (asked.Facts.DecidedAt >= approval.ExpiresAt) faults.Add(LedgerReasons.ApprovalExpired);
        return faults;
    }

    /// <summary>Whether the decision that used the approval made the candidate the target's champion, or has confirmed it since.</summary>
    private static bool StandsOn(PromotionCase asked, Approval approval)
    {
        if (approval.UsedBy is not { } decisionId) return false;
        foreach (var place in asked.Candidate.Places)
        {
            if (place.Target != asked.Target) continue;
            if (string.Equals(place.DecisionId, decisionId, StringComparison.Ordinal)) return true;
            return asked.Candidate.FindDecision(decisionId) is { Action: PromotionAction.Promote } decision
                && decision.Target == asked.Target && decision.At >= place.Since;
        }

        return false;
    }
}
