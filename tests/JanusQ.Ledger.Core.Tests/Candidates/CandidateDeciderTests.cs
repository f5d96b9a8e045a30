using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class CandidateDeciderTests
{
    [Fact]
    public void a_started_run_is_being_evaluated()
    {
        var decision = Decide(Given.Nothing, Given.Start);
        var started = Assert.IsType<LaneRunStarted>(Assert.Single(decision.Events));
        Assert.Equal(("worker-7", "worker", Given.Now), (started.Actor, started.Role, started.At));
        Assert.Equal(Given.Start.EvaluationId, started.EvaluationId);
        var candidate = Given.ARunningEvaluation;
        Assert.Equal(
            (CandidateStage.Evaluating, PromotionTarget.Paper, 1L), (candidate.Stage, candidate.Target!.Value, candidate.StreamVersion));
    }

    [Fact]
    public void the_evaluation_id_is_the_id_of_run_instant_code_and_all_six_documents()
    {
        var expected = CanonicalJson.Id(JsonValue.Read(
            """
            {"code_version": "1.0.0", "documents": {
                "drift_evidence": null, "forecast_metrics": null, "llm_metrics": null,
                "rollback_readiness": null, "strategy_configmap": null, "tca_metrics": null},
             "evaluated_at": "2026-01-05T14:30:00+00:00", "run_id": "0123456789abcdef01234567"}
            """u8.ToArray()));
        Assert.Equal(expected, Given.Start.EvaluationId);
        var documents = OptionalDocuments.None with { TcaMetrics = Sha256Hash.OfText("tca") };
        Assert.NotEqual(expected, (Given.Start with { Documents = documents }).EvaluationId);
        Assert.Equal(expected, (Given.Start with { Worker = "another" }).EvaluationId);
    }

    [Fact]
    public void the_artifact_set_hash_is_of_path_to_hash_whatever_the_order()
    {
        var expected = CanonicalJson.Hash(JsonObject.Of(("b/a.json", Sha256Hash.OfText("2")), ("a.json", Sha256Hash.OfText("1"))));
        Artifact[] artifacts = [Given.AnArtifact("b/a.json", "2"), Given.AnArtifact("a.json", "1")];
        Assert.Equal(expected, ArtifactSet.Of(artifacts).Hash());
        Assert.Equal(expected, ArtifactSet.Of(artifacts.Reverse()).Hash());
    }

    [Fact]
    public void a_completed_run_is_evaluated_and_holds_its_artifacts()
    {
        var candidate = Given.ACompletedEvaluation;
        Assert.Equal(CandidateStage.Evaluated, candidate.Stage);
        var evaluation = Assert.Single(candidate.Evaluations);
        Assert.Equal((EvaluationStatus.Completed, 2), (evaluation.Status, evaluation.Artifacts.Count));
        Assert.Equal(evaluation.Artifacts.Hash(), evaluation.ArtifactSetSha256);
    }

    [Fact]
    public void the_same_start_by_another_worker_is_a_retry() =>
        Unchanged(Given.ARunningEvaluation, Given.Start with { Worker = "worker-8", By = new Submitter("worker-8", "worker") });

    [Fact]
    public void one_run_id_with_another_target_or_input_is_a_conflict()
    {
        Conflict("target", Given.ARunningEvaluation, Given.Start with { Target = PromotionTarget.Live });
        Conflict("signals", Given.ARunningEvaluation, Given.Start with { SignalsSha256 = default });
        Conflict("strategy_config", Given.ARunningEvaluation, Given.Start with { StrategyConfigSha256 = default });
        Conflict("gate_policy", Given.ARunningEvaluation, Given.Start with { GatePolicySha256 = default });
        var later = Given.Start with { EvaluatedAt = Instant.Parse("2026-01-06"), SignalsSha256 = default };
        Conflict("signals", Given.ARunningEvaluation, later);
    }

    [Fact]
    public void the_same_run_at_another_instant_is_another_evaluation()
    {
        var candidate = Given.After(Given.Start, Given.Start with { EvaluatedAt = Instant.Parse("2026-01-06") });
        Assert.Equal(2, candidate.Evaluations.Length);
    }

    [Fact]
    public void other_bytes_at_a_path_are_a_conflict_before_and_after_completion_and_change_nothing_else()
    {
        foreach (var state in new[] { Given.After(Given.Start, Given.Emit()), Given.ACompletedEvaluation, Given.AFailedEvaluation })
        {
            var after = Conflict("artifact", state, Given.Emit(text: "other"));
            Assert.Equal(state with { StreamVersion = state.StreamVersion + 1, Conflicts = after.Conflicts }, after);
        }
    }

    [Fact]
    public void another_declaration_for_the_same_bytes_is_a_conflict()
    {
        var state = Given.After(Given.Start, Given.Emit());
        var artifact = Given.AnArtifact();
        Conflict("media_type", state, Given.Emit() with { Artifact = artifact with { MediaType = "text/plain" } });
        Conflict("schema_version", state, Given.Emit() with { Artifact = artifact with { SchemaVersion = "2" } });
        Conflict("manifest_hash", state, Given.Emit() with { Artifact = artifact with { ManifestHash = Sha256Hash.OfText("m") } });
    }

    [Fact]
    public void an_artifact_at_a_new_path_is_refused_once_the_evaluation_has_ended()
    {
        Refused("evaluation_completed", Given.ACompletedEvaluation, Given.Emit("gates/new.json"));
        Refused("evaluation_failed", Given.AFailedEvaluation, Given.Emit("gates/new.json"));
    }

    [Fact]
    public void what_names_an_evaluation_that_was_not_started_is_refused()
    {
        Refused("unknown_evaluation", Given.Nothing, Given.Emit());
        Refused("unknown_evaluation", Given.Nothing, Given.Complete(Given.AnArtifact()));
        Refused("unknown_evaluation", Given.Nothing, Given.Fail());
        Refused("unknown_evaluation", Given.ARunningEvaluation, Given.Fail() with { RunId = "ffffffffffffffffffffffff" });
    }

    [Fact]
    public void completing_before_all_artifacts_are_there_is_refused() =>
        Refused("artifacts_incomplete", Given.After(Given.Start, Given.Emit()),
            Given.Complete(Given.AnArtifact(), Given.AnArtifact("b", "b")));

    [Fact]
    public void completing_with_another_set_or_count_is_a_conflict()
    {
        Conflict("artifact_set", Given.After(Given.Start, Given.Emit()), Given.Complete(Given.AnArtifact(text: "other")));
        Conflict("artifact_set", Given.ACompletedEvaluation, Given.Complete(Given.AnArtifact(), Given.AnArtifact("gates/b.json", "other")));
        var fewer = CandidateDecider.Decide(Given.ACompletedEvaluation, Given.Complete(Given.AnArtifact()), Given.Now);
        Assert.Equal(["artifact_count", "artifact_set"], fewer.Differences.Select(difference => difference.Subject));
    }

    [Fact]
    public void an_evaluation_ends_once()
    {
        Conflict("outcome", Given.ACompletedEvaluation, Given.Fail());
        Conflict("outcome", Given.AFailedEvaluation, Given.Complete(Given.AnArtifact()));
        Conflict("outcome", Given.AFailedEvaluation, Given.Fail("another reason"));
        Unchanged(Given.AFailedEvaluation, Given.Fail());
        Assert.Equal(CandidateStage.Registered, Given.AFailedEvaluation.Stage);
    }

    [Fact]
    public void a_run_refused_before_its_start_is_recorded_once()
    {
        var refused = Given.Fail() with { EvaluationId = null };
        var candidate = Given.After(refused);
        Assert.Equal(CandidateStage.Registered, candidate.Stage);
        Unchanged(candidate, refused);
    }

    [Fact]
    public void a_window_without_signals_is_recorded_once()
    {
        Unchanged(Given.After(Given.Skip()), Given.Skip());
        Conflict("skip", Given.After(Given.Skip()), Given.Skip("holiday"));
    }

    [Fact]
    public void a_whole_run_completes_what_is_there_and_contradicts_what_differs()
    {
        var whole = Whole(Given.AnArtifact(), Given.AnArtifact("gates/b.json", "b"));
        Assert.Equal(4, Decide(Given.Nothing, whole).Events.Length);
        Assert.Equal(2, Decide(Given.After(Given.Start, Given.Emit()), whole).Events.Length);
        Unchanged(Given.ACompletedEvaluation, whole);
        Conflict("artifact", Given.ACompletedEvaluation, Whole(Given.AnArtifact(), Given.AnArtifact("gates/b.json", "other")));
        Conflict("artifact", Given.ACompletedEvaluation, Whole(Given.AnArtifact()));
        Conflict("artifact", Given.ACompletedEvaluation,
            Whole(Given.AnArtifact(), Given.AnArtifact("gates/b.json", "b"), Given.AnArtifact("c", "c")));
        Conflict("outcome", Given.AFailedEvaluation, Whole(Given.AnArtifact()));
    }

    private static RecordLaneRun Whole(params Artifact[] artifacts) =>
        new() { CandidateId = Given.CandidateId, By = Given.Worker, Start = Given.Start, Artifacts = ArtifactSet.Of(artifacts) };

    private static CandidateDecision Decide(Candidate? state, CandidateCommand command) =>
        CandidateDecider.Decide(state, command, Given.Now);

    private static void Unchanged(Candidate state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal(CommandOutcome.Unchanged, decision.Outcome);
        Assert.Empty(decision.Events);
    }

    private static void Refused(string code, Candidate? state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal((CommandOutcome.Refused, code), (decision.Outcome, decision.Refusal?.Code));
        Assert.Empty(decision.Events);
    }

    private static Candidate Conflict(string subject, Candidate state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal(CommandOutcome.Conflict, decision.Outcome);
        Assert.Contains(subject, decision.Differences.Select(difference => difference.Subject));
        Assert.IsType<SubmissionConflicted>(Assert.Single(decision.Events));
        var after = Given.Fold(state, decision.Events)!;
        var again = Decide(after, command);
        Assert.Equal((CommandOutcome.Conflict, 0), (again.Outcome, again.Events.Length));
        Assert.Equal(decision.Differences.AsEnumerable(), again.Differences);
        return after;
    }
}
