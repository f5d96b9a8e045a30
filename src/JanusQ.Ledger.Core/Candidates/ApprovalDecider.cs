using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// Approvals (ledger.md section 4): bound to run, target, policy and artifact set, never by somebody who submitted the run, used once at
/// most.
/// </summary>
internal static class ApprovalDecider
{
    public static CandidateDecision Grant(Candidate state, GrantApproval grant, Instant now)
    {
        if (!TryExpire(grant, now, out var expiresAt))
            return CandidateDecision.Refuse(CommandValidation.Invalid("expires_at", "an instant after now, before the year 10000"));
        var evaluation = grant.EvaluationId is null ? state.FindLatestCompleted() : state.Find(grant.EvaluationId);
        if (Check(state, grant, evaluation) is { } refusal) return CandidateDecision.Refuse(refusal);
        PolicyDocument policy;
        try
        {
            if (grant.Policy is not { } bytes)
                return CandidateDecision.Refuse(CommandRefusals.PolicyMissing(evaluation!.Start.GatePolicySha256));
            policy = PolicyDocument.Read(bytes.ToArray());
        }
        catch (RefusedException invalid)
        {
            return CandidateDecision.Refuse(invalid.Refusal);
        }

        var granted = new ApprovalGranted
        {
            Actor = grant.By.Actor,
            Role = grant.By.Role,
            At = now,
            ApprovalId = IdOf(state.CandidateId, evaluation!, grant, policy.Hash, now),
            RunId = evaluation!.Start.RunId,
            EvaluationId = evaluation.Start.EvaluationId,
            Target = grant.Target,
            PolicySha256 = policy.Hash,
            ArtifactSetSha256 = evaluation.ArtifactSetSha256!.Value,
            ExpiresAt = expiresAt,
            Reason = grant.Reason,
        };
        var standing = state.Approvals.Where(approval => approval.CountsAt(now) && IsBoundAlike(approval, granted)).ToArray();
        if (standing.FirstOrDefault(approval => ExpiresAsAsked(approval, grant)) is { } same)
            return CandidateDecision.Unchanged with { ApprovalId = same.ApprovalId };

        // Whoever asks for less than stands would believe that no more does.
        return standing.FirstOrDefault(approval => approval.ExpiresAt > expiresAt || approval.GrantedAt == now) is { } longer
            ? CandidateDecision.Refuse(CommandRefusals.ApprovalStands(longer))
            : CandidateDecision.Record(granted) with { ApprovalId = granted.ApprovalId };
    }

    public static CandidateDecision Revoke(Candidate state, RevokeApproval revoke, Instant now)
    {
        if (state.FindApproval(revoke.ApprovalId) is not { } approval)
            return CandidateDecision.Refuse(CommandRefusals.UnknownApproval(state.CandidateId, revoke.ApprovalId));
        if (approval.UsedBy is { } decision) return CandidateDecision.Refuse(CommandRefusals.ApprovalUsed(approval.ApprovalId, decision));
        if (approval.RevokedAt is not null) return CandidateDecision.Unchanged with { ApprovalId = approval.ApprovalId };
        var revoked = new ApprovalRevoked
        {
            Actor = revoke.By.Actor,
            Role = revoke.By.Role,
            At = now,
            ApprovalId = approval.ApprovalId,
            Reason = revoke.Reason,
        };
        return CandidateDecision.Record(revoked) with { ApprovalId = approval.ApprovalId };
    }

    private static Refusal? Check(Candidate state, GrantApproval grant, Evaluation? evaluation)
    {
        if (evaluation is null)
        {
            return grant.EvaluationId is { } asked
                ? CommandRefusals.UnknownEvaluation(state.CandidateId, asked)
                : CommandRefusals.EvaluationNotCompleted(state.CandidateId, null);
        }

        var start = evaluation.Start;
        if (evaluation.Status == EvaluationStatus.Failed) return CommandRefusals.EvaluationFailed(start.EvaluationId);
        if (evaluation.Status != EvaluationStatus.Completed)
            return CommandRefusals.EvaluationNotCompleted(state.CandidateId, start.EvaluationId);
        return state.SubmittersOf(start.RunId).Contains(grant.By.Actor, StringComparer.Ordinal)
            ? CommandRefusals.NotIndependent(grant.By.Actor, $"submitted to the run {start.RunId}")
            : null;
    }

    private static bool TryExpire(GrantApproval grant, Instant now, out Instant expiresAt)
    {
        expiresAt = grant.ExpiresAt ?? now;
        if (grant.ExpiresIn is not { } duration) return expiresAt > now;
        if (duration > DateTimeOffset.MaxValue - now.ToDateTimeOffset()) return false;
        expiresAt = Instant.Of(now.ToDateTimeOffset() + duration);
        return expiresAt > now;
    }

    // Of an approval that was asked for by a duration, asked again later.
    private static bool ExpiresAsAsked(Approval standing, GrantApproval grant) =>
        grant.ExpiresIn is { } duration
            ? standing.ExpiresAt.ToDateTimeOffset() - standing.GrantedAt.ToDateTimeOffset() == duration
            : standing.ExpiresAt == grant.ExpiresAt;

    private static bool IsBoundAlike(Approval standing, ApprovalGranted granted) =>
        string.Equals(standing.Approver, granted.Actor, StringComparison.Ordinal)
        && string.Equals(standing.RunId, granted.RunId, StringComparison.Ordinal)
        && string.Equals(standing.EvaluationId, granted.EvaluationId, StringComparison.Ordinal)
        && standing.Target == granted.Target
        && standing.PolicySha256 == granted.PolicySha256
        && standing.ArtifactSetSha256 == granted.ArtifactSetSha256;

    private static string IdOf(string candidateId, Evaluation evaluation, GrantApproval grant, Sha256Hash policy, Instant now) =>
        CanonicalJson.Id(JsonObject.Of(
            ("candidate_id", candidateId),
            ("run_id", evaluation.Start.RunId),
            ("evaluation_id", evaluation.Start.EvaluationId),
            ("target", grant.Target.Name()),
            ("policy_sha256", policy),
            ("artifact_set_sha256", evaluation.ArtifactSetSha256!.Value),
            ("approver", grant.By.Actor),
            ("granted_at", now.ToString())));
}
