using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class DriftGateTests
{
    [Theory]
    [InlineData("null", "drift_promotion_evidence_missing")]
    [InlineData("{}", "drift_promotion_evidence_missing")]
    [InlineData("[]", "drift_promotion_evidence_invalid")]
    [InlineData("true", "drift_promotion_evidence_invalid")]
    [InlineData("""{"eligible_for_live_promotion":true,"reasons":"x"}""", "drift_promotion_evidence_invalid")]
    [InlineData("""{"eligible_for_live_promotion":true,"reason_codes":[1]}""", "drift_promotion_evidence_invalid")]
    [InlineData("""{"eligible_for_live_promotion":true,"reasons":["b","",5],"reason_codes":["c"]}""", "b,drift_promotion_evidence_invalid")]
    [InlineData("""{"eligible_for_live_promotion":"true"}""", "drift_promotion_evidence_not_eligible")]
    [InlineData("""{"eligible_for_live_promotion":false,"reasons":["b","a","b"," "]}""", "a,b")]
    [InlineData("""{"reason_codes":["c"]}""", "drift_promotion_evidence_not_eligible")]
    [InlineData("""{"eligible_for_live_promotion":true,"reasons":["b"]}""", "b,drift_promotion_evidence_contradictory")]
    [InlineData("""{"eligible_for_live_promotion":true,"reason_codes":["c"]}""", "drift_promotion_evidence_contradictory")]
    public void live_is_denied_where_the_evidence_is_missing_junk_or_against_it(string evidence, string reasons)
    {
        var gate = DriftGate.Evaluate(PromotionTarget.Live, Read(evidence));
        Assert.False(gate.Allowed);
        Assert.False(gate.EligibleForLive);
        Assert.Equal(reasons.Split(','), gate.Reasons);
    }

    [Theory]
    [InlineData("""{"eligible_for_live_promotion":true}""")]
    [InlineData("""{"eligible_for_live_promotion":true,"reasons":null,"reason_codes":[" ",""]}""")]
    public void live_is_allowed_where_the_evidence_is_clear(string evidence)
    {
        var gate = DriftGate.Evaluate(PromotionTarget.Live, Read(evidence));
        Assert.True(gate.Allowed);
        Assert.True(gate.EligibleForLive);
        Assert.Empty(gate.Reasons);
    }

    [Fact]
    public void other_targets_are_allowed_whatever_drifts()
    {
        var evidence = Read("""{"eligible_for_live_promotion":false,"reasons":["x"],"evidence_artifact_refs":["b"," a","b"," ",5]}""");
        foreach (var target in new[] { PromotionTarget.Shadow, PromotionTarget.Paper })
            Assert.Equal(
                """{"allowed":true,"artifact_refs":[" a","b"],"eligible_for_live_promotion":false,"reasons":[]}""",
                CanonicalJson.Text(DriftGate.Evaluate(target, evidence).ToJson()));
        Assert.True(
            DriftGate.Evaluate(PromotionTarget.Paper, Read("""{"eligible_for_live_promotion":true,"reasons":["x"]}""")).EligibleForLive);
        Assert.Equal([" a", "b"], DriftGate.Evaluate(PromotionTarget.Live, evidence).ArtifactRefs);
        Assert.False(DriftGate.Evaluate(PromotionTarget.Live, null).Allowed);
    }

    private static JsonValue Read(string json) => JsonValue.Read(System.Text.Encoding.UTF8.GetBytes(json));
}
