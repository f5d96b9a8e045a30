using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Tests.Lane;

namespace JanusQ.Ledger.Core.Tests.Decisions;

public class PromotionDerivationTests
{
    private static readonly DecidedRun Run = DecidedRun.Paper;

    [Fact]
    public void a_run_with_all_facts_right_is_promoted_to_paper()
    {
        var decision = Run.Decide();
        Assert.Empty(decision.Decided.Reasons);
        Assert.Equal(PromotionAction.Promote, decision.Decided.Action);
        Assert.Equal(PromotionTarget.Paper, decision.Decided.ApprovedMode);
        Assert.Equal(DecidedRun.ApprovalId, decision.Decided.ApprovalId);
        Assert.Equal("all_required_gates_passed_for_paper_promotion_recommended_mode_paper", decision.Decided.Rationale);
        Assert.All(decision.Decided.Steps, step => Assert.True(step.Allowed && step.Reasons.IsEmpty, step.Step));
        Assert.Equal(DecisionSteps.InOrder.Except([DecisionSteps.GateMatrix, DecisionSteps.Prerequisites, DecisionSteps.Rollback]),
            decision.Decided.Steps.Select(step => step.Step));
        Assert.Equal(new EvaluatorVersions("promotion-derivation-1", "gate-matrix-1", "promotion-checks-1"), decision.Decided.Evaluators);
        Assert.Equal(new ClaimedVerdict("promote", true, "paper", []), decision.Decided.Claimed! with { Reasons = [] });
        Assert.True(decision.Decided.ClaimAgrees);
        Assert.Null(decision.Decided.RollbackCandidateId);
    }

    [Fact]
    public void its_four_events_carry_one_decision_of_whoever_asks_at_the_instant_of_the_facts()
    {
        var decision = Run.Decide();
        Assert.Equal(
            CanonicalJson.Id(JsonObject.Of(
                ("candidate_id", Run.Candidate.CandidateId),
                ("evaluation_id", Run.Start.EvaluationId),
                ("target", "paper"),
                ("decided_at", Run.Facts.DecidedAt.ToString()),
                ("facts_sha256", decision.Decided.FactsSha256))),
            decision.DecisionId);
        Assert.Equal(
            CanonicalJson.Hash(JsonObject.Of(
                ("evaluation_id", Run.Start.EvaluationId), ("target", "paper"), ("artifact_set_sha256", Run.Artifacts.Hash()),
                ("facts", Run.Facts.ToJson()))),
            decision.Decided.FactsSha256);
        Assert.Equal(
            [typeof(GateMatrixEvaluated), typeof(PrerequisitesEvaluated), typeof(RollbackReadinessEvaluated), typeof(PromotionDecided)],
            decision.Events.Select(happened => happened.GetType()));
        Assert.All(decision.Events, happened => Assert.Equal(
            (DecidedRun.Operator.Actor, DecidedRun.Operator.Role, Run.Facts.DecidedAt), (happened.Actor, happened.Role, happened.At)));
        Assert.All(
            [decision.Gates.DecisionId, decision.Prerequisites.DecisionId, decision.Rollback.DecisionId],
            id => Assert.Equal(decision.DecisionId, id));
    }

