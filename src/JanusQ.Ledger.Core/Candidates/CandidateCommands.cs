using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Who asks, and what the request belongs to.</summary>
/// <param name="Actor">The name under which the caller was authenticated, 1 to 200 characters.</param>
/// <param name="Role">The role in which it acts: one of <see cref="Roles"/>, 1 to 50 characters.</param>
/// <param name="CorrelationId">What the whole piece of work is known by, or none.</param>
/// <param name="CausationId">What caused this request, or none.</param>
public sealed record Submitter(string Actor, string Role, string? CorrelationId = null, string? CausationId = null);

/// <summary>A request to change one candidate.</summary>
public abstract record CandidateCommand : LedgerCommand
{
    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The key of the candidate's stream.</summary>
    public sealed override string Stream => CandidateIdentity.StreamAskedFor(CandidateId);
}

/// <summary>Begin an evaluation of a lane run.</summary>
public sealed record StartLaneRun : CandidateCommand
{
    /// <summary>24 lower-case hex digits.</summary>
    public required string RunId { get; init; }

    /// <summary>The target that the run is made for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>SHA-256 of the bytes of the signals document.</summary>
    public required Sha256Hash SignalsSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the strategy configuration.</summary>
    public required Sha256Hash StrategyConfigSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the gate policy.</summary>
    public required Sha256Hash GatePolicySha256 { get; init; }

    /// <summary>The optional documents by hash.</summary>
    public OptionalDocuments Documents { get; init; } = OptionalDocuments.None;

    /// <summary>Version of the code that runs.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The instant that counts as now inside the run.</summary>
    public required Instant EvaluatedAt { get; init; }

    /// <summary>The worker that runs it. Another worker with the same content is a retry, not a conflict.</summary>
    public required string Worker { get; init; }

    /// <summary>The id of the evaluation: derived, never claimed.</summary>
    public string EvaluationId => CandidateIdentity.EvaluationOf(RunId, EvaluatedAt, CodeVersion, Documents);
}

/// <summary>Record a document of an evaluation.</summary>
public sealed record EmitArtifact : CandidateCommand
{
    /// <summary>The evaluation.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The document.</summary>
    public required Artifact Artifact { get; init; }
}

/// <summary>Record several documents of an evaluation, all or nothing.</summary>
public sealed record EmitArtifacts : CandidateCommand
{
    /// <summary>The evaluation.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The documents.</summary>
    public required ArtifactSet Artifacts { get; init; }
}

/// <summary>Say that all artifacts of an evaluation are there.</summary>
public sealed record CompleteLaneRun : CandidateCommand
{
    /// <summary>The evaluation.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>Number of artifacts, at least 1.</summary>
    public required int ArtifactCount { get; init; }

    /// <summary>The artifact-set hash.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }
}

/// <summary>Say that a lane run ended without a result. An evaluation that failed stays failed: run again as another evaluation.</summary>
public sealed record FailLaneRun : CandidateCommand
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation; none if the run was refused before one was started.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>A code, 1 to 100 of <c>a-z 0-9 _</c>.</summary>
    public required string ErrorCode { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Message { get; init; }
}

/// <summary>Record a window without signals.</summary>
public sealed record SkipLaneRun : CandidateCommand
{
    /// <summary>The run, whose id names window and reason (lane.md section 23).</summary>
    public required string RunId { get; init; }

    /// <summary>Why there was nothing to evaluate.</summary>
    public required string Reason { get; init; }

    /// <summary>Start of the window.</summary>
    public required Instant WindowStart { get; init; }

    /// <summary>End of the window, not before its start.</summary>
    public required Instant WindowEnd { get; init; }
}

/// <summary>Record a whole finished evaluation: its start, all its artifacts and its completion, all or nothing.</summary>
public sealed record RecordLaneRun : CandidateCommand
{
    /// <summary>Its start, for the same candidate.</summary>
    public required StartLaneRun Start { get; init; }

    /// <summary>All its artifacts.</summary>
    public required ArtifactSet Artifacts { get; init; }
}
