using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Core.Tests.Gates;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class RollbackReadinessTests
{
    private const int Hours = 72;

    [Theory]
    [InlineData("2026-02-23T12:00:00Z", null)]
    [InlineData("2026-02-23T11:59:59.999999Z", "rollback_dry_run_stale")]
    [InlineData("2026-02-26T12:00:00Z", null)]
    [InlineData("2026-02-26T12:00:00.000001Z", "rollback_dry_run_timestamp_in_future")]
    [InlineData("2026-02-26T12:00:00.0000009Z", null)]
    [InlineData("2026-02-26T14:00:00+02:00", null)]
    [InlineData("yesterday", "rollback_dry_run_timestamp_missing")]
    [InlineData("", "rollback_dry_run_timestamp_missing")]
    [InlineData("20260226", "rollback_dry_run_timestamp_missing")]
    public void a_rehearsal_is_good_for_exactly_the_hours_of_the_policy(string completed, string? reason) =>
        Assert.Equal(reason is null ? [] : [reason], Reasons("dryRunCompletedAt", completed));

    [Fact]
    public void an_instant_that_is_no_text_is_no_timestamp()
    {
        foreach (var value in new JsonValue[] { 1772107200, JsonValue.Null, true, JsonObject.Empty })
            Assert.Equal(["rollback_dry_run_timestamp_missing"], Reasons("dryRunCompletedAt", value));
    }

    [Fact]
    public void hours_beyond_any_calendar_and_below_zero_are_hours_too()
    {
        Assert.Empty(Evaluate(Readiness("dryRunCompletedAt", "0001-01-01"), """{"rollback_dry_run_max_age_hours":2147483647}""").Reasons);
        Assert.Equal(
            ["rollback_dry_run_stale"],
            Evaluate(Readiness("dryRunCompletedAt", "2026-02-26T12:00:00Z"), """{"rollback_dry_run_max_age_hours":-1}""").Reasons);
        Assert.Equal(
            ["rollback_dry_run_stale"],
            Evaluate(Readiness("dryRunCompletedAt", "2026-02-26T12:00:00Z"), """{"rollback_dry_run_max_age_hours":-2147483648}""").Reasons);
        Assert.Empty(Evaluate(Readiness("dryRunCompletedAt", "2026-02-26T12:00:00Z"), """{"rollback_dry_run_max_age_hours":0}""").Reasons);
        Assert.Equal(Hours, PassingRun.Live.EffectivePolicy.RollbackMaxAgeHours);
    }

    [Fact]
    public void only_true_is_a_passed_check_and_an_approval()
    {
        foreach (var value in new JsonValue[] { "true", 1, false, JsonValue.Null })
        {
            var result = Evaluate(Readiness("gitopsRevertDryRunPassed", value), "{}");
            Assert.Equal(["rollback_checks_missing_or_failed"], result.Reasons);
            Assert.Equal(["gitopsRevertDryRunPassed"], result.MissingChecks);
            Assert.False(result.Ready);
            Assert.Equal(["rollback_human_approval_missing"], Reasons("humanApproved", value));
            Assert.Empty(Evaluate(Readiness("humanApproved", value), """{"rollback_require_human_approval":false}""").Reasons);
        }
    }

    [Fact]
    public void required_checks_keep_their_order_and_repetitions()
    {
        var result = Evaluate(Readiness("b", true), """{"rollback_required_checks":["z","b","a","z"]}""");
        Assert.Equal(["z", "b", "a", "z"], result.RequiredChecks);
        Assert.Equal(["z", "a", "z"], result.MissingChecks);
    }

    [Fact]
    public void a_target_must_be_named()
    {
        foreach (var value in new JsonValue[] { " ", "", 5, JsonValue.Null })
            Assert.Equal(["rollback_target_missing"], Reasons("rollbackTarget", value));
    }

    [Fact]
    public void without_any_readiness_everything_is_missing_and_the_reasons_are_sorted() =>
        Assert.Equal(
            CanonicalJson.Text(PassingInputs.Read(
                """
                {"ready":false,
                 "reasons":["rollback_checks_missing_or_failed","rollback_dry_run_timestamp_missing","rollback_human_approval_missing",
                  "rollback_target_missing"],
                 "required_checks":["killSwitchDryRunPassed","gitopsRevertDryRunPassed","strategyDisableDryRunPassed"],
                 "missing_checks":["killSwitchDryRunPassed","gitopsRevertDryRunPassed","strategyDisableDryRunPassed"]}
                """)),
            CanonicalJson.Text(Evaluate(JsonObject.Of(("rollbackReadiness", "none")), "{}").ToJson()));

    private static IReadOnlyList<string> Reasons(string member, JsonValue value) => Evaluate(Readiness(member, value), "{}").Reasons;

    private static JsonObject Readiness(string member, JsonValue value) =>
        PassingInputs.Set(PassingRun.Live.State, "rollbackReadiness." + member, value);

    private static RollbackReadiness Evaluate(JsonObject state, string policy) =>
        RollbackReadiness.Evaluate(PassingInputs.Policy(PassingInputs.Read(policy)), state, Instant.Parse("2026-02-26T12:00:00Z"));
}
