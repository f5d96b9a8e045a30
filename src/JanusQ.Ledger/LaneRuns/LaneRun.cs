using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JasperFx.Events;
using Marten.Events.Projections;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>How a lane run stands.</summary>
public enum LaneRunStatus
{
    /// <summary>Only submissions that contradict the run are recorded under this evaluation.</summary>
    Conflicted,

    /// <summary>Started and not ended.</summary>
    Running,

    /// <summary>All artifacts are there.</summary>
    Completed,

    /// <summary>Ended without a result, or was refused before it started.</summary>
    Failed,

    /// <summary>A window without signals.</summary>
    Skipped,
}

/// <summary>One execution of a lane run as it can be asked for: status, durations, artifacts.</summary>
public sealed record LaneRun
{
    /// <summary>Candidate and evaluation (or run, where no evaluation was started), parted by a slash.</summary>
    public required string Id { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The run.</summary>
    public string? RunId { get; init; }

    /// <summary>The evaluation, if one was started.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>How it stands.</summary>
    public LaneRunStatus Status { get; init; }

    /// <summary>The target that it was made for.</summary>
    public PromotionTarget? Target { get; init; }

    /// <summary>Version of the code that ran.</summary>
    public string? CodeVersion { get; init; }

    /// <summary>The instant that counted as now.</summary>
    public Instant? EvaluatedAt { get; init; }

    /// <summary>The worker.</summary>
    public string? Worker { get; init; }

    /// <summary>When its start was recorded.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When its end was recorded.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>Milliseconds from start to end, once it has ended.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Its artifacts.</summary>
    public ArtifactSet Artifacts { get; init; } = ArtifactSet.Empty;

    /// <summary>The artifact-set hash, once it is complete.</summary>
    public Sha256Hash? ArtifactSetSha256 { get; init; }

    /// <summary>Error code if it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Error message if it failed, reason if it was skipped.</summary>
    public string? Message { get; init; }

    /// <summary>Start of the window without signals.</summary>
    public Instant? WindowStart { get; init; }

    /// <summary>End of the window without signals.</summary>
    public Instant? WindowEnd { get; init; }

    /// <summary>Number of recorded differences of submissions that contradicted it.</summary>
    public int Conflicts { get; init; }

    /// <summary>The sequence of the last event in this state.</summary>
    public long LastSequence { get; init; }

    /// <summary>The key of a lane run.</summary>
    public static string KeyOf(string candidateId, string evaluationOrRunId) => $"{candidateId}/{evaluationOrRunId}";

    /// <summary>The state after one event more.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind that lane runs do not know.</exception>
    public LaneRun After(CandidateEvent happened, long sequence)
    {
        var next = happened switch
        {
            LaneRunStarted started => this with
            {
                RunId = started.RunId,
                EvaluationId = started.EvaluationId,
                Status = LaneRunStatus.Running,
                Target = started.Target,
                CodeVersion = started.CodeVersion,
                EvaluatedAt = started.EvaluatedAt,
                Worker = started.Worker,
                StartedAt = started.At,
            },
            ArtifactEmitted emitted => this with
            {
                Artifacts = Artifacts.With(new Artifact(
                    emitted.Path, emitted.Sha256, emitted.Size, emitted.MediaType, emitted.SchemaVersion, emitted.ManifestHash)),
            },
            LaneRunCompleted completed =>
                End(LaneRunStatus.Completed, completed.At) with { ArtifactSetSha256 = completed.ArtifactSetSha256 },
            LaneRunFailed failed => End(LaneRunStatus.Failed, failed.At) with
            {
                RunId = failed.RunId,
                ErrorCode = failed.ErrorCode,
                Message = failed.Message,
            },
            LaneRunSkipped skipped => End(LaneRunStatus.Skipped, skipped.At) with
            {
                RunId = skipped.RunId,
                Message = skipped.Reason,
                WindowStart = skipped.WindowStart,
                WindowEnd = skipped.WindowEnd,
            },
            SubmissionConflicted conflicted =>
                this with { RunId = conflicted.RunId, Conflicts = Conflicts + conflicted.Differences.Length },
            _ => throw new UnknownCandidateEventException($"Lane runs do not know {happened?.GetType().Name}."),
        };
        return next with { LastSequence = sequence };
    }

    private LaneRun End(LaneRunStatus status, Instant at) => this with
    {
        Status = status,
        EndedAt = at,
        DurationMs = StartedAt is { } started ? at.MillisecondsSince(started) : null,
    };
}

/// <summary>Keeps one <see cref="LaneRun"/> an evaluation, behind the events.</summary>
public sealed partial class LaneRunProjection : MultiStreamProjection<LaneRun, string>
{
    /// <summary>Says which lane run each event is about.</summary>
    public LaneRunProjection()
    {
        Name = nameof(LaneRun);

        // Of all events and not only of those below: one of a kind that nobody knows must not go past unseen.
        IncludeType<LedgerEvent>();
        Identity<IEvent<LaneRunStarted>>(e => KeyOf(e, e.Data.EvaluationId));
        Identity<IEvent<ArtifactEmitted>>(e => KeyOf(e, e.Data.EvaluationId));
        Identity<IEvent<LaneRunCompleted>>(e => KeyOf(e, e.Data.EvaluationId));
        Identity<IEvent<LaneRunFailed>>(e => KeyOf(e, e.Data.EvaluationId ?? e.Data.RunId));
        Identity<IEvent<LaneRunSkipped>>(e => KeyOf(e, e.Data.RunId));
        Identity<IEvent<SubmissionConflicted>>(e => KeyOf(e, e.Data.EvaluationId ?? e.Data.RunId));
    }

    /// <summary>The lane run that an event is about, or none.</summary>
    public static IReadOnlyList<string> KeysOf(IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var laneRun = e.Data switch
        {
            LaneRunStarted started => started.EvaluationId,
            ArtifactEmitted emitted => emitted.EvaluationId,
            LaneRunCompleted completed => completed.EvaluationId,
            LaneRunFailed failed => failed.EvaluationId ?? failed.RunId,
            LaneRunSkipped skipped => skipped.RunId,
            SubmissionConflicted conflicted => conflicted.EvaluationId ?? conflicted.RunId,
            _ => null,
        };
        return laneRun is null ? [] : [KeyOf(e, laneRun)];
    }

    /// <inheritdoc />
    public override LaneRun Evolve(LaneRun? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not CandidateEvent happened)
            throw new UnknownCandidateEventException($"The stream {e.StreamKey} holds a {e.EventTypeName}, which is no candidate's event.");
        var run = snapshot ?? new LaneRun { Id = id, CandidateId = CandidateIdentity.CandidateOfStream(e.StreamKey!) };
        return run.After(happened, e.Sequence);
    }

    private static string KeyOf(IEvent e, string evaluationOrRunId) =>
        LaneRun.KeyOf(CandidateIdentity.CandidateOfStream(e.StreamKey!), evaluationOrRunId);
}
