using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

/// <summary>ledger.md section 6: retrying any command gives one outcome, and another command is no retry.</summary>
public class RepeatedPlaceCommandTests
{
    private const PromotionTarget Target = PromotionTarget.Paper;

    private static readonly Instant Now = Instant.Parse("2026-01-05T14:30:00+00:00");
    private static readonly Submitter Operator = new("olga", "operator");

    private static readonly RollBackChampion RollBack =
        new() { CandidateId = "b", By = Operator, Target = Target, Reason = "because", ExpectedVersion = 3 };

    private static readonly DemoteChampion Demote =
        new() { CandidateId = "b", By = Operator, Target = Target, Reason = "because", ExpectedVersion = 3 };

    /// <summary>a, then b instead of a, then b rolled back and a back.</summary>
    private static readonly ChampionEvent[] RolledBack =
    [
        Installed("a", null), Removed("a", "promoted", "decision"), Installed("b", "a"),
        Removed("b", "rolled_back_by_operator: because"), Installed("a", null, "reinstated_after_rollback_of_b_for_paper"),
    ];

    private static readonly ChampionEvent[] StayedAway = RolledBack[..4];

    private static readonly ChampionEvent[] Demoted = [.. RolledBack[..3], Removed("b", "demoted_by_operator: because")];

    [Theory]
    [InlineData(3L)]
    [InlineData(null)]
    public void The_same_roll_back_is_found_with_who_came_back(long? version)
    {
        var done = RepeatedPlaceCommand.Find(RollBack with { ExpectedVersion = version }, RolledBack)!;
        Assert.Equal(("b", 3L, "a", null, 5L),
            (done.Before.Champion!.CandidateId, done.Before.StreamVersion, done.Reinstated!.CandidateId, done.StayedAway, done.Version));
    }

    [Theory]
    [InlineData(3L)]
    [InlineData(null)]
    public void The_same_roll_back_is_found_with_who_stayed_away(long? version)
    {
        var done = RepeatedPlaceCommand.Find(RollBack with { ExpectedVersion = version }, StayedAway)!;
        Assert.Equal((null, "a", 4L), (done.Reinstated, done.StayedAway, done.Version));
    }

    [Theory]
    [InlineData(3L)]
    [InlineData(null)]
    public void The_same_demotion_is_found_and_keeps_nobody_away(long? version)
    {
        var done = RepeatedPlaceCommand.Find(Demote with { ExpectedVersion = version }, Demoted)!;
        Assert.Equal(("b", null, null, 4L), (done.Before.Champion!.CandidateId, done.Reinstated, done.StayedAway, done.Version));
    }

    [Fact]
    public void What_happened_since_matters_only_to_who_names_no_version()
    {
        ChampionEvent[] later = [.. StayedAway, Installed("c", null)];
        Assert.Equal(4, RepeatedPlaceCommand.Find(RollBack, later)!.Version);
        Assert.Null(RepeatedPlaceCommand.Find(RollBack with { ExpectedVersion = null }, later));
        Assert.Equal(4, RepeatedPlaceCommand.Find(Demote, [.. Demoted, Installed("c", null)])!.Version);
        Assert.Null(RepeatedPlaceCommand.Find(Demote with { ExpectedVersion = null }, [.. Demoted, Installed("c", null)]));
    }

    [Fact]
    public void Who_came_back_by_another_roll_back_did_not_by_this_one()
    {
        ChampionEvent[] others = [.. StayedAway, Installed("a", null, "reinstated_after_rollback_of_c_for_paper")];
        Assert.Null(RepeatedPlaceCommand.Find(RollBack, others)!.Reinstated);
        Assert.Null(RepeatedPlaceCommand.Find(RollBack with { ExpectedVersion = null }, others));
    }

    [Fact]
    public void Everything_else_is_another_command()
    {
        RollBackChampion[] rollBacks =
        [
            RollBack with { CandidateId = "a" }, RollBack with { Reason = "Because" },
            RollBack with { By = Operator with { Actor = "otto" } },
            RollBack with { By = Operator with { Role = "admin" } }, RollBack with { ExpectedVersion = 2 },
            RollBack with { ExpectedVersion = 4 },
            RollBack with { ExpectedVersion = 5 }, RollBack with { ExpectedVersion = -1 },
            RollBack with { ExpectedVersion = long.MaxValue },
        ];
        Assert.All(rollBacks, command => Assert.Null(RepeatedPlaceCommand.Find(command, RolledBack)));
        Assert.All(rollBacks, command => Assert.Null(RepeatedPlaceCommand.Find(Demotion(command), Demoted)));
        Assert.Null(RepeatedPlaceCommand.Find(RollBack, Demoted));
        Assert.Null(RepeatedPlaceCommand.Find(Demote, RolledBack));
        Assert.Null(RepeatedPlaceCommand.Find(Demote with { ExpectedVersion = null }, StayedAway));
        Assert.Null(RepeatedPlaceCommand.Find(RollBack with { ExpectedVersion = null }, []));
        Assert.Null(RepeatedPlaceCommand.Find(Demote with { ExpectedVersion = null }, []));
    }

    [Fact]
    public void What_a_decision_did_is_no_command_however_it_reads()
    {
        ChampionEvent[] decided = [.. RolledBack[..3], Removed("b", "demoted_by_operator: because", "decision")];
        Assert.Null(RepeatedPlaceCommand.Find(Demote, decided));
    }

    private static DemoteChampion Demotion(RollBackChampion command) => new()
    {
        CandidateId = command.CandidateId,
        By = command.By,
        Target = command.Target,
        Reason = command.Reason,
        ExpectedVersion = command.ExpectedVersion,
    };

    private static ChampionInstalled Installed(string candidateId, string? predecessor, string why = ChampionDecider.Decided) => new()
    {
        Actor = "worker",
        Role = "worker",
        At = Now,
        Target = Target,
        CandidateId = candidateId,
        DecisionId = "decision",
        EvaluationId = "evaluation",
        ArtifactSetSha256 = Sha256Hash.OfText(candidateId),
        Predecessor = predecessor,
        Why = why,
    };

    private static ChampionRemoved Removed(string candidateId, string why, string? decisionId = null) => new()
    {
        Actor = Operator.Actor,
        Role = Operator.Role,
        At = Now,
        Target = Target,
        CandidateId = candidateId,
        DecisionId = decisionId,
        Why = why,
    };
}
