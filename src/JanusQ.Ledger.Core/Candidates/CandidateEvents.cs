using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Something that happened to a candidate (ledger.md section 3).</summary>
public abstract record CandidateEvent : LedgerEvent;

/// <summary>An evaluation of a lane run began.</summary>
public sealed record LaneRunStarted : CandidateEvent
{
    /// <summary>24 lower-case hex digits (lane.md section 4).</summary>
    public required string RunId { get; init; }

    /// <summary>24 lower-case hex digits (ledger.md section 1).</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The target that the run was made for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>SHA-256 of the bytes of the signals document.</summary>
    public required Sha256Hash SignalsSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the strategy configuration.</summary>
    public required Sha256Hash StrategyConfigSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the gate policy.</summary>
    public required Sha256Hash GatePolicySha256 { get; init; }

    /// <summary>The optional documents by hash.</summary>
    public required OptionalDocuments Documents { get; init; }

    /// <summary>Version of the code that ran, as the caller gave it.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The instant that counts as now inside the run.</summary>
    public required Instant EvaluatedAt { get; init; }

    /// <summary>The worker that ran it.</summary>
    public required string Worker { get; init; }
}

/// <summary>A document of an evaluation was stored at a path.</summary>
public sealed record ArtifactEmitted : CandidateEvent
{
    /// <summary>The evaluation that emitted it.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>Path relative to the artifact root, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the bytes, which resolves in the content store.</summary>
    public required Sha256Hash Sha256 { get; init; }

    /// <summary>Number of bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Media type, for instance <c>application/json</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>For Janus artifacts their schema version, else none.</summary>
    public string? SchemaVersion { get; init; }

    /// <summary>For Janus artifacts the hash that they carry over their own records, else none.</summary>
    public Sha256Hash? ManifestHash { get; init; }
}

/// <summary>All artifacts of an evaluation are there; no further one is accepted.</summary>
public sealed record LaneRunCompleted : CandidateEvent
{
    /// <summary>The evaluation.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>Number of artifacts.</summary>
    public required int ArtifactCount { get; init; }

    /// <summary>SHA-256 of the canonical JSON of path to SHA-256.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }
}

/// <summary>A lane run ended without a result.</summary>
public sealed record LaneRunFailed : CandidateEvent
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation that failed; none if the run was refused before one was started.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>A code, for instance a refusal of lane.md section 3.</summary>
    public required string ErrorCode { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Message { get; init; }
}

/// <summary>A window without signals was recorded, not evaluated (lane.md section 23).</summary>
public sealed record LaneRunSkipped : CandidateEvent
{
    /// <summary>The run, whose id names window and reason.</summary>
    public required string RunId { get; init; }

    /// <summary>Why there was nothing to evaluate.</summary>
    public required string Reason { get; init; }

    /// <summary>Start of the window.</summary>
    public required Instant WindowStart { get; init; }

    /// <summary>End of the window.</summary>
    public required Instant WindowEnd { get; init; }
}

/// <summary>Something was submitted that contradicts what is recorded. The attempt is recorded; nothing else changes.</summary>
public sealed record SubmissionConflicted : CandidateEvent
{
    /// <summary>The run that the submission named.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation that it contradicts; none for a skipped run.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>What differed and was not yet recorded as differing in the same way; at least one.</summary>
    public required ImmutableArray<SubmissionDifference> Differences { get; init; }
}

/// <summary>One way in which a submission contradicts what is recorded.</summary>
/// <param name="Subject">What differs: a name of <see cref="SubmissionSubject"/>.</param>
/// <param name="Path">The artifact's path where the subject is one of an artifact, else none.</param>
/// <param name="Recorded">What the ledger holds, as text.</param>
/// <param name="Submitted">What was submitted, as text.</param>
public sealed record SubmissionDifference(string Subject, string? Path, string Recorded, string Submitted);

/// <summary>The names of what can differ between two submissions under one identity. Part of the stored contract.</summary>
public static class SubmissionSubject
{
    /// <summary>The bytes at a path.</summary>
    public const string Artifact = "artifact";

    /// <summary>The media type declared for the same bytes.</summary>
    public const string MediaType = "media_type";

    /// <summary>The schema version declared for the same bytes.</summary>
    public const string SchemaVersion = "schema_version";

    /// <summary>The manifest hash declared for the same bytes.</summary>
    public const string ManifestHash = "manifest_hash";

    /// <summary>The target of one run id.</summary>
    public const string Target = "target";

    /// <summary>The signals of one run id.</summary>
    public const string Signals = "signals";

    /// <summary>The strategy configuration of one run id.</summary>
    public const string StrategyConfig = "strategy_config";

    /// <summary>The gate policy of one run id.</summary>
    public const string GatePolicy = "gate_policy";

    /// <summary>The number of artifacts of a completed evaluation.</summary>
    public const string ArtifactCount = "artifact_count";

    /// <summary>The artifact-set hash of a completed evaluation.</summary>
    public const string ArtifactSet = "artifact_set";

    /// <summary>How an evaluation ended: <c>completed</c>, or <c>failed</c> with code and message.</summary>
    public const string Outcome = "outcome";

    /// <summary>Reason and window of a skipped run.</summary>
    public const string Skip = "skip";
}
