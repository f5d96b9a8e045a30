using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class SafetyDeciderTests
{
    private static readonly Submitter Operator = new("olga", Roles.Operator);

    private static RecordDrill Drill => new()
    {
        By = Operator,
        Check = "killSwitchDryRunPassed",
        Passed = true,
        PerformedAt = Instant.Parse("2026-01-05T10:00:00Z"),
        RollbackTarget = "release-41",
        EvidenceSha256 = Sha256Hash.OfText("evidence"),
    };

    private static EngageKillSwitch Engage => new() { By = Operator, Reason = "incident 7" };

    private static ReleaseKillSwitch Release => new() { By = Operator, Reason = "over" };

    [Fact]
    public void a_rehearsal_is_recorded_with_all_it_says()
    {
        var recorded = Assert.IsType<DrillRecorded>(Assert.Single(Decide(null, Drill).Events));
        Assert.Equal(("olga", Roles.Operator, Given.Now), (recorded.Actor, recorded.Role, recorded.At));
        var drill = Assert.Single(After(null, Drill).Drills);
        Assert.Equal(
            new Drill("killSwitchDryRunPassed", true, Drill.PerformedAt, "olga", "release-41", Drill.EvidenceSha256), drill);
    }

    [Fact]
    public void the_same_rehearsal_again_changes_nothing_even_after_a_later_one_and_by_whomever()
    {
        var later = Drill with { PerformedAt = Instant.Parse("2026-01-05T11:00:00Z"), Passed = false };
        var state = After(After(null, Drill), later);
        Unchanged(state, Drill);
        Unchanged(state, later with { By = new Submitter("oleg", Roles.Admin) });
        Assert.False(Assert.Single(state.Drills).Passed);
        foreach (var another in new[]
        {
            Drill with { Check = "gitopsRevertDryRunPassed" },
            Drill with { Passed = false },
            Drill with { RollbackTarget = null },
            Drill with { EvidenceSha256 = null },
            Drill with { PerformedAt = Instant.Parse("2026-01-05T10:00:01Z") },
        })
            Assert.Equal(CommandOutcome.Recorded, Decide(state, another).Outcome);
    }

    [Fact]
    public void an_older_rehearsal_recorded_late_does_not_replace_the_latest()
    {
        var older = Drill with { PerformedAt = Instant.Parse("2026-01-01"), Passed = false };
        var state = After(After(null, Drill), older);
        Assert.True(Assert.Single(state.Drills).Passed);
        Assert.Equal(2, state.StreamVersion);
        Unchanged(state, older);
    }

    [Fact]
    public void the_kill_switch_is_engaged_once_and_released_once()
    {
        Assert.Equal(CommandOutcome.Unchanged, Decide(null, Release).Outcome);
        var engaged = After(null, Engage);
        Assert.Equal(new EngagedKillSwitch("olga", Given.Now, "incident 7"), engaged.KillSwitch);
        Unchanged(engaged, Engage with { Reason = "incident 8" });
        var released = After(engaged, Release);
        Assert.Null(released.KillSwitch);
        Unchanged(released, Release);
        Assert.NotNull(After(released, Engage).KillSwitch);
    }

    [Fact]
    public void every_member_is_checked_and_named()
    {
        Invalid("check", Drill with { Check = "" });
        Invalid("check", Drill with { Check = "kill switch" });
        Invalid("check", Drill with { Check = new string('x', 101) });
        Invalid("performed_at", Drill with { PerformedAt = Instant.Parse("2026-01-05T15:00:00.000001Z") });
        Invalid("rollback_target", Drill with { RollbackTarget = " " });
        Invalid("reason", Engage with { Reason = "" });
        Invalid("reason", Release with { Reason = "\ud800" });
        Invalid("actor", Engage with { By = new Submitter("", Roles.Operator) });
        Assert.Equal(CommandOutcome.Recorded, Decide(null, Drill with { PerformedAt = Given.Now }).Outcome);
    }

    private static StreamDecision<SafetyEvent> Decide(SafetyControls? state, SafetyCommand command) =>
        SafetyDecider.Decide(state, command, Given.Now);

    private static SafetyControls After(SafetyControls? state, SafetyCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal(CommandOutcome.Recorded, decision.Outcome);
        return decision.Events.Aggregate(state ?? SafetyControls.Unrehearsed, (controls, happened) => controls.After(happened));
    }

    private static void Unchanged(SafetyControls state, SafetyCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal((CommandOutcome.Unchanged, 0), (decision.Outcome, decision.Events.Length));
    }

    private static void Invalid(string field, SafetyCommand command)
    {
        var refusal = Decide(null, command).Refusal;
        Assert.Equal(("command_invalid", field), (refusal?.Code, (refusal?.ToJson()["field"] as JsonText)?.Value));
    }
}
