using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Where a candidate stands (ledger.md section 5).</summary>
public enum CandidateStage
{
    /// <summary>Known, and nothing about it is being evaluated or was: only skipped or failed runs.</summary>
    Registered,

    /// <summary>The evaluation that was started last has not ended.</summary>
    Evaluating,

    /// <summary>The evaluation that was started last is complete and nothing was decided about it yet.</summary>
    Evaluated,

    /// <summary>The latest decision is a denial.</summary>
    Denied,

    /// <summary>The latest decision is to hold.</summary>
    Held,

    /// <summary>Champion of paper.</summary>
    Paper,

    /// <summary>Champion of live.</summary>
    Live,

    /// <summary>A former champion, on standby.</summary>
    Demoted,

    /// <summary>An operator barred every promotion of it.</summary>
    Paused,
}

/// <summary>What a candidate is to its targets (gates-and-policy.md section 10).</summary>
public enum CandidateRole
{
    /// <summary>Not champion and never was, or evaluated anew since.</summary>
    Challenger,

    /// <summary>Champion of a target at least.</summary>
    Champion,

    /// <summary>A former champion: rollback safe, it can be reinstated.</summary>
    Demoted,
}

/// <summary>A place that the candidate has.</summary>
/// <param name="Target">The target that it is champion of.</param>
/// <param name="DecisionId">The decision that it rests on.</param>
/// <param name="Since">Since when without interruption.</param>
public sealed record ChampionPlace(PromotionTarget Target, string DecisionId, Instant Since);

/// <summary>How an evaluation stands.</summary>
public enum EvaluationStatus
{
    /// <summary>Started; artifacts are accepted.</summary>
    Running,

    /// <summary>All artifacts are there.</summary>
    Completed,

    /// <summary>Ended without a result.</summary>
    Failed,
}

/// <summary>One execution of a lane run, as far as it is recorded.</summary>
public sealed record Evaluation
{
    /// <summary>Its start.</summary>
    public required LaneRunStarted Start { get; init; }

    /// <summary>How it stands.</summary>
    public EvaluationStatus Status { get; init; } = EvaluationStatus.Running;

    /// <summary>Its artifacts so far.</summary>
    public ArtifactSet Artifacts { get; init; } = ArtifactSet.Empty;

    /// <summary>The artifact-set hash once it is complete.</summary>
    public Sha256Hash? ArtifactSetSha256 { get; init; }

    /// <summary>When it ended.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>Error code if it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Error message if it failed.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Everyone who submitted anything to it, sorted: none of them can approve its promotion.</summary>
    public ImmutableArray<string> Submitters { get; init; } = [];

    internal Evaluation SubmittedBy(string actor) =>
        Submitters.Contains(actor) ? this : this with { Submitters = [.. Submitters.Add(actor).Order(CodePoints.Order)] };
}

/// <summary>A run that failed before an evaluation of it was started.</summary>
/// <param name="RunId">The run.</param>
/// <param name="ErrorCode">A code.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record RefusedRun(string RunId, string ErrorCode, string Message);

/// <summary>A window without signals.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Reason">Why there was nothing to evaluate.</param>
/// <param name="WindowStart">Start of the window.</param>
/// <param name="WindowEnd">End of the window.</param>
public sealed record SkippedRun(string RunId, string Reason, Instant WindowStart, Instant WindowEnd);

/// <summary>A recorded contradiction.</summary>
/// <param name="RunId">The run that was named.</param>
/// <param name="EvaluationId">The evaluation that was contradicted, or none.</param>
/// <param name="Difference">What differed.</param>
public sealed record RecordedConflict(string RunId, string? EvaluationId, SubmissionDifference Difference);

/// <summary>What may be promoted: the state that its stream adds up to. Immutable.</summary>
public sealed record Candidate
{
    /// <summary>The key of its stream, under which the state is stored.</summary>
    public required string Id { get; init; }

    /// <summary>candidate_id</summary>
    public required string CandidateId { get; init; }

    /// <summary>Number of events in this state: the version of the stream that it is the state at.</summary>
    public long StreamVersion { get; init; }

    /// <summary>Where it stands: paused if it is, else the highest target that it is champion of, else how far it has come.</summary>
    public CandidateStage Stage { get; init; }

    /// <summary>The target of the evaluation that was started last.</summary>
    public PromotionTarget? Target { get; init; }