    [Fact]
    public void the_documents_it_names_are_there_by_their_hashes()
    {
        var decision = Run.Decide();
        Assert.Equal(
            [decision.Decided.PolicySha256, decision.Decided.GateInputsSha256, decision.Decided.GateReportSha256],
            decision.Documents.Select(document => (Sha256Hash?)document.Sha256));
        Assert.All(decision.Documents, document => Assert.Equal(document.Sha256, Sha256Hash.Of(document.Bytes)));
        Assert.Equal(Run.PolicyHash, decision.Decided.PolicySha256);
        Assert.Equal(decision.Gates.GateInputsSha256, decision.Decided.GateInputsSha256);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("live")]
    public void with_the_facts_that_the_lane_was_told_the_gate_report_is_the_lanes_own(string target)
    {
        var run = target == "paper" ? DecidedRun.Paper : DecidedRun.Live;
        var decision = run.Decide();
        var derived = (JsonObject)JsonValue.Read(decision.Documents[2].Bytes);
        var lanes = run.Read(LanePaths.GateReport);
        string[] onlyInOne = ["provenance", "promotion_recommendation", "promotion_decision", "promotion_evidence"];
        string Shared(JsonObject report) => CanonicalJson.Text(onlyInOne.Aggregate(report, (rest, name) => rest.Without(name)));
        Assert.Equal(Shared(lanes), Shared(derived));
        Assert.Equal(
            CanonicalJson.Text(((JsonObject)lanes["promotion_evidence"]!).Without("promotion_rationale")),
            CanonicalJson.Text(((JsonObject)derived["promotion_evidence"]!).Without("promotion_rationale")));
        Assert.Equal(run.Outcome.GateReportTraceId, ((JsonText)((JsonObject)derived["provenance"]!)["gate_report_trace_id"]!).Value);
        Assert.Equal(run.Outcome.Recommendation.TraceId, decision.Decided.TraceId);
        Assert.Equal(
            CanonicalJson.Text(run.Read(LanePaths.Prerequisites)["artifact_refs"]!),
            CanonicalJson.Text(JsonArray.OfTexts(decision.Prerequisites.ArtifactRefs)));
    }

    [Fact]
    public void gate_inputs_are_assembled_from_the_artifacts_where_the_run_brings_none()
    {
        var without = Run.Bringing(LanePaths.GateInputs, (byte[]?)null);
        var decision = without.Decide();
        Assert.Empty(decision.Decided.Reasons);
        Assert.Equal(Run.Decide().Decided.GateInputsSha256, decision.Decided.GateInputsSha256);
    }

    [Fact]
    public void the_gate_inputs_of_every_lane_vector_agree_with_its_artifacts_and_are_what_the_artifacts_give()
    {
        var run = 0;
        foreach (var name in LaneCase.All)
        {
            var (inputs, arguments) = LaneCase.Read(name);
            DecidedRun decided;
            try
            {
                decided = DecidedRun.Of(inputs, arguments);
            }
            catch (RefusedException)
            {
                continue;
            }

            run++;
            var decision = decided.Decide();
            Assert.True(decision.Decided.Steps.Single(step => step.Step == DecisionSteps.GateInputs).Allowed, name);
            Assert.True(decision.Decided.Steps.Single(step => step.Step == DecisionSteps.Artifacts).Allowed, name);
            var assembled = decided.Bringing(LanePaths.GateInputs, (byte[]?)null);
            Assert.Equal(decision.Gates.GateInputsSha256, assembled.Decide().Gates.GateInputsSha256);
        }

        Assert.True(run > 15, $"{run}");
    }

    [Fact]
    public void live_is_promoted_under_a_policy_that_enables_it_with_drift_evidence_and_an_approval()
    {
        var decision = DecidedRun.Live.Decide();
        Assert.Empty(decision.Decided.Reasons);
        Assert.Equal(PromotionTarget.Live, decision.Decided.ApprovedMode);
    }

    [Fact]
    public void the_same_case_gives_the_same_decision()
    {
        var (first, second) = (Run.Decide(), Run.Decide());
        Assert.Equal(
            first.Events.Select(happened => CanonicalJson.Text(EventJson.Of(happened))),
            second.Events.Select(happened => CanonicalJson.Text(EventJson.Of(happened))));
        Assert.Equal(first.Documents.Select(document => document.Sha256), second.Documents.Select(document => document.Sha256));
    }

    [Fact]
    public void asking_again_later_is_another_decision_about_the_same_facts()
    {
        var later = Run.With(facts => facts with { DecidedAt = Core.Signals.Instant.Parse("2026-02-26T00:30:00Z") });
        Assert.Equal(Run.Decide().Decided.FactsSha256, later.Decide().Decided.FactsSha256);
        Assert.Equal(Run.Decide().Decided.TraceId, later.Decide().Decided.TraceId);
        Assert.NotEqual(Run.Decide().DecisionId, later.Decide().DecisionId);
    }

