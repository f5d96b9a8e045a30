using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class EmitArtifactsDeciderTests
{
    private static readonly Artifact A = Given.AnArtifact();
    private static readonly Artifact B = Given.AnArtifact("gates/b.json", "b");
    private static readonly Artifact C = Given.AnArtifact("gates/c.json", "c");

    [Fact]
    public void only_what_is_not_recorded_yet_is_recorded()
    {
        var decision = Decide(Given.After(Given.Start, Given.Emit()), Given.EmitAll(A, B, C));
        Assert.Equal(CommandOutcome.Recorded, decision.Outcome);
        Assert.Equal(["gates/b.json", "gates/c.json"], decision.Events.Cast<ArtifactEmitted>().Select(emitted => emitted.Path));
        Assert.Equal(CommandOutcome.Unchanged, Decide(Given.After(Given.Start, Given.EmitAll(A, B)), Given.EmitAll(B, A)).Outcome);
    }

    [Fact]
    public void one_that_differs_keeps_all_others_out()
    {
        var decision = Decide(Given.After(Given.Start, Given.Emit()), Given.EmitAll(Given.AnArtifact(text: "other"), B));
        Assert.Equal(CommandOutcome.Conflict, decision.Outcome);
        Assert.IsType<SubmissionConflicted>(Assert.Single(decision.Events));
        Assert.Equal(A.Path, Assert.Single(decision.Differences).Path);
    }

    [Fact]
    public void an_evaluation_that_ended_takes_no_more()
    {
        var ended = Given.After(Given.Start, Given.Emit(), Given.Complete(A));
        Assert.Equal("evaluation_completed", Decide(ended, Given.EmitAll(A, B)).Refusal!.Code);
        Assert.Equal(CommandOutcome.Unchanged, Decide(ended, Given.EmitAll(A)).Outcome);
        Assert.Equal("evaluation_failed", Decide(Given.AFailedEvaluation, Given.EmitAll(B)).Refusal!.Code);
    }

    [Fact]
    public void there_is_an_end_to_how_many_there_are()
    {
        var full = Given.EmitAll([.. Enumerable.Range(0, CommandValidation.MostArtifacts).Select(number => Given.AnArtifact($"{number}"))]);
        var state = Given.After(Given.Start, full);
        Assert.Equal("too_many_artifacts", Decide(state, Given.EmitAll(A)).Refusal!.Code);
        Assert.Equal("artifacts", FieldOf(Decide(Given.After(Given.Start), full with { Artifacts = full.Artifacts.With(A) })));
        Assert.Equal("artifacts", FieldOf(Decide(Given.After(Given.Start), Given.EmitAll())));
    }

    [Fact]
    public void what_cannot_be_placed_is_refused()
    {
        Assert.Equal("unknown_evaluation", Decide(null, Given.EmitAll(A)).Refusal!.Code);
        Assert.Equal("path", FieldOf(Decide(Given.After(Given.Start), Given.EmitAll(A, Given.AnArtifact("../b")))));
    }

    [Fact]
    public void a_command_for_another_version_is_refused_unless_it_asks_for_what_is_so()
    {
        var state = Given.After(Given.Start);
        var pause = new PauseCandidate
        {
            CandidateId = Given.CandidateId,
            By = new Submitter(
            "o", "operator"),
            Reason = "r",
            ExpectedVersion = 1
        };
        var paused = Decide(state, pause);
        Assert.Equal(CommandOutcome.Recorded, paused.Outcome);
        Assert.Equal("version_changed", Decide(state, pause with { ExpectedVersion = 2 }).Refusal!.Code);
        Assert.Equal(CommandOutcome.Recorded, Decide(state, pause with { ExpectedVersion = null }).Outcome);
        Assert.Equal(CommandOutcome.Unchanged, Decide(state.After(paused.Events.Single()), pause).Outcome);
        Assert.Equal("unknown_candidate", Decide(null, pause with { ExpectedVersion = 7 }).Refusal!.Code);
        Assert.Equal("not_authorised", Decide(state, pause with { ExpectedVersion = 7, By = Given.Worker }).Refusal!.Code);
    }

    private static CandidateDecision Decide(Candidate? state, CandidateCommand command) =>
        CandidateDecider.Decide(state, command, Given.Now);

    private static string FieldOf(CandidateDecision decision) => ((Core.Canonical.JsonText)decision.Refusal!.ToJson()["field"]!).Value;
}