    /// <summary>The run that was recorded last, however it went.</summary>
    public string? LastRunId { get; init; }

    /// <summary>The evaluation that was started last.</summary>
    public string? LastEvaluationId { get; init; }

    /// <summary>When its first event happened.</summary>
    public Instant RegisteredAt { get; init; }

    /// <summary>When its latest event happened.</summary>
    public Instant ChangedAt { get; init; }

    /// <summary>Evaluations in the order in which they were started.</summary>
    public ImmutableArray<Evaluation> Evaluations { get; init; } = [];

    /// <summary>Runs refused before an evaluation was started.</summary>
    public ImmutableArray<RefusedRun> RefusedRuns { get; init; } = [];

    /// <summary>Windows without signals.</summary>
    public ImmutableArray<SkippedRun> SkippedRuns { get; init; } = [];

    /// <summary>Contradictions, each once.</summary>
    public ImmutableArray<RecordedConflict> Conflicts { get; init; } = [];

    /// <summary>What it is to its targets.</summary>
    public CandidateRole Role { get; init; }

    /// <summary>The targets that it is champion of, in the order in which it was promoted.</summary>
    public ImmutableArray<ChampionPlace> Places { get; init; } = [];

    /// <summary>The pause that lasts, or none.</summary>
    public CandidatePause? Pause { get; init; }

    /// <summary>All approvals ever granted, in order, with what became of them.</summary>
    public ImmutableArray<Approval> Approvals { get; init; } = [];

    /// <summary>All decisions, in order.</summary>
    public ImmutableArray<DecidedPromotion> Decisions { get; init; } = [];

    /// <summary>Artifact sets that were rolled back and not cleared since.</summary>
    public ImmutableArray<Sha256Hash> RolledBackEvidence { get; init; } = [];

    /// <summary>Artifact sets that were rolled back and cleared since: clearing one again changes nothing.</summary>
    public ImmutableArray<Sha256Hash> ClearedEvidence { get; init; } = [];

    /// <summary>Where it would stand without pause and places.</summary>
    public CandidateStage Progress { get; init; }

    /// <summary>A candidate of which nothing is recorded.</summary>
    public static Candidate Unrecorded(string candidateId) =>
        new() { Id = CandidateIdentity.StreamOf(candidateId), CandidateId = candidateId };

    /// <summary>The state that the first event of a stream leaves.</summary>
    public static Candidate From(string candidateId, CandidateEvent first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return (Unrecorded(candidateId) with { RegisteredAt = first.At }).After(first);
    }

    /// <summary>A decision by its id, or none.</summary>
    public DecidedPromotion? FindDecision(string decisionId) =>
        Decisions.FirstOrDefault(decision => string.Equals(decision.DecisionId, decisionId, StringComparison.Ordinal));

    /// <summary>An approval by its id, or none.</summary>
    public Approval? FindApproval(string approvalId) =>
        Approvals.FirstOrDefault(approval => string.Equals(approval.ApprovalId, approvalId, StringComparison.Ordinal));

    /// <summary>The evaluation that was started last of those that are complete, or none.</summary>
    public Evaluation? FindLatestCompleted() =>
        Evaluations.LastOrDefault(evaluation => evaluation.Status == EvaluationStatus.Completed);

    /// <summary>
    /// The latest evaluation of a run by the same code with the same documents, whatever instant counted as now in it: how a program
    /// recognises that it is asked to do the same again. None where there is no such one; failed ones do not count.
    /// </summary>
    public Evaluation? FindSame(string runId, string codeVersion, OptionalDocuments documents) => Evaluations.LastOrDefault(evaluation =>
        evaluation.Status != EvaluationStatus.Failed
        && string.Equals(evaluation.Start.RunId, runId, StringComparison.Ordinal)
        && string.Equals(evaluation.Start.CodeVersion, codeVersion, StringComparison.Ordinal)
        && evaluation.Start.Documents == documents);

    /// <summary>Everyone who submitted anything to any evaluation of a run, sorted.</summary>
    public ImmutableArray<string> SubmittersOf(string runId) =>
    [
        .. Evaluations.Where(evaluation => string.Equals(evaluation.Start.RunId, runId, StringComparison.Ordinal))
            .SelectMany(evaluation => evaluation.Submitters).Distinct(StringComparer.Ordinal).Order(CodePoints.Order),
    ];

