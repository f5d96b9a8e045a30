using System.Collections.Immutable;
using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// State and command to events (ledger.md section 4). Idempotent by content: what is recorded already changes nothing, what contradicts it
/// is a conflict that is recorded once, what cannot be placed is refused with a reason.
/// </summary>
public static class CandidateDecider
{
    /// <summary>Decides one command.</summary>
    /// <param name="candidate">The state, or none if the stream does not exist.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The instant that the events carry.</param>
    public static CandidateDecision Decide(Candidate? candidate, CandidateCommand command, Instant now)
    {
        if ((CommandValidation.Check(command) ?? Roles.Check(command)) is { } refusal) return CandidateDecision.Refuse(refusal);
        var by = new Origin(command.By.Actor, command.By.Role, now);
        var state = candidate ?? Candidate.Unrecorded(command.CandidateId);
        if (!string.Equals(state.CandidateId, command.CandidateId, StringComparison.Ordinal))
            throw new ArgumentException($"The state is of {state.CandidateId}, the command for {command.CandidateId}.", nameof(candidate));
        var decision = DecideOn(candidate, state, command, by);

        // What is so already needs no version: the caller may ask again because it never saw the answer.
        var decidesAnew = candidate is not null && decision.Outcome != CommandOutcome.Unchanged;
        return decidesAnew && command.CheckVersion(state.StreamVersion) is { } changed ? CandidateDecision.Refuse(changed) : decision;
    }

    private static CandidateDecision DecideOn(Candidate? candidate, Candidate state, CandidateCommand command, Origin by) => command switch
    {
        StartLaneRun start => Start(state, start, by),
        EmitArtifact emit => Emit(state, emit, by),
        EmitArtifacts emit => EmitAll(state, emit, by),
        CompleteLaneRun complete => Complete(state, complete, by),
        FailLaneRun fail => Fail(state, fail, by),
        SkipLaneRun skip => Skip(state, skip, by),
        RecordLaneRun record => Record(state, record, by),
        GrantApproval or RevokeApproval or PauseCandidate or ResumeCandidate or ClearRolledBackEvidence when candidate is null =>
            CandidateDecision.Refuse(CommandRefusals.UnknownCandidate(command.CandidateId)),
        GrantApproval grant => ApprovalDecider.Grant(state, grant, by.At),
        RevokeApproval revoke => ApprovalDecider.Revoke(state, revoke, by.At),
        PauseCandidate pause => Pause(state, pause, by),
        ResumeCandidate resume => Resume(state, resume, by),
        ClearRolledBackEvidence clear => Clear(state, clear, by),
        _ => throw new ArgumentException($"The decider does not know {command.GetType().Name}.", nameof(command)),
    };

