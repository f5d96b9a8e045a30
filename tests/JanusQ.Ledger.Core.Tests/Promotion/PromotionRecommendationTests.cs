using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class PromotionRecommendationTests
{
    private static readonly RecommendationBasis Clear = new()
    {
        RunId = "run-1",
        CandidateId = "cand-1",
        RequestedMode = PromotionTarget.Paper,
        RecommendedMode = PromotionTarget.Paper,
        GateAllowed = true,
        PrerequisiteAllowed = true,
        RollbackReady = true,
        FoldMetricsCount = 1,
        StressMetricsCount = 1,
        Rationale = " because ",
        Reasons = [],
    };

    [Fact]
    public void a_clear_basis_is_promoted()
    {
        var recommendation = PromotionRecommendation.Derive(Clear);
        Assert.Equal(PromotionAction.Promote, recommendation.Action);
        Assert.Equal("because", recommendation.Rationale);
        Assert.Equal(24, recommendation.TraceId.Length);
    }

    [Fact]
    public void each_of_the_three_verdicts_is_needed()
    {
        Assert.False(PromotionRecommendation.Derive(Clear with { GateAllowed = false }).Eligible);
        Assert.False(PromotionRecommendation.Derive(Clear with { PrerequisiteAllowed = false }).Eligible);
        Assert.False(PromotionRecommendation.Derive(Clear with { RollbackReady = false }).Eligible);
    }

    [Fact]
    public void any_one_thing_against_it_denies() =>
        Gen.Bool.Array[8].Sample(against =>
        {
            var recommendation = PromotionRecommendation.Derive(Clear with
            {
                GateAllowed = !against[0],
                PrerequisiteAllowed = !against[1],
                RollbackReady = !against[2],
                FoldMetricsCount = against[3] ? 0 : 1,
                StressMetricsCount = against[4] ? -1 : 1,
                Rationale = against[5] ? "\t" : "because",
                RecommendedMode = against[6] ? PromotionTarget.Live : PromotionTarget.Paper,
                Reasons = against[7] ? ["z", "a", "z", " "] : [],
            });
            Assert.Equal(!against.Contains(true), recommendation.Eligible);
            Assert.Equal(against.Contains(true) ? PromotionAction.Deny : PromotionAction.Promote, recommendation.Action);
            Assert.Equal(against[3], recommendation.EvidenceGaps.Contains("fold_metrics_missing"));
            Assert.Equal(against[4], recommendation.EvidenceGaps.Contains("stress_metrics_missing"));
            Assert.Equal(against[5], recommendation.EvidenceGaps.Contains("promotion_rationale_missing"));
            Assert.Equal(against[6], recommendation.Reasons.Contains("recommended_mode_exceeds_requested_mode"));
            Assert.Equal(recommendation.Reasons.Distinct().Order(CodePoints.Order), recommendation.Reasons);
            Assert.Equal(against[7], recommendation.Reasons.Contains(" "));
            Assert.Equal(
                against[3] || against[4] || against[5],
                ((JsonBoolean)recommendation.EvidenceToJson()["evidence_complete"]!).Value is false);
        });

    [Fact]
    public void no_rationale_is_an_empty_one()
    {
        var recommendation = PromotionRecommendation.Derive(Clear with { Rationale = null });
        Assert.Equal("", recommendation.Rationale);
        Assert.Equal(["promotion_rationale_missing"], recommendation.Reasons);
    }

    [Fact]
    public void shadow_is_held()
    {
        var shadow = Clear with { RecommendedMode = PromotionTarget.Shadow };
        Assert.Equal(PromotionAction.Hold, PromotionRecommendation.Derive(shadow).Action);
        Assert.Equal("hold", PromotionAction.Hold.Name());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((PromotionAction)9).Name());
    }

    [Fact]
    public void the_trace_id_covers_what_the_recommendation_rests_on()
    {
        RecommendationBasis[] others =
        [
            Clear with { RunId = "run-2" },
            Clear with { CandidateId = "cand-2" },
            Clear with { RequestedMode = PromotionTarget.Live },
            Clear with { RecommendedMode = PromotionTarget.Shadow },
            Clear with { GateAllowed = false },
            Clear with { PrerequisiteAllowed = false },
            Clear with { RollbackReady = false },
            Clear with { FoldMetricsCount = 2 },
            Clear with { StressMetricsCount = 2 },
            Clear with { Rationale = "other" },
            Clear with { Reasons = ["r"] },
        ];
        var traces = others.Append(Clear).Select(basis => PromotionRecommendation.Derive(basis).TraceId).ToArray();
        Assert.Equal(traces.Length, traces.Distinct().Count());
        Assert.Equal(
            PromotionRecommendation.Derive(Clear).TraceId, PromotionRecommendation.Derive(Clear with { Rationale = "because" }).TraceId);
    }

    [Fact]
    public void drift_denies_through_the_gates_and_its_blank_reasons_are_dropped()
    {
        var basis = RecommendationBasis.Of(
            "run-1", "cand-1", PromotionTarget.Live, new CheckOutcome(true, []), PromotionTarget.Live, new CheckOutcome(true, []),
            new CheckOutcome(true, []), new CheckOutcome(false, ["drifted", " "]), 1, 4);
        Assert.False(basis.GateAllowed);
        Assert.Equal(["drifted"], basis.Reasons);
        Assert.Equal("all_required_gates_passed_for_live_promotion_recommended_mode_live", basis.Rationale);
    }

    [Theory]
    [InlineData(true, "", "", "", "all_required_gates_passed_for_paper_promotion_recommended_mode_paper")]
    [InlineData(true, "ignored", "", "", "all_required_gates_passed_for_paper_promotion_recommended_mode_paper")]
    [InlineData(false, "", "", "", "promotion_target_paper_held_without_additional_reasons")]
    [InlineData(true, "c", "b", "", "promotion_blocked_or_held:b,c")]
    [InlineData(true, "c", "", "a", "promotion_blocked_or_held:a,c")]
    [InlineData(false, "c", "b", "c", "promotion_blocked_or_held:b,c")]
    public void the_rationale_says_what_blocks(bool allowed, string gates, string prerequisites, string rollback, string expected) =>
        Assert.Equal(
            expected,
            PromotionRationale.Write(PromotionTarget.Paper, allowed, "paper", Split(gates), Split(prerequisites), Split(rollback)));

    [Fact]
    public void old_versions_of_the_checks_stay_callable_by_their_name()
    {
        Assert.True(PromotionEvaluators.TryFind("promotion-checks-1", out var evaluator));
        Assert.Same(PromotionEvaluators.Current, evaluator);
        Assert.False(PromotionEvaluators.TryFind("promotion-checks-0", out _));
        var run = PassingRun.Live;
        var artifacts = PromotionArtifacts.Read(run.EffectivePolicy, run.Target, run.RunArtifacts);
        Assert.True(evaluator.EvaluatePrerequisites(run.EffectivePolicy, run.MakeReport(), run.State, artifacts).Allowed);
        Assert.True(evaluator.EvaluateRollback(run.EffectivePolicy, run.State, PassingRun.Now).Ready);
        Assert.True(evaluator.EvaluateDrift(run.Target, run.Drift).Allowed);
        Assert.True(evaluator.Recommend(Clear).Eligible);
    }

    private static string[] Split(string reasons) => reasons.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
