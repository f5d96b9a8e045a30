using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Safety;

public sealed class SafetyCommandsTests(PostgreSqlFixture postgres)
{
    private static readonly Submitter Operator = new("olga", Roles.Operator, "correlation-9");

    private static readonly RecordDrill Drill = new()
    {
        By = Operator,
        Check = "killSwitchDryRunPassed",
        Passed = true,
        PerformedAt = Instant.Parse("2026-01-05T10:00:00Z"),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_rehearsal_is_recorded_with_its_evidence_once_however_often_it_is_sent_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var evidence = new DocumentContent("switch flipped, orders stopped"u8.ToArray());
        var recordings = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(new SubmitDrill(Drill, evidence), Cancellation)));
        Assert.Equal(1, recordings.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(7, recordings.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
        Assert.All(recordings, recording => Assert.Equal(1L, recording.StreamVersion));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        var drill = Assert.Single((await ledger.Host.Facts.SafetyAsync(Cancellation)).Drills);
        Assert.Equal((evidence.Sha256, "olga"), (drill.EvidenceSha256, drill.By));
        Assert.Equal(evidence.Bytes.ToArray(), await ledger.Host.Content.ReadAsync(evidence.Sha256, Cancellation));
        Assert.Equal("olga operator correlation-9", await ledger.ScalarAsync<string>(
            "select user_name || ' ' || (headers ->> 'role') || ' ' || correlation_id from janusq.mt_events"));
    }

    [Fact]
    public async Task evidence_that_is_named_only_by_its_hash_has_to_be_stored()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var evidence = new DocumentContent("log"u8.ToArray());
        var named = Drill with { EvidenceSha256 = evidence.Sha256 };
        var absent = await ledger.Host.SendAsync(new SubmitDrill(named), Cancellation);
        Assert.Equal((CommandOutcome.Refused, "content_not_stored", 0), (absent.Outcome, absent.Refusal?.Code, absent.Appended));
        Assert.Empty((await ledger.Host.Facts.SafetyAsync(Cancellation)).Drills);
        await ledger.Host.Content.PutAsync(evidence, Cancellation);
        Assert.Equal(CommandOutcome.Recorded, (await ledger.Host.SendAsync(new SubmitDrill(named), Cancellation)).Outcome);
        var other = named with { EvidenceSha256 = Sha256Hash.OfText("another") };
        var mismatch = await Assert.ThrowsAsync<RefusedException>(
            () => ledger.Host.SendAsync(new SubmitDrill(other, evidence), Cancellation));
        Assert.Equal("content_hash_mismatch", mismatch.Refusal.Code);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
    }

    [Fact]
    public async Task the_kill_switch_is_engaged_once_by_many_and_released_once_by_many()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var engage = new EngageKillSwitch { By = Operator, Reason = "incident" };
        var engaged = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(engage, Cancellation)));
        Assert.Equal(1, engaged.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.All(engaged, recording => Assert.True(recording.KillSwitchEngaged));
        Assert.Equal("incident", (await ledger.Host.Facts.SafetyAsync(Cancellation)).KillSwitch?.Reason);
        var release = new ReleaseKillSwitch { By = Operator with { Role = Roles.Admin }, Reason = "over" };
        var released = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(release, Cancellation)));
        Assert.Equal(1, released.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Null((await ledger.Host.Facts.SafetyAsync(Cancellation)).KillSwitch);
        Assert.Equal(2L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        Assert.Equal(2L, await ledger.ScalarAsync<long>("select last_value from janusq.mt_events_sequence"));
    }

    [Fact]
    public async Task who_may_not_changes_nothing_and_stores_nothing()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var evidence = new DocumentContent("log"u8.ToArray());
        foreach (var role in new[] { Roles.Worker, Roles.Approver, Roles.Auditor, Roles.Compliance, "root" })
        {
            var by = new Submitter("eve", role);
            Assert.Equal(
                "not_authorised",
                (await ledger.Host.SendAsync(new SubmitDrill(Drill with { By = by }, evidence), Cancellation)).Refusal?.Code);
            Assert.Equal(
                "not_authorised",
                (await ledger.Host.SendAsync(new EngageKillSwitch { By = by, Reason = "r" }, Cancellation)).Refusal?.Code);
            Assert.Equal(
                "not_authorised",
                (await ledger.Host.SendAsync(new ReleaseKillSwitch { By = by, Reason = "r" }, Cancellation)).Refusal?.Code);
        }

        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_streams"));
        Assert.Null(await ledger.Host.Content.ReadAsync(evidence.Sha256, Cancellation));
    }
}