    /// <summary>An evaluation by its id, or none.</summary>
    public Evaluation? Find(string? evaluationId)
    {
        for (var i = Evaluations.Length - 1; i >= 0; i--)
            if (string.Equals(Evaluations[i].Start.EvaluationId, evaluationId, StringComparison.Ordinal)) return Evaluations[i];
        return null;
    }

    /// <summary>The state after one event more.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind, or about an evaluation, that this state does not
    /// know.</exception>
    public Candidate After(CandidateEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var next = happened switch
        {
            LaneRunStarted started => Begin(started),
            ArtifactEmitted emitted => Change(emitted.EvaluationId, emitted, evaluation => evaluation.SubmittedBy(emitted.Actor) with
            {
                Artifacts = evaluation.Artifacts.With(new Artifact(
                    emitted.Path, emitted.Sha256, emitted.Size, emitted.MediaType, emitted.SchemaVersion, emitted.ManifestHash)),
            }),
            LaneRunCompleted completed => End(completed.EvaluationId, completed, evaluation => evaluation.SubmittedBy(completed.Actor) with
            {
                Status = EvaluationStatus.Completed,
                ArtifactSetSha256 = completed.ArtifactSetSha256,
                EndedAt = completed.At,
            }),
            LaneRunFailed { EvaluationId: null } refused => this with
            {
                LastRunId = refused.RunId,
                RefusedRuns = RefusedRuns.Add(new RefusedRun(refused.RunId, refused.ErrorCode, refused.Message)),
            },
            LaneRunFailed failed => End(failed.EvaluationId, failed, evaluation => evaluation with
            {
                Status = EvaluationStatus.Failed,
                ErrorCode = failed.ErrorCode,
                ErrorMessage = failed.Message,
                EndedAt = failed.At,
            }),
            LaneRunSkipped skipped => this with
            {
                LastRunId = skipped.RunId,
                SkippedRuns = SkippedRuns.Add(new SkippedRun(skipped.RunId, skipped.Reason, skipped.WindowStart, skipped.WindowEnd)),
            },
            SubmissionConflicted conflicted => this with
            {
                Conflicts = Conflicts.AddRange(conflicted.Differences.Select(
                    difference => new RecordedConflict(conflicted.RunId, conflicted.EvaluationId, difference))),
            },
            GateMatrixEvaluated or PrerequisitesEvaluated or RollbackReadinessEvaluated => this,
            PromotionDecided decided => Decide(decided),
            CandidatePromoted promoted => Promote(promoted),
            CandidateDemoted demoted => Demote(demoted),
            CandidatePaused paused => this with { Pause = new CandidatePause(paused.Actor, paused.At, paused.Reason) },
            CandidateResumed => this with { Pause = null },
            ApprovalGranted granted => this with
            {
                Approvals = Approvals.Add(new Approval
                {
                    ApprovalId = granted.ApprovalId,
                    Approver = granted.Actor,
                    RunId = granted.RunId,
                    EvaluationId = granted.EvaluationId,
                    Target = granted.Target,
                    PolicySha256 = granted.PolicySha256,
                    ArtifactSetSha256 = granted.ArtifactSetSha256,
                    GrantedAt = granted.At,
                    ExpiresAt = granted.ExpiresAt,
                    Reason = granted.Reason,
                }),
            },
            ApprovalRevoked revoked => Change(revoked.ApprovalId, revoked, approval => approval with { RevokedAt = revoked.At }),
            RolledBackEvidenceCleared cleared => this with
            {
                RolledBackEvidence = RolledBackEvidence.Remove(cleared.ArtifactSetSha256),
                ClearedEvidence = ClearedEvidence.Remove(cleared.ArtifactSetSha256).Add(cleared.ArtifactSetSha256),
            },
            _ => throw new UnknownCandidateEventException($"The candidate's fold does not know {happened.GetType().Name}."),
        };
        return next with { StreamVersion = StreamVersion + 1, ChangedAt = happened.At, Stage = next.StageNow() };
    }

    private CandidateStage StageNow()
    {
        if (Pause is not null) return CandidateStage.Paused;
        if (Places.Any(place => place.Target == PromotionTarget.Live)) return CandidateStage.Live;
        return Places.Any(place => place.Target == PromotionTarget.Paper) ? CandidateStage.Paper : Progress;
    }

