using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Marten;

namespace JanusQ.Ledger.Tests.Concurrency;

/// <summary>
/// Two commands that concern each other, one of which is held in the middle of its work while the other is issued: by a session that has
/// claimed the place, which is the last that a decision waits for before it reads.
/// </summary>
public sealed class RaceTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_promotion_that_races_a_roll_back_follows_it_or_precedes_it()
    {
        await using var ledger = await PreparedAsync();
        var (first, second, third) = (PromotableRun.Number(0), PromotableRun.Number(1), PromotableRun.Number(2));
        await first.PromoteAsync(ledger.Host, Cancellation);
        await second.PromoteAsync(ledger.Host, Cancellation);
        await third.SubmitAsync(ledger.Host, Cancellation);
        await third.ApproveAsync(ledger.Host, Cancellation);
        await using var other = ledger.Another(AtNow);
        Task<PromotionAnswer> promoting;
        Task<PlaceAnswer> rollingBack;
        await using (await ClaimAsync(ledger))
        {
            promoting = third.RequestAsync(ledger.Host, Cancellation);
            rollingBack = other.SendAsync(
                new RollBackChampion
                {
                    CandidateId = second.CandidateId,
                    By = PromotableRun.Operator,
                    Target = PromotionTarget.Paper,
                    Reason = "it lost money",
                },
                Cancellation);
            await UntilWaitingAsync(ledger, 2);
        }

        var (promoted, rolledBack) = (await promoting, await rollingBack);
        Assert.Equal((PromotionAction.Promote, third.CandidateId), (promoted.Decision!.Action, await ChampionAsync(ledger)));

        // Which of the two came first is open; that the second saw what the first did is not.
        var (outcome, former) = rolledBack.Outcome == CommandOutcome.Recorded
            ? ("first champion again, then demoted", first.CandidateId)
            : (rolledBack.Refusal!.Code, second.CandidateId);
        Assert.Contains(outcome, new[] { "first champion again, then demoted", "not_champion" });
        Assert.Equal((former, former), (promoted.Demoted, promoted.Decision.RollbackCandidateId));
        await CheckAsync(ledger);
    }

    [Fact]
    public async Task an_approval_that_is_revoked_while_a_decision_waits_is_not_used()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);
        var approval = (await run.ApproveAsync(ledger.Host, Cancellation)).ApprovalId!;
        Task<PromotionAnswer> promoting;
        await using (await ClaimAsync(ledger))
        {
            promoting = run.RequestAsync(ledger.Host, Cancellation);
            await UntilWaitingAsync(ledger, 1);
            Assert.Equal(CommandOutcome.Recorded, (await RevokeAsync(ledger.Host, run, approval)).Outcome);
        }

        var denied = (await promoting).Decision!;
        Assert.Equal((PromotionAction.Deny, null), (denied.Action, denied.ApprovalId));
        Assert.Contains("approval_revoked", denied.Reasons);
        await CheckAsync(ledger);
    }

    [Fact]
    public async Task of_a_promotion_and_a_revocation_at_the_same_time_one_comes_first()
    {
        await using var ledger = await PreparedAsync();
        await using var other = ledger.Another(AtNow);
        for (var number = 0; number < PromotableRun.Count; number++)
        {
            var run = PromotableRun.Number(number);
            await run.SubmitAsync(ledger.Host, Cancellation);
            var approval = (await run.ApproveAsync(ledger.Host, Cancellation)).ApprovalId!;
            var promoting = Task.Run(() => run.RequestAsync(ledger.Host, Cancellation), Cancellation);
            var revoking = Task.Run(() => RevokeAsync(other, run, approval), Cancellation);
            var (decision, revoked) = ((await promoting).Decision!, await revoking);
            var recorded = Assert.Single((await ledger.Host.Queries.CandidateAsync(run.CandidateId, Cancellation))!.Approvals);
            if (decision.Action == PromotionAction.Promote)
                Assert.Equal(("approval_used", decision.DecisionId, null), (revoked.Refusal?.Code, recorded.UsedBy, recorded.RevokedAt));
            else
                Assert.Equal((CommandOutcome.Recorded, null), (revoked.Outcome, recorded.UsedBy));
        }

        await CheckAsync(ledger);
    }

    [Fact]
    public async Task a_kill_switch_that_is_engaged_in_mid_decision_comes_after_it_and_before_the_next()
    {
        await using var ledger = await PreparedAsync();
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        foreach (var run in new[] { first, second })
        {
            await run.SubmitAsync(ledger.Host, Cancellation);
            await run.ApproveAsync(ledger.Host, Cancellation);
        }

        Task<PromotionAnswer> promoting;
        Task<SafetyRecording> engaging;
        await using (await ClaimAsync(ledger))
        {
            promoting = first.RequestAsync(ledger.Host, Cancellation);
            await UntilWaitingAsync(ledger, 1);
            engaging = ledger.Host.SendAsync(new EngageKillSwitch { By = PromotableRun.Operator, Reason = "fire" }, Cancellation);
            await UntilWaitingAsync(ledger, 2);
        }

        var before = await promoting;
        Assert.Equal(CommandOutcome.Recorded, (await engaging).Outcome);
        var after = await second.RequestAsync(ledger.Host, Cancellation);
        Assert.Equal((PromotionAction.Promote, null), (before.Decision!.Action, before.Decision.Facts.KillSwitch));
        Assert.Equal(PromotionAction.Deny, after.Decision!.Action);
        Assert.Contains("kill_switch_engaged", after.Decision.Reasons);
        Assert.Equal(
            ["promotion_decided", "kill_switch_engaged", "promotion_decided"],
            await ledger.ListAsync(
                "select type from janusq.mt_events where type in ('promotion_decided', 'kill_switch_engaged') order by seq_id"));
        await CheckAsync(ledger);
    }

    [Fact]
    public async Task two_lanes_for_one_candidate_at_the_same_time_make_one_run_and_one_decision()
    {
        await using var ledger = await PreparedAsync();
        var run = PromotableRun.Number(0);
        var hosts = new[] { ledger.Host, ledger.Another(AtNow), ledger.Another(AtNow) };
        var answers = await Task.WhenAll(hosts.Select(host => Task.Run(
            async () =>
            {
                await run.SubmitAsync(host, Cancellation);
                return await run.RequestAsync(host, Cancellation);
            },
            Cancellation)));

        Assert.Single(answers.Select(answer => answer.Decision!.DecisionId).Distinct());
        Assert.Equal(
            CommandOutcome.Recorded,
            Assert.Single(answers.Select(answer => answer.Outcome), outcome => outcome != CommandOutcome.Unchanged));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events where type = 'lane_run_completed'"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events where type = 'promotion_decided'"));
        await CheckAsync(ledger);
        foreach (var host in hosts[1..]) await host.DisposeAsync();
    }

    [Fact]
    public async Task two_candidates_for_one_place_at_the_same_time_are_champion_one_after_the_other()
    {
        await using var ledger = await PreparedAsync();
        var runs = Enumerable.Range(0, 4).Select(number => PromotableRun.Number(number)).ToArray();
        foreach (var run in runs)
        {
            await run.SubmitAsync(ledger.Host, Cancellation);
            await run.ApproveAsync(ledger.Host, Cancellation);
        }

        // In a program of its own each: within one program they would wait for each other before they come to the database.
        var hosts = runs.Select(_ => ledger.Another(AtNow)).ToArray();
        Task<PromotionAnswer>[] promoting;
        await using (await ClaimAsync(ledger))
        {
            promoting = [.. runs.Zip(hosts, (run, host) => run.RequestAsync(host, Cancellation))];
            await UntilWaitingAsync(ledger, runs.Length);
        }

        var answers = await Task.WhenAll(promoting);
        Assert.All(answers, answer => Assert.Equal(PromotionAction.Promote, answer.Decision!.Action));
        Assert.Equal(runs.Length - 1, answers.Select(answer => answer.Demoted).OfType<string>().Distinct().Count());
        Assert.Equal(
            runs.Select(run => run.CandidateId).Except(answers.Select(answer => answer.Demoted)), [await ChampionAsync(ledger)]);
        await CheckAsync(ledger);
        foreach (var host in hosts) await host.DisposeAsync();
    }

    private static Task<Recording> RevokeAsync(LedgerHost host, PromotableRun run, string approval) => host.SendAsync(
        new RevokeApproval
        {
            CandidateId = run.CandidateId,
            By = PromotableRun.Approver,
            ApprovalId = approval,
            Reason = "second thoughts",
        },
        Cancellation);

    private static async Task<string?> ChampionAsync(ALedger ledger) =>
        (await ledger.Host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation)).Champion?.CandidateId;

    private static async Task CheckAsync(ALedger ledger) => await new LedgerInvariants(ledger.Host, ledger.ConnectionString).CheckAsync();

    private static async Task<IDocumentSession> ClaimAsync(ALedger ledger)
    {
        var session = ledger.Host.Store.LightweightSession();
        await LedgerLocks.ClaimPlaceAsync(session, PromotionTarget.Paper, Cancellation);
        return session;
    }

    private static async Task UntilWaitingAsync(ALedger ledger, long count)
    {
        const string Waiting = "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2 and not granted "
            + "and database = (select oid from pg_database where datname = current_database())";
        for (var i = 0; i < 1500; i++)
        {
            if (await ledger.ScalarAsync<long>(Waiting) == count) return;
            await Task.Delay(20, Cancellation);
        }

        Assert.Fail($"Not {count} commands wait.");
    }

    private static LedgerOptions AtNow(LedgerOptions options) => options with { Clock = new StandingClock(PromotableRun.Now) };

    private async Task<ALedger> PreparedAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, AtNow);
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        return ledger;
    }
}
