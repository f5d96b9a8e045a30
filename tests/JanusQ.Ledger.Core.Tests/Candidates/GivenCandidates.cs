using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

/// <summary>Candidates in known states, and the commands that lead there.</summary>
internal static class Given
{
    public const string RunId = "0123456789abcdef01234567";
    public const string CandidateId = "cand-0123456789ab";

    public static readonly Submitter Worker = new("worker-7", "worker");
    public static readonly Instant Now = Instant.Parse("2026-01-05T15:00:00Z");

    public static StartLaneRun Start => new()
    {
        CandidateId = CandidateId,
        By = Worker,
        RunId = RunId,
        Target = PromotionTarget.Paper,
        SignalsSha256 = Sha256Hash.OfText("signals"),
        StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
        GatePolicySha256 = Sha256Hash.OfText("policy"),
        CodeVersion = "1.0.0",
        EvaluatedAt = Instant.Parse("2026-01-05T14:30:00Z"),
        Worker = "worker-7",
    };

    public static Artifact AnArtifact(string path = "gates/a.json", string text = "a") =>
        new(path, Sha256Hash.OfText(text), text.Length, "application/json");

    public static EmitArtifact Emit(string path = "gates/a.json", string text = "a") =>
        new() { CandidateId = CandidateId, By = Worker, EvaluationId = Start.EvaluationId, Artifact = AnArtifact(path, text) };

    public static EmitArtifacts EmitAll(params Artifact[] artifacts) =>
        new() { CandidateId = CandidateId, By = Worker, EvaluationId = Start.EvaluationId, Artifacts = ArtifactSet.Of(artifacts) };

    public static CompleteLaneRun Complete(params Artifact[] artifacts) => new()
    {
        CandidateId = CandidateId,
        By = Worker,
        EvaluationId = Start.EvaluationId,
        ArtifactCount = artifacts.Length,
        ArtifactSetSha256 = ArtifactSet.Of(artifacts).Hash(),
    };

    public static FailLaneRun Fail(string message = "no disk") => new()
    {
        CandidateId = CandidateId,
        By = Worker,
        RunId = RunId,
        EvaluationId = Start.EvaluationId,
        ErrorCode = "disk_full",
        Message = message,
    };

    public static SkipLaneRun Skip(string reason = "no_signal") => new()
    {
        CandidateId = CandidateId,
        By = Worker,
        RunId = RunId,
        Reason = reason,
        WindowStart = Instant.Parse("2026-01-05"),
        WindowEnd = Instant.Parse("2026-01-06"),
    };

    public static Candidate? Nothing => null;

    public static Candidate ARunningEvaluation => After(Start);

    public static Candidate ACompletedEvaluation =>
        After(Start, Emit(), Emit("gates/b.json", "b"), Complete(AnArtifact(), AnArtifact("gates/b.json", "b")));

    public static Candidate AFailedEvaluation => After(Start, Emit(), Fail());

    /// <summary>The state after commands, all of which must be recorded.</summary>
    public static Candidate After(params CandidateCommand[] commands)
    {
        Candidate? state = null;
        foreach (var command in commands)
        {
            var decision = CandidateDecider.Decide(state, command, Now);
            Assert.Equal(CommandOutcome.Recorded, decision.Outcome);
            state = Fold(state, decision.Events);
        }

        return state!;
    }

    public static Candidate? Fold(Candidate? state, IEnumerable<CandidateEvent> events)
    {
        foreach (var happened in events) state = state is null ? Candidate.From(CandidateId, happened) : state.After(happened);
        return state;
    }
}