    private Candidate Decide(PromotionDecided decided)
    {
        var state = decided.ApprovalId is null
            ? this
            : Change(decided.ApprovalId, decided, approval => approval with { UsedBy = decided.DecisionId });

        // A demoted candidate that is evaluated anew is a challenger again; another answer about a run that was decided leaves
        // it on standby.
        var decidedBefore = Decisions.Any(decision => string.Equals(decision.RunId, decided.RunId, StringComparison.Ordinal));
        var role = Role == CandidateRole.Demoted && !decidedBefore ? CandidateRole.Challenger : Role;
        return state with
        {
            Role = role,
            Decisions = Decisions.Add(new DecidedPromotion(
                decided.DecisionId, decided.RunId, decided.EvaluationId, decided.Target, decided.Action, decided.Reasons,
                decided.TraceId, decided.FactsSha256, decided.At, decided.ApprovedMode)),
            Progress = role == CandidateRole.Demoted
                ? CandidateStage.Demoted
                : decided.Action == Promotion.PromotionAction.Deny ? CandidateStage.Denied : CandidateStage.Held,
        };
    }

    /// <summary>A champion that is promoted anew stands on the new decision, and has been champion all the time.</summary>
    private Candidate Promote(CandidatePromoted promoted)
    {
        var since = Places.FirstOrDefault(place => place.Target == promoted.Target)?.Since ?? promoted.At;
        return this with
        {
            Role = CandidateRole.Champion,
            Places = Places.RemoveAll(place => place.Target == promoted.Target)
                .Add(new ChampionPlace(promoted.Target, promoted.DecisionId, since)),
        };
    }

    private Candidate Demote(CandidateDemoted demoted)
    {
        var places = Places.RemoveAll(place => place.Target == demoted.Target);
        var bars = demoted.RolledBack && !RolledBackEvidence.Contains(demoted.ArtifactSetSha256);
        return this with
        {
            Role = places.IsEmpty ? CandidateRole.Demoted : CandidateRole.Champion,
            Places = places,
            RolledBackEvidence = bars ? RolledBackEvidence.Add(demoted.ArtifactSetSha256) : RolledBackEvidence,
            ClearedEvidence = demoted.RolledBack ? ClearedEvidence.Remove(demoted.ArtifactSetSha256) : ClearedEvidence,
            Progress = CandidateStage.Demoted,
        };
    }

    private Candidate Change(string approvalId, CandidateEvent happened, Func<Approval, Approval> change)
    {
        foreach (var approval in Approvals)
        {
            if (string.Equals(approval.ApprovalId, approvalId, StringComparison.Ordinal))
                return this with { Approvals = Approvals.Replace(approval, change(approval)) };
        }

        throw new UnknownCandidateEventException(
            $"{happened.GetType().Name} names the approval {approvalId}, which {CandidateId} does not have.");
    }

    private Candidate Begin(LaneRunStarted started) => this with
    {
        Progress = CandidateStage.Evaluating,
        Target = started.Target,
        LastRunId = started.RunId,
        LastEvaluationId = started.EvaluationId,
        Evaluations = Evaluations.Add(new Evaluation { Start = started, Submitters = [started.Actor] }),
    };

    private Candidate End(string evaluationId, CandidateEvent happened, Func<Evaluation, Evaluation> change)
    {
        var next = Change(evaluationId, happened, change);
        if (!string.Equals(evaluationId, LastEvaluationId, StringComparison.Ordinal)) return next;
        var completed = next.Find(evaluationId)!.Status == EvaluationStatus.Completed;
        return next with { Progress = completed ? CandidateStage.Evaluated : CandidateStage.Registered };
    }

    private Candidate Change(string evaluationId, CandidateEvent happened, Func<Evaluation, Evaluation> change)
    {
        var evaluation = Find(evaluationId) ?? throw new UnknownCandidateEventException(
            $"{happened.GetType().Name} names the evaluation {evaluationId}, which {CandidateId} does not have.");
        return this with { Evaluations = Evaluations.Replace(evaluation, change(evaluation), ReferenceEqualityComparer.Instance) };
    }
}

/// <summary>A stream holds what the fold cannot take: nothing is skipped.</summary>
public sealed class UnknownCandidateEventException(string message) : InvalidOperationException(message);
