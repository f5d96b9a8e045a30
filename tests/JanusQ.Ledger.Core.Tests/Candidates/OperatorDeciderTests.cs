using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class OperatorDeciderTests
{
    private static readonly Submitter Operator = new("olga", Roles.Operator);
    private static readonly Sha256Hash Evidence = Sha256Hash.OfText("evidence");

    private static PauseCandidate Pause => new() { CandidateId = Given.CandidateId, By = Operator, Reason = "odd fills" };

    private static ResumeCandidate Resume => new() { CandidateId = Given.CandidateId, By = Operator, Reason = "explained" };

    private static ClearRolledBackEvidence Clear =>
        new() { CandidateId = Given.CandidateId, By = Operator, ArtifactSetSha256 = Evidence, Reason = "was a data fault" };

    [Fact]
    public void a_candidate_is_paused_once_and_resumed_once_and_stands_where_it_stood()
    {
        var state = Given.ACompletedEvaluation;
        Assert.Equal(CommandOutcome.Unchanged, Decide(state, Resume).Outcome);
        var paused = Apply(state, Pause);
        Assert.Equal((CandidateStage.Paused, new CandidatePause("olga", Given.Now, "odd fills")), (paused.Stage, paused.Pause));
        Assert.Equal(CommandOutcome.Unchanged, Decide(paused, Pause with { Reason = "still odd" }).Outcome);
        var resumed = Apply(paused, Resume);
        Assert.Equal((CandidateStage.Evaluated, null), (resumed.Stage, resumed.Pause));
        Assert.Equal(CommandOutcome.Unchanged, Decide(resumed, Resume).Outcome);
    }

    [Fact]
    public void only_what_was_rolled_back_is_cleared_and_only_once()
    {
        var state = Given.ACompletedEvaluation;
        Refused("evidence_not_rolled_back", state, Clear);
        var rolledBack = RolledBack(state);
        Assert.Equal([Evidence], rolledBack.RolledBackEvidence.AsEnumerable());
        Refused("evidence_not_rolled_back", rolledBack, Clear with { ArtifactSetSha256 = Sha256Hash.OfText("other") });
        var cleared = Apply(rolledBack, Clear);
        Assert.Empty(cleared.RolledBackEvidence);
        Assert.Equal(CommandOutcome.Unchanged, Decide(cleared, Clear).Outcome);

        // Rolled back again it bars again, and has to be cleared again.
        var again = RolledBack(cleared);
        Assert.Equal([Evidence], again.RolledBackEvidence.AsEnumerable());
        Assert.Equal(CommandOutcome.Recorded, Decide(again, Clear).Outcome);
    }

    [Fact]
    public void what_is_not_there_cannot_be_paused_resumed_or_cleared()
    {
        foreach (var command in new CandidateCommand[] { Pause, Resume, Clear }) Refused("unknown_candidate", null, command);
        foreach (var command in new CandidateCommand[]
        {
            Pause with { Reason = "" }, Resume with { Reason = "\0" }, Clear with { Reason = new string('x', 4001) },
        })
            Refused("command_invalid", Given.ACompletedEvaluation, command);
    }

    private static Candidate RolledBack(Candidate state) => state
        .After(new CandidatePromoted
        {
            Actor = "olga",
            Role = Roles.Operator,
            At = Given.Now,
            Target = PromotionTarget.Paper,
            DecisionId = "d",
            Why = "promotion_decided",
        })
        .After(new CandidateDemoted
        {
            Actor = "olga",
            Role = Roles.Operator,
            At = Given.Now,
            Target = PromotionTarget.Paper,
            Why = "rolled_back",
            RolledBack = true,
            ArtifactSetSha256 = Evidence,
        });

    private static CandidateDecision Decide(Candidate? state, CandidateCommand command) =>
        CandidateDecider.Decide(state, command, Given.Now);

    private static Candidate Apply(Candidate state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal(CommandOutcome.Recorded, decision.Outcome);
        return Given.Fold(state, decision.Events)!;
    }

    private static void Refused(string code, Candidate? state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal((CommandOutcome.Refused, code, 0), (decision.Outcome, decision.Refusal?.Code, decision.Events.Length));
    }
}
