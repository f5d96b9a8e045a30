using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Agree to one promotion (ledger.md section 4).</summary>
public sealed record GrantApproval : CandidateCommand
{
    /// <summary>The evaluation whose artifacts it unlocks; without it the latest that is complete.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The target that it unlocks.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>From when on it no longer counts; this or <see cref="ExpiresIn"/>.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>How long it counts; this or <see cref="ExpiresAt"/>.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The stored bytes of the policy that the run was made with (<see cref="LaneRunStarted.GatePolicySha256"/>); none if they
    /// are not there.
    /// </summary>
    public required ReadOnlyMemory<byte>? Policy { get; init; }
}

/// <summary>Take back an approval that was not used.</summary>
public sealed record RevokeApproval : CandidateCommand
{
    /// <summary>The approval.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>Bar every promotion of the candidate.</summary>
public sealed record PauseCandidate : CandidateCommand
{
    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>Lift the pause.</summary>
public sealed record ResumeCandidate : CandidateCommand
{
    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>Allow an artifact set that was rolled back to be promoted again.</summary>
public sealed record ClearRolledBackEvidence : CandidateCommand
{
    /// <summary>The artifact set.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}