    [Fact]
    public void the_former_champion_comes_back_on_a_roll_back_unless_it_is_the_candidate_itself()
    {
        Assert.Equal("cand-other", Run.With(facts => facts with { Champion = "cand-other" }).Decide().Decided.RollbackCandidateId);
        Assert.Null(Run.With(facts => facts with { Champion = Run.Candidate.CandidateId }).Decide().Decided.RollbackCandidateId);
    }

    [Fact]
    public void everything_wrong_at_once_is_listed_at_once()
    {
        var run = Run.With(facts => facts with
        {
            Policies = [],
            Drills = [],
            Approvals = [],
            KillSwitch = new EngagedKillSwitch("olga", DecidedRun.EvaluatedAt, "incident"),
            Pause = new CandidatePause("olga", DecidedRun.EvaluatedAt, "review"),
            EvidenceRolledBack = true,
        }) with
        { Target = PromotionTarget.Live };
        run = run.Without(run.Artifacts.Find(LanePaths.EventCar)!.Sha256);
        Assert.Superset(
            new HashSet<string>
            {
                "policy_not_published", "target_not_evaluated", "artifact_missing", "gate_inputs_inconsistent", "operational_ready_missing",
                "live_rollout_disabled_by_policy", "approval_token_missing", "required_artifacts_missing", "gate_report_not_promotable",
                "janus_event_car_artifact_missing", "rollback_checks_missing_or_failed", "rollback_dry_run_timestamp_missing",
                "rollback_human_approval_missing", "rollback_target_missing", "human_approval_missing", "kill_switch_engaged",
                "candidate_paused_for_review", "rolled_back_evidence", "claimed_verdict_disagrees",
            },
            run.Reasons().ToHashSet());
        var decided = run.Decide().Decided;
        Assert.Equal(PromotionAction.Deny, decided.Action);
        Assert.Null(decided.ApprovedMode);
        Assert.Null(decided.ApprovalId);
        Assert.False(decided.ClaimAgrees);
    }

    [Fact]
    public void a_step_that_fails_unexpectedly_is_a_reason_and_the_others_report()
    {
        var decision = PromotionDerivations.Current.Derive(Run.Case, new BrokenGates(), PromotionEvaluators.Current);
        Assert.Contains("gate_matrix_evaluation_failed", decision.Decided.Reasons);
        Assert.Contains("gate_report_not_promotable", decision.Decided.Reasons);
        Assert.Equal(["gate_matrix_evaluation_failed"], decision.Gates.Reasons);
        Assert.Empty(decision.Gates.Gates);
        Assert.True(decision.Rollback.Ready);
        Assert.Null(decision.Decided.GateReportSha256);
    }

    [Fact]
    public void a_store_that_fails_unexpectedly_denies_and_every_step_that_reads_it_says_so()
    {
        var decision = PromotionDerivations.Derive(Run.Case with { Content = _ => throw new InvalidOperationException("down") });
        Assert.Superset(
            new HashSet<string>
            {
                "policy_evaluation_failed", "artifacts_evaluation_failed", "gate_inputs_evaluation_failed", "claim_evaluation_failed",
            },
            decision.Decided.Reasons.ToHashSet());
        Assert.Equal(PromotionAction.Deny, decision.Decided.Action);
    }

    [Fact]
    public void cancellation_is_no_verdict() =>
        Assert.Throws<OperationCanceledException>(
            () => PromotionDerivations.Derive(Run.Case with { Content = _ => throw new OperationCanceledException() }));

    [Fact]
    public void versions_are_found_by_their_names()
    {
        Assert.True(PromotionDerivations.TryFind("promotion-derivation-1", out var found));
        Assert.Same(PromotionDerivations.Current, found);
        Assert.False(PromotionDerivations.TryFind("promotion-derivation-0", out _));
        Assert.Contains(PromotionDerivations.Current, PromotionDerivations.Versions);
    }

    private sealed class BrokenGates : IGateEvaluator
    {
        public string Version => "broken";

        public GateReport Evaluate(
            GatePolicy policy, JsonObject inputs, PromotionTarget target, Core.Signals.Instant evaluatedAt, string codeVersion) =>
            throw new InvalidOperationException("broken");
    }
}
