using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class PolicyDiffTests
{
    [Fact]
    public void a_default_that_is_spelled_out_is_no_change() =>
        Assert.Empty(Diff(
            "{}", """{"gate1_max_negative_fold_ratio":"0.500","gate5_live_enabled":false,"promotion_min_stress_case_count":4}""").Changes);

    [Theory]
    [InlineData("gate2_max_drawdown", "\"250\"", "\"249.9\"", PolicyEffect.Stricter)]
    [InlineData("gate2_max_drawdown", "\"250\"", "251", PolicyEffect.Looser)]
    [InlineData("gate1_min_net_pnl", "0", "\"0.1\"", PolicyEffect.Stricter)]
    [InlineData("gate1_min_net_pnl", "0", "\"-0.1\"", PolicyEffect.Looser)]
    [InlineData("gate0_max_staleness_ms", "9", "10", PolicyEffect.Looser)]
    [InlineData("gate6_require_janus_evidence", "true", "false", PolicyEffect.Looser)]
    [InlineData("gate6_require_janus_evidence", "false", "true", PolicyEffect.Stricter)]
    [InlineData("gate5_live_enabled", "false", "true", PolicyEffect.Looser)]
    [InlineData("gate5_live_enabled", "true", "false", PolicyEffect.Stricter)]
    [InlineData("rollback_required_checks", """["a"]""", """["a","b"]""", PolicyEffect.Stricter)]
    [InlineData("rollback_required_checks", """["a","b"]""", """["b"]""", PolicyEffect.Looser)]
    [InlineData("rollback_required_checks", """["a","b"]""", """["b","c"]""", PolicyEffect.Other)]
    [InlineData("rollback_required_checks", """["a","b"]""", """["b","a"]""", PolicyEffect.Other)]
    [InlineData("gate7_target_coverage", "\"0.9\"", "\"0.8\"", PolicyEffect.Other)]
    [InlineData("owner", "\"a\"", "\"b\"", PolicyEffect.Other)]
    public void a_change_says_whether_it_is_stricter(string key, string before, string after, PolicyEffect effect)
    {
        var change = Assert.Single(Diff($$"""{"{{key}}":{{before}}}""", $$"""{"{{key}}":{{after}}}""").Changes);
        Assert.Equal(key, change.Key);
        Assert.Equal(effect, change.Effect);
    }

    [Fact]
    public void changes_stand_in_contract_order_and_unknown_keys_last()
    {
        var diff = Diff("""{"b":1,"same":2}""", """{"gate5_live_enabled":true,"policy_version":"v4","a":[1],"same":2}""");
        Assert.Equal(["policy_version", "gate5_live_enabled", "a", "b"], diff.Changes.Select(change => change.Key));
        Assert.Null(diff.Changes[2].Before);
        Assert.Null(diff.Changes[3].After);
        Assert.Equal(
            """{"after":[1],"before":null,"effect":"other","key":"a","meaning":"No rule knows this key: it is kept and ignored."}""",
            CanonicalJson.Text(((JsonArray)diff.ToJson()["changes"]!)[2]));
        Assert.Equal(
            """{"after":null,"before":1,"effect":"other","key":"b","meaning":"No rule knows this key: it is kept and ignored."}""",
            CanonicalJson.Text(((JsonArray)diff.ToJson()["changes"]!)[3]));
        Assert.Equal(diff.Before.ToString(), ((JsonText)diff.ToJson()["before"]!).Value);
        Assert.NotEqual(diff.Before, diff.After);
    }

    private static PolicyDiff Diff(string before, string after) =>
        PolicyDiff.Between(PolicyDocument.Load(PassingInputs.Read(before)), PolicyDocument.Load(PassingInputs.Read(after)));
}