    private static CandidateDecision Start(Candidate state, StartLaneRun start, Origin by)
    {
        var evaluationId = start.EvaluationId;
        var differences = DifferencesOfRun(state, start);
        if (differences.Count > 0) return Conflict(state, start.RunId, evaluationId, differences, by);
        if (state.Find(evaluationId) is not null) return CandidateDecision.Unchanged;
        return CandidateDecision.Record(new LaneRunStarted
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            RunId = start.RunId,
            EvaluationId = evaluationId,
            Target = start.Target,
            SignalsSha256 = start.SignalsSha256,
            StrategyConfigSha256 = start.StrategyConfigSha256,
            GatePolicySha256 = start.GatePolicySha256,
            Documents = start.Documents,
            CodeVersion = start.CodeVersion,
            EvaluatedAt = start.EvaluatedAt,
            Worker = start.Worker,
        });
    }

    private static CandidateDecision Emit(Candidate state, EmitArtifact emit, Origin by)
    {
        if (state.Find(emit.EvaluationId) is not { } evaluation) return UnknownEvaluation(state, emit.EvaluationId);
        var artifact = emit.Artifact;
        if (evaluation.Artifacts.Find(artifact.Path) is { } recorded)
        {
            var differences = DifferencesOf(recorded, artifact);
            return differences.Count == 0
                ? CandidateDecision.Unchanged
                : Conflict(state, evaluation.Start.RunId, emit.EvaluationId, differences, by);
        }

        if (evaluation.Status != EvaluationStatus.Running) return Ended(evaluation, artifact.Path);
        if (evaluation.Artifacts.Count >= CommandValidation.MostArtifacts)
            return TooManyArtifacts(emit.EvaluationId);
        return CandidateDecision.Record(EventOf(emit.EvaluationId, artifact, by));
    }

    private static CandidateDecision EmitAll(Candidate state, EmitArtifacts emit, Origin by)
    {
        if (state.Find(emit.EvaluationId) is not { } evaluation) return UnknownEvaluation(state, emit.EvaluationId);
        var differences = new List<SubmissionDifference>();
        var added = ImmutableArray.CreateBuilder<CandidateEvent>(emit.Artifacts.Count);
        foreach (var artifact in emit.Artifacts)
        {
            if (evaluation.Artifacts.Find(artifact.Path) is { } recorded) differences.AddRange(DifferencesOf(recorded, artifact));
            else added.Add(EventOf(emit.EvaluationId, artifact, by));
        }

        if (differences.Count > 0) return Conflict(state, evaluation.Start.RunId, emit.EvaluationId, differences, by);
        if (added.Count == 0) return CandidateDecision.Unchanged;
        if (evaluation.Status != EvaluationStatus.Running) return Ended(evaluation, ((ArtifactEmitted)added[0]).Path);
        return evaluation.Artifacts.Count + added.Count > CommandValidation.MostArtifacts
            ? TooManyArtifacts(emit.EvaluationId)
            : CandidateDecision.Record(added.ToImmutable());
    }

    private static CandidateDecision Complete(Candidate state, CompleteLaneRun complete, Origin by)
    {
        if (state.Find(complete.EvaluationId) is not { } evaluation) return UnknownEvaluation(state, complete.EvaluationId);
        var runId = evaluation.Start.RunId;
        if (evaluation.Status == EvaluationStatus.Failed)
        {
            var outcome = new SubmissionDifference(SubmissionSubject.Outcome, null, OutcomeOf(evaluation), "completed");
            return Conflict(state, runId, complete.EvaluationId, [outcome], by);
        }

        var recorded = evaluation.Artifacts;
        if (evaluation.Status == EvaluationStatus.Running && recorded.Count < complete.ArtifactCount)
        {
            var missing = $"{recorded.Count} of {complete.ArtifactCount} artifacts are recorded; emit the others first.";
            return Refused("artifacts_incomplete", missing, complete.EvaluationId);
        }

        var differences = new List<SubmissionDifference>();
        if (recorded.Count != complete.ArtifactCount)
            differences.Add(new(SubmissionSubject.ArtifactCount, null, Text(recorded.Count), Text(complete.ArtifactCount)));
        var hash = evaluation.ArtifactSetSha256 ?? recorded.Hash();
        if (hash != complete.ArtifactSetSha256)
            differences.Add(new(SubmissionSubject.ArtifactSet, null, hash.ToString(), complete.ArtifactSetSha256.ToString()));
        if (differences.Count > 0) return Conflict(state, runId, complete.EvaluationId, differences, by);
        return evaluation.Status == EvaluationStatus.Completed
            ? CandidateDecision.Unchanged
            : CandidateDecision.Record(Completion(complete.EvaluationId, recorded.Count, hash, by));
    }

    private static CandidateDecision Fail(Candidate state, FailLaneRun fail, Origin by)
    {
        var failure = new LaneRunFailed
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            RunId = fail.RunId,
            EvaluationId = fail.EvaluationId,
            ErrorCode = fail.ErrorCode,
            Message = fail.Message,
        };
        if (fail.EvaluationId is null)
        {
            var known = state.RefusedRuns.Contains(new RefusedRun(fail.RunId, fail.ErrorCode, fail.Message));
            return known ? CandidateDecision.Unchanged : CandidateDecision.Record(failure);
        }

        if (state.Find(fail.EvaluationId) is not { } evaluation) return UnknownEvaluation(state, fail.EvaluationId);
        var ofThatRun = string.Equals(evaluation.Start.RunId, fail.RunId, StringComparison.Ordinal);
        if (!ofThatRun) return UnknownEvaluation(state, fail.EvaluationId);
        if (evaluation.Status == EvaluationStatus.Running) return CandidateDecision.Record(failure);
        var (recorded, submitted) = (OutcomeOf(evaluation), OutcomeOf(fail.ErrorCode, fail.Message));
        if (string.Equals(recorded, submitted, StringComparison.Ordinal)) return CandidateDecision.Unchanged;
        var difference = new SubmissionDifference(SubmissionSubject.Outcome, null, recorded, submitted);
        return Conflict(state, fail.RunId, fail.EvaluationId, [difference], by);
    }

    private static CandidateDecision Skip(Candidate state, SkipLaneRun skip, Origin by)
    {
        var submitted = new SkippedRun(skip.RunId, skip.Reason, skip.WindowStart, skip.WindowEnd);
        foreach (var recorded in state.SkippedRuns)
        {
            if (!string.Equals(recorded.RunId, skip.RunId, StringComparison.Ordinal)) continue;
            if (recorded == submitted) return CandidateDecision.Unchanged;
            return Conflict(state, skip.RunId, null, [new(SubmissionSubject.Skip, null, TextOf(recorded), TextOf(submitted))], by);
        }

        return CandidateDecision.Record(new LaneRunSkipped
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            RunId = skip.RunId,
            Reason = skip.Reason,
            WindowStart = skip.WindowStart,
            WindowEnd = skip.WindowEnd,
        });
    }

    private static CandidateDecision Record(Candidate state, RecordLaneRun record, Origin by)
    {
        var started = Start(state, record.Start, by);
        if (started.Outcome is CommandOutcome.Conflict or CommandOutcome.Refused) return started;
        var evaluationId = record.Start.EvaluationId;
        var evaluation = state.Find(evaluationId);
        var recorded = evaluation?.Artifacts ?? ArtifactSet.Empty;
        var events = ImmutableArray.CreateBuilder<CandidateEvent>(record.Artifacts.Count + 2);
        events.AddRange(started.Events);

        var differences = new List<SubmissionDifference>();
        foreach (var artifact in record.Artifacts)
        {
            if (recorded.Find(artifact.Path) is { } there) differences.AddRange(DifferencesOf(there, artifact));
            else events.Add(EventOf(evaluationId, artifact, by));
        }

        foreach (var artifact in recorded)
        {
            if (record.Artifacts.Find(artifact.Path) is null)
                differences.Add(new(SubmissionSubject.Artifact, artifact.Path, artifact.Sha256.ToString(), "absent"));
        }

        var ended = evaluation is { Status: not EvaluationStatus.Running };
        if (ended)
        {
            foreach (var added in events.OfType<ArtifactEmitted>())
                differences.Add(new(SubmissionSubject.Artifact, added.Path, "absent", added.Sha256.ToString()));
        }

        if (evaluation is { Status: EvaluationStatus.Failed })
            differences.Add(new(SubmissionSubject.Outcome, null, OutcomeOf(evaluation), "completed"));
        if (differences.Count > 0) return Conflict(state, record.Start.RunId, evaluationId, differences, by);
        if (ended) return CandidateDecision.Unchanged;
        events.Add(Completion(evaluationId, record.Artifacts.Count, record.Artifacts.Hash(), by));
        return CandidateDecision.Record(events.ToImmutable());
    }

    private static CandidateDecision Pause(Candidate state, PauseCandidate pause, Origin by) => state.Pause is not null
        ? CandidateDecision.Unchanged
        : CandidateDecision.Record(new CandidatePaused { Actor = by.Actor, Role = by.Role, At = by.At, Reason = pause.Reason });

    private static CandidateDecision Resume(Candidate state, ResumeCandidate resume, Origin by) => state.Pause is null
        ? CandidateDecision.Unchanged
        : CandidateDecision.Record(new CandidateResumed { Actor = by.Actor, Role = by.Role, At = by.At, Reason = resume.Reason });

    private static CandidateDecision Clear(Candidate state, ClearRolledBackEvidence clear, Origin by)
    {
        var set = clear.ArtifactSetSha256;
        if (state.RolledBackEvidence.Contains(set))
        {
            return CandidateDecision.Record(new RolledBackEvidenceCleared
            {
                Actor = by.Actor,
                Role = by.Role,
                At = by.At,
                ArtifactSetSha256 = set,
                Reason = clear.Reason,
            });
        }

        return state.ClearedEvidence.Contains(set)
            ? CandidateDecision.Unchanged
            : CandidateDecision.Refuse(CommandRefusals.EvidenceNotRolledBack(state.CandidateId, set));
    }

    private static List<SubmissionDifference> DifferencesOfRun(Candidate state, StartLaneRun start)
    {
        var differences = new List<SubmissionDifference>();
        foreach (var evaluation in state.Evaluations)
        {
            var recorded = evaluation.Start;
            if (!string.Equals(recorded.RunId, start.RunId, StringComparison.Ordinal)) continue;

            // One run id names one target and one set of inputs, whichever evaluation of it is asked for.
            Compare(differences, SubmissionSubject.Target, null, recorded.Target.Name(), start.Target.Name());
            Compare(differences, SubmissionSubject.Signals, null, recorded.SignalsSha256.ToString(), start.SignalsSha256.ToString());
            Compare(differences, SubmissionSubject.StrategyConfig, null, recorded.StrategyConfigSha256.ToString(),
                start.StrategyConfigSha256.ToString());
            Compare(differences, SubmissionSubject.GatePolicy, null, recorded.GatePolicySha256.ToString(),
                start.GatePolicySha256.ToString());
            return differences;
        }

        return differences;
    }

    private static List<SubmissionDifference> DifferencesOf(Artifact recorded, Artifact submitted)
    {
        var differences = new List<SubmissionDifference>();
        if (recorded == submitted) return differences;
        Compare(differences, SubmissionSubject.Artifact, submitted.Path, recorded.Sha256.ToString(), submitted.Sha256.ToString());
        if (differences.Count > 0) return differences;
        Compare(differences, SubmissionSubject.MediaType, submitted.Path, recorded.MediaType, submitted.MediaType);
        var (schema, submittedSchema) = (OrNone(recorded.SchemaVersion), OrNone(submitted.SchemaVersion));
        Compare(differences, SubmissionSubject.SchemaVersion, submitted.Path, schema, submittedSchema);
        var (manifest, submittedManifest) = (OrNone(recorded.ManifestHash?.ToString()), OrNone(submitted.ManifestHash?.ToString()));
        Compare(differences, SubmissionSubject.ManifestHash, submitted.Path, manifest, submittedManifest);
        return differences;
    }

    private static void Compare(List<SubmissionDifference> differences, string subject, string? path, string recorded, string submitted)
    {
        if (!string.Equals(recorded, submitted, StringComparison.Ordinal)) differences.Add(new(subject, path, recorded, submitted));
    }

    private static CandidateDecision Conflict(
        Candidate state, string runId, string? evaluationId, IReadOnlyList<SubmissionDifference> differences, Origin by)
    {
        var news = differences.Where(
            difference => !state.Conflicts.Contains(new RecordedConflict(runId, evaluationId, difference))).ToImmutableArray();
        return new CandidateDecision
        {
            Outcome = CommandOutcome.Conflict,
            Differences = [.. differences],
            Events = news.IsEmpty
                ? []
                : [
                    new SubmissionConflicted
                    {
                        Actor = by.Actor,
                        Role = by.Role,
                        At = by.At,
                        RunId = runId,
                        EvaluationId = evaluationId,
                        Differences = news,
                    },
                ],
        };
    }

    private static ArtifactEmitted EventOf(string evaluationId, Artifact artifact, Origin by) => new()
    {
        Actor = by.Actor,
        Role = by.Role,
        At = by.At,
        EvaluationId = evaluationId,
        Path = artifact.Path,
        Sha256 = artifact.Sha256,
        Size = artifact.Size,
        MediaType = artifact.MediaType,
        SchemaVersion = artifact.SchemaVersion,
        ManifestHash = artifact.ManifestHash,
    };

    private static LaneRunCompleted Completion(string evaluationId, int count, Sha256Hash artifactSet, Origin by) => new()
    {
        Actor = by.Actor,
        Role = by.Role,
        At = by.At,
        EvaluationId = evaluationId,
        ArtifactCount = count,
        ArtifactSetSha256 = artifactSet,
    };

    private static CandidateDecision UnknownEvaluation(Candidate state, string evaluationId) =>
        Refused("unknown_evaluation", $"{state.CandidateId} has no such evaluation of that run; start the lane run first.", evaluationId);

    private static CandidateDecision TooManyArtifacts(string evaluationId) =>
        Refused("too_many_artifacts", $"An evaluation has at most {CommandValidation.MostArtifacts} artifacts.", evaluationId);

    private static CandidateDecision Ended(Evaluation evaluation, string path)
    {
        var (code, word) = evaluation.Status == EvaluationStatus.Completed
            ? ("evaluation_completed", "complete")
            : ("evaluation_failed", "failed");
        var evaluationId = evaluation.Start.EvaluationId;
        var refusal = new Refusal(code, $"The evaluation {evaluationId} is {word} and takes no further artifact at '{path}'.");
        return CandidateDecision.Refuse(refusal.With("evaluation_id", evaluationId).With("path", path));
    }

    private static CandidateDecision Refused(string code, string explanation, string evaluationId) =>
        CandidateDecision.Refuse(new Refusal(code, explanation).With("evaluation_id", evaluationId));

    private static string OutcomeOf(Evaluation evaluation) =>
        evaluation.Status == EvaluationStatus.Completed ? "completed" : OutcomeOf(evaluation.ErrorCode!, evaluation.ErrorMessage!);

    private static string OutcomeOf(string code, string message) => $"failed: {code}: {message}";

    private static string OrNone(string? text) => text ?? "none";

    private static string TextOf(SkippedRun run) => $"{run.WindowStart} {run.WindowEnd} {run.Reason}";

    private readonly record struct Origin(string Actor, string Role, Instant At);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
