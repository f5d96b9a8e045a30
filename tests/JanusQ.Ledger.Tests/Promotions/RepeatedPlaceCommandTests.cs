using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Tests.Promotions;

/// <summary>Commands about a place whose answer was lost, on a database.</summary>
public class RepeatedPlaceCommandTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public async Task a_demotion_that_is_asked_for_again_is_answered_as_before(long? version)
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.PromoteAsync(ledger.Host, Cancellation);
        var demote = new DemoteChampion
        {
            CandidateId = run.CandidateId,
            By = PromotableRun.Operator,
            Target = PromotionTarget.Paper,
            Reason = "maintenance",
            ExpectedVersion = version,
        };
        var done = await ledger.Host.SendAsync(demote, Cancellation);
        Assert.Equal((CommandOutcome.Recorded, 2L, 2), (done.Outcome, done.PlaceVersion, done.Appended));
        var before = await ledger.Host.Queries.StatusAsync(Cancellation);

        var again = await ledger.Host.SendAsync(demote, Cancellation);

        Assert.Equal(done with { Outcome = CommandOutcome.Unchanged, Appended = 0 }, again);
        Assert.Equal(before.Events, (await ledger.Host.Queries.StatusAsync(Cancellation)).Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_roll_back_is_answered_as_before_though_what_kept_the_predecessor_away_has_passed(bool byKillSwitch)
    {
        await using var ledger = await PreparedAsync();
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        await first.PromoteAsync(ledger.Host, Cancellation);
        await second.PromoteAsync(ledger.Host, Cancellation);
        var by = PromotableRun.Operator;
        if (byKillSwitch) await ledger.Host.SendAsync(new EngageKillSwitch { By = by, Reason = "fire" }, Cancellation);
        else await ledger.Host.SendAsync(new PauseCandidate { CandidateId = first.CandidateId, By = by, Reason = "review" }, Cancellation);
        var rollBack = new RollBackChampion
        {
            CandidateId = second.CandidateId,
            By = by,
            Target = PromotionTarget.Paper,
            Reason = "it lost money",
            ExpectedVersion = 3,
        };
        var done = await ledger.Host.SendAsync(rollBack, Cancellation);
        Assert.Equal((null, byKillSwitch ? "kill_switch_engaged" : "candidate_paused_for_review"), (done.Champion, done.NotReinstated));
        if (byKillSwitch) await ledger.Host.SendAsync(new ReleaseKillSwitch { By = by, Reason = "out" }, Cancellation);
        else await ledger.Host.SendAsync(new ResumeCandidate { CandidateId = first.CandidateId, By = by, Reason = "fine" }, Cancellation);

        var again = await ledger.Host.SendAsync(rollBack, Cancellation);

        Assert.Equal(done with { Outcome = CommandOutcome.Unchanged, Appended = 0 }, again);
    }

    [Fact]
    public async Task many_who_send_the_same_roll_back_at_once_record_it_once_and_get_one_answer()
    {
        await using var ledger = await PreparedAsync();
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        await first.PromoteAsync(ledger.Host, Cancellation);
        await second.PromoteAsync(ledger.Host, Cancellation);
        var rollBack = new RollBackChampion
        {
            CandidateId = second.CandidateId,
            By = PromotableRun.Operator,
            Target = PromotionTarget.Paper,
            Reason = "it lost money",
            ExpectedVersion = 3,
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ledger.Host.SendAsync(rollBack, Cancellation))));

        var done = Assert.Single(answers, answer => answer.Outcome == CommandOutcome.Recorded);
        Assert.Equal((first.CandidateId, 5L, 4), (done.Champion, done.PlaceVersion, done.Appended));
        Assert.Equal(
            Enumerable.Repeat(done with { Outcome = CommandOutcome.Unchanged, Appended = 0 }, 7),
            answers.Where(answer => answer.Outcome != CommandOutcome.Recorded));
    }

    private async Task<ALedger> PreparedAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(
            postgres, options => options with { Clock = new StandingClock(PromotableRun.Now) });
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        return ledger;
    }
}
