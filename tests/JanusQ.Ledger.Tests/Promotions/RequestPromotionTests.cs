using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Tests.Promotions;

public sealed class RequestPromotionTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_run_that_every_check_lets_through_is_promoted_in_one_transaction()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);

        var answer = await run.PromoteAsync(ledger.Host, Cancellation);

        Assert.Equal([], answer.Decision!.Reasons);
        Assert.Equal((CommandOutcome.Recorded, PromotionAction.Promote, 6), (answer.Outcome, answer.Decision.Action, answer.Appended));
        var candidate = await ledger.Host.Queries.CandidateAsync(run.CandidateId, Cancellation);
        Assert.Equal(
            (CandidateStage.Paper, CandidateRole.Champion, answer.CandidateVersion),
            (candidate!.Stage, candidate.Role, candidate.StreamVersion));
        Assert.Equal(answer.Decision.DecisionId, Assert.Single(candidate.Approvals).UsedBy);
        var place = await ledger.Host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation);
        Assert.Equal((run.CandidateId, answer.Decision.DecisionId), (place.Champion!.CandidateId, place.Champion.DecisionId));
        foreach (var hash in new[] { answer.Decision.PolicySha256, answer.Decision.GateInputsSha256, answer.Decision.GateReportSha256 })
            Assert.NotNull(await ledger.Host.Content.ReadAsync(hash!.Value, Cancellation));
    }

    [Fact]
    public async Task asking_again_returns_the_recorded_decision_and_appends_nothing()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        var first = await run.PromoteAsync(ledger.Host, Cancellation);

        var again = await run.RequestAsync(ledger.Host, Cancellation);

        Assert.Equal(
            (CommandOutcome.Unchanged, first.Decision!.DecisionId, 0), (again.Outcome, again.Decision!.DecisionId, again.Appended));
        Assert.Equal(first.CandidateVersion, again.CandidateVersion);
    }

    [Fact]
    public async Task a_second_promotion_demotes_the_first_champion_in_its_own_stream()
    {
        await using var ledger = await PreparedAsync();
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        await first.PromoteAsync(ledger.Host, Cancellation);

        var answer = await second.PromoteAsync(ledger.Host, Cancellation);

        Assert.Equal((PromotionAction.Promote, first.CandidateId, 8), (answer.Decision!.Action, answer.Demoted, answer.Appended));
        Assert.Equal(first.CandidateId, answer.Decision.RollbackCandidateId);
        var former = await ledger.Host.Queries.CandidateAsync(first.CandidateId, Cancellation);
        Assert.Equal((CandidateRole.Demoted, CandidateStage.Demoted), (former!.Role, former.Stage));
        var history = await ledger.Host.Queries.HistoryAsync(first.CandidateId, Cancellation);
        var demoted = Assert.IsType<CandidateDemoted>(history[^1].Happened);
        Assert.Equal((second.CandidateId, answer.Decision.DecisionId), (demoted.Successor, demoted.DecisionId));
        Assert.Equal(
            [first.CandidateId],
            (await ledger.Host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation)).Past.Select(past => past.CandidateId));
    }

    [Fact]
    public async Task without_any_fact_a_good_run_is_denied_with_all_reasons_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, AtNow);
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);

        var answer = await run.RequestAsync(ledger.Host, Cancellation);

        Assert.Equal((PromotionAction.Deny, null), (answer.Decision!.Action, answer.Decision.ApprovedMode));
        Assert.Superset(
            new HashSet<string>
            {
                "policy_not_published", "operational_ready_missing", "rollback_checks_missing_or_failed", "human_approval_missing",
                "claimed_verdict_disagrees",
            },
            answer.Decision.Reasons.ToHashSet());
        Assert.Null((await ledger.Host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation)).Champion);
        Assert.Equal(CandidateStage.Denied, (await ledger.Host.Queries.CandidateAsync(run.CandidateId, Cancellation))!.Stage);
    }

    [Fact]
    public async Task a_kill_switch_a_pause_and_a_failed_drill_each_deny_by_name()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);
        await run.ApproveAsync(ledger.Host, Cancellation);
        await ledger.Host.SendAsync(new EngageKillSwitch { By = PromotableRun.Operator, Reason = "fire" }, Cancellation);
        Assert.Equal(["kill_switch_engaged"], (await run.RequestAsync(ledger.Host, Cancellation)).Decision!.Reasons.Except(Claim));

        await ledger.Host.SendAsync(new ReleaseKillSwitch { By = PromotableRun.Operator, Reason = "out" }, Cancellation);
        await ledger.Host.SendAsync(
            new PauseCandidate { CandidateId = run.CandidateId, By = PromotableRun.Operator, Reason = "review" }, Cancellation);
        Assert.Equal(["candidate_paused_for_review"], (await run.RequestAsync(ledger.Host, Cancellation)).Decision!.Reasons.Except(Claim));

        await ledger.Host.SendAsync(
            new ResumeCandidate { CandidateId = run.CandidateId, By = PromotableRun.Operator, Reason = "reviewed" }, Cancellation);
        await PromotableRun.RehearseAsync(ledger.Host, "gitopsRevertDryRunPassed", false, Cancellation, minutes: 5);
        Assert.Superset(
            new HashSet<string> { "rollback_dry_run_failed", "rollback_checks_missing_or_failed" },
            (await run.RequestAsync(ledger.Host, Cancellation)).Decision!.Reasons.ToHashSet());

        await PromotableRun.RehearseAsync(ledger.Host, "gitopsRevertDryRunPassed", true, Cancellation, minutes: 10);
        Assert.Equal(PromotionAction.Promote, (await run.RequestAsync(ledger.Host, Cancellation)).Decision!.Action);
    }

    [Fact]
    public async Task a_worker_that_claimed_more_than_is_derived_is_denied_for_it_too()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);

        var answer = await run.RequestAsync(ledger.Host, Cancellation);

        Assert.Equal(
            ("promote", true, false), (answer.Decision!.Claimed!.Action, answer.Decision.Claimed.Allowed, answer.Decision.ClaimAgrees));
        Assert.Contains("claimed_verdict_disagrees", answer.Decision.Reasons);
        Assert.Contains("human_approval_missing", answer.Decision.Reasons);
    }

    [Fact]
    public async Task evidence_that_was_rolled_back_is_not_promoted_again_until_it_is_cleared()
    {
        await using var ledger = await PreparedAsync();
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        await first.PromoteAsync(ledger.Host, Cancellation);
        await second.PromoteAsync(ledger.Host, Cancellation);

        var back = await ledger.Host.SendAsync(RollBack(second), Cancellation);
        Assert.Equal((first.CandidateId, 4), (back.Champion, back.Appended));
        await second.ApproveAsync(ledger.Host, Cancellation);
        var refused = await second.RequestAsync(ledger.Host, Cancellation);
        Assert.Equal(["rolled_back_evidence"], refused.Decision!.Reasons.Except(Claim));

        var barred = (await ledger.Host.Queries.CandidateAsync(second.CandidateId, Cancellation))!.RolledBackEvidence;
        await ledger.Host.SendAsync(
            new ClearRolledBackEvidence
            {
                CandidateId = second.CandidateId,
                By = PromotableRun.Operator,
                ArtifactSetSha256 = Assert.Single(barred),
                Reason = "the cause was elsewhere",
            },
            Cancellation);
        Assert.Equal(PromotionAction.Promote, (await second.RequestAsync(ledger.Host, Cancellation)).Decision!.Action);
    }

    [Fact]
    public async Task a_roll_back_of_who_is_no_longer_champion_is_refused()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.PromoteAsync(ledger.Host, Cancellation);
        await ledger.Host.SendAsync(RollBack(run), Cancellation);

        var again = await ledger.Host.SendAsync(RollBack(run) with { Reason = "it lost more" }, Cancellation);

        Assert.Equal((CommandOutcome.Refused, "not_champion"), (again.Outcome, again.Refusal!.Code));
    }

    [Fact]
    public async Task nobody_but_workers_and_operators_requests_and_only_operators_demote()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);

        Assert.Equal("not_authorised", (await run.RequestAsync(ledger.Host, Cancellation, PromotableRun.Approver)).Refusal!.Code);
        var demoted = await ledger.Host.SendAsync(
            new DemoteChampion { CandidateId = run.CandidateId, By = PromotableRun.Worker, Target = PromotionTarget.Paper, Reason = "no" },
            Cancellation);
        Assert.Equal("not_authorised", demoted.Refusal!.Code);
    }

    [Fact]
    public async Task every_decision_replays_to_match_long_after_the_facts_have_changed()
    {
        var clock = new StandingClock(PromotableRun.Now);
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { Clock = clock });
        var (first, second, loser) = (PromotableRun.Number(0), PromotableRun.Number(1), PromotableRun.Loser());
        await first.SubmitAsync(ledger.Host, Cancellation);
        await first.RequestAsync(ledger.Host, Cancellation);
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        await first.ApproveAsync(ledger.Host, Cancellation);
        await first.RequestAsync(ledger.Host, Cancellation);
        await second.PromoteAsync(ledger.Host, Cancellation);
        await loser.PromoteAsync(ledger.Host, Cancellation);
        await ledger.Host.SendAsync(RollBack(second), Cancellation);
        await second.RequestAsync(ledger.Host, Cancellation);
        clock.Advance(TimeSpan.FromDays(1000));
        await ledger.Host.SendAsync(new EngageKillSwitch { By = PromotableRun.Operator, Reason = "later" }, Cancellation);

        var replayed = 0;
        foreach (var run in new[] { first, second, loser })
        {
            foreach (var decision in await ledger.Host.Decisions.OfCandidateAsync(run.CandidateId, Cancellation))
            {
                var replay = await ledger.Host.Decisions.ReplayAsync(decision, Cancellation);
                Assert.Equal([], replay.Differences);
                Assert.Equal(ReplayOutcome.Match, replay.Outcome);
                Assert.NotNull(await ledger.Host.Decisions.FindAsync(decision.Decided.DecisionId, Cancellation));
                replayed++;
            }
        }

        Assert.Equal(5, replayed);
    }

    private static readonly string[] Claim = ["claimed_verdict_disagrees"];

    private static RollBackChampion RollBack(PromotableRun run) =>
        new() { CandidateId = run.CandidateId, By = PromotableRun.Operator, Target = PromotionTarget.Paper, Reason = "it lost money" };

    private static LedgerOptions AtNow(LedgerOptions options) => options with { Clock = new StandingClock(PromotableRun.Now) };

    private async Task<ALedger> PreparedAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, AtNow);
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        return ledger;
    }
}
