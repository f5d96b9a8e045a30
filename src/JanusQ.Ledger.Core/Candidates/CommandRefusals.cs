using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Why well-formed commands of operators and approvers are refused, each with the members that name what it is about.</summary>
public static class CommandRefusals
{
    /// <summary><c>unknown_candidate</c>: nothing is recorded under that id.</summary>
    public static Refusal UnknownCandidate(string candidateId) =>
        new Refusal("unknown_candidate", $"There is no candidate {candidateId}.").With("candidate_id", candidateId);

    /// <summary><c>version_changed</c>: something else happened since the caller looked.</summary>
    public static Refusal VersionChanged(long expected, long current) =>
        new Refusal(
                "version_changed",
                $"This was asked for at version {expected}; the version is {current} by now. Look again and decide anew.")
            .With("expected_version", expected).With("current_version", current);

    /// <summary><c>unknown_evaluation</c>: the candidate has no such evaluation.</summary>
    public static Refusal UnknownEvaluation(string candidateId, string evaluationId) =>
        new Refusal("unknown_evaluation", $"{candidateId} has no evaluation {evaluationId}.").With("evaluation_id", evaluationId);

    /// <summary><c>evaluation_not_completed</c>: the evaluation, or every one, lacks its end.</summary>
    public static Refusal EvaluationNotCompleted(string candidateId, string? evaluationId)
    {
        var explanation = evaluationId is null
            ? $"{candidateId} has no evaluation that is complete."
            : $"The evaluation {evaluationId} is not complete: what it will hold is not known yet.";
        return new Refusal("evaluation_not_completed", explanation).With("evaluation_id", evaluationId);
    }

    /// <summary><c>evaluation_failed</c>: the evaluation ended without a result.</summary>
    public static Refusal EvaluationFailed(string evaluationId) =>
        new Refusal("evaluation_failed", $"The evaluation {evaluationId} failed: there is nothing to approve.")
            .With("evaluation_id", evaluationId);

    /// <summary><c>policy_missing</c>: the policy of the run is not stored.</summary>
    public static Refusal PolicyMissing(Sha256Hash policySha256) =>
        new Refusal("policy_missing", $"The policy {policySha256} that the run was made with is not stored.").With("sha256", policySha256);

    /// <summary><c>approval_not_independent</c>: the approver has a part in what it would approve.</summary>
    public static Refusal NotIndependent(string actor, string what) =>
        new Refusal("approval_not_independent", $"{actor} {what}; the approval must come from another actor.").With("actor", actor);

    /// <summary><c>unknown_approval</c>: the candidate has no such approval.</summary>
    public static Refusal UnknownApproval(string candidateId, string approvalId) =>
        new Refusal("unknown_approval", $"{candidateId} has no approval {approvalId}.").With("approval_id", approvalId);

    /// <summary><c>approval_stands</c>: the same approver's approval counts for longer than is asked for now.</summary>
    public static Refusal ApprovalStands(Approval standing) =>
        new Refusal(
            "approval_stands",
            $"The approval {standing.ApprovalId} of the same approver counts until {standing.ExpiresAt}; revoke it to grant a shorter one.")
            .With("approval_id", standing.ApprovalId).With("expires_at", standing.ExpiresAt.ToString());

    /// <summary><c>approval_used</c>: a decision rests on the approval.</summary>
    public static Refusal ApprovalUsed(string approvalId, string decisionId) =>
        new Refusal("approval_used", $"The approval {approvalId} was used by the decision {decisionId} and cannot be taken back.")
            .With("approval_id", approvalId).With("decision_id", decisionId);

    /// <summary><c>evidence_not_rolled_back</c>: the artifact set is not barred.</summary>
    public static Refusal EvidenceNotRolledBack(string candidateId, Sha256Hash artifactSet) =>
        new Refusal("evidence_not_rolled_back", $"No artifact set {artifactSet} of {candidateId} was rolled back.")
            .With("artifact_set_sha256", artifactSet);

    /// <summary><c>unknown_policy</c>: nothing was published under that name.</summary>
    public static Refusal UnknownPolicy(string name) =>
        new Refusal("unknown_policy", $"No policy was published as '{name}'.").With("name", name);

    /// <summary><c>unknown_policy_version</c>: the name has no such version.</summary>
    public static Refusal UnknownPolicyVersion(string name, int version) =>
        new Refusal("unknown_policy_version", $"The policy '{name}' has no version {version}.").With("name", name).With("version", version);

    /// <summary><c>activation_approval_missing</c>: enabling live needs another actor.</summary>
    public static Refusal ActivationApprovalMissing(string name, int version, string actor)
    {
        var explanation = $"Version {version} of the policy '{name}' enables live: before {actor} can activate it, an approver who is "
            + "neither that nor its publisher has to approve the activation.";
        return new Refusal("activation_approval_missing", explanation).With("name", name).With("version", version);
    }

    /// <summary><c>activation_approval_not_needed</c>: the version does not enable live.</summary>
    public static Refusal ActivationApprovalNotNeeded(string name, int version) =>
        new Refusal("activation_approval_not_needed", $"Version {version} of the policy '{name}' does not enable live: activate it.")
            .With("name", name).With("version", version);
}
