using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Marten;

namespace JanusQ.Ledger.Tests.Store;

public sealed class LedgerLocksTests(PostgreSqlFixture postgres)
{
    private static readonly Submitter Operator = new("olga", Roles.Operator);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_kill_switch_waits_for_a_decision_that_has_begun_and_the_next_decision_sees_it()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        Task<SafetyRecording> engaging;
        await using (var deciding = ledger.Host.Store.LightweightSession())
        {
            await LedgerLocks.ShareFactsAsync(deciding, Cancellation);
            Assert.Null((await SafetyOf(deciding)).KillSwitch);
            engaging = ledger.Host.SendAsync(new EngageKillSwitch { By = Operator, Reason = "incident" }, Cancellation);
            await UntilSomebodyWaitsAsync(ledger, 1);
            Assert.False(engaging.IsCompleted);
            Assert.Null((await SafetyOf(deciding)).KillSwitch);
        }

        Assert.Equal(CommandOutcome.Recorded, (await engaging).Outcome);
        await using var next = ledger.Host.Store.LightweightSession();
        await LedgerLocks.ShareFactsAsync(next, Cancellation);
        Assert.NotNull((await SafetyOf(next)).KillSwitch);
    }

    [Fact]
    public async Task decisions_share_the_facts_and_a_policy_waits_for_all_of_them()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var first = ledger.Host.Store.LightweightSession();
        await using var second = ledger.Host.Store.LightweightSession();
        await LedgerLocks.ShareFactsAsync(first, Cancellation);
        await LedgerLocks.ShareFactsAsync(second, Cancellation);
        var publish = new PublishPolicy { Name = "main", By = Operator, Document = "{}"u8.ToArray(), Note = "n" };
        var publishing = ledger.Host.SendAsync(publish, Cancellation);
        await UntilSomebodyWaitsAsync(ledger, 1);
        await first.DisposeAsync();
        Assert.False(publishing.IsCompleted);
        await second.DisposeAsync();
        Assert.Equal(CommandOutcome.Recorded, (await publishing).Outcome);
    }

    [Fact]
    public async Task a_place_is_claimed_by_one_at_a_time_and_a_target_at_a_time()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var paper = ledger.Host.Store.LightweightSession();
        await using var live = ledger.Host.Store.LightweightSession();
        await using var another = ledger.Host.Store.LightweightSession();
        foreach (var (session, target) in new[] { (paper, PromotionTarget.Paper), (live, PromotionTarget.Live) })
        {
            await LedgerLocks.ShareFactsAsync(session, Cancellation);
            await LedgerLocks.ClaimPlaceAsync(session, target, Cancellation);
        }

        var waiting = LedgerLocks.ClaimPlaceAsync(another, PromotionTarget.Paper, Cancellation);
        await UntilSomebodyWaitsAsync(ledger, 1);
        Assert.False(waiting.IsCompleted);
        await paper.DisposeAsync();
        await waiting;
    }

    [Fact]
    public async Task a_lock_ends_with_the_commit_of_what_it_guards()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(new EngageKillSwitch { By = Operator, Reason = "incident" }, Cancellation);
        await ledger.Host.SendAsync(new EngageKillSwitch { By = Operator, Reason = "unchanged" }, Cancellation);
        await ledger.Host.SendAsync(new EngageKillSwitch { By = ALedger.Worker, Reason = "refused" }, Cancellation);
        Assert.Equal(0L, await ledger.ScalarAsync<long>(Locks));
    }

    private const string Locks = "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2 "
        + "and database = (select oid from pg_database where datname = current_database())";

    private static async Task<SafetyControls> SafetyOf(IQuerySession session) =>
        await session.LoadAsync<SafetyControls>(SafetyControls.Stream, Cancellation) ?? SafetyControls.Unrehearsed;

    private static async Task UntilSomebodyWaitsAsync(ALedger ledger, long count)
    {
        for (var i = 0; i < 500; i++)
        {
            if (await ledger.ScalarAsync<long>(Locks + " and not granted") == count) return;
            await Task.Delay(20, Cancellation);
        }

        Assert.Fail("Nobody waits.");
    }
}
