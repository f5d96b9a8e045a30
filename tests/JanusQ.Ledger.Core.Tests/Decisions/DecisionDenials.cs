using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Decisions;

/// <summary>The promotable run with one thing wrong, and the reason that names it.</summary>
public class DecisionDenials
{
    private static readonly Instant Later = Instant.Parse("2026-02-26T00:30:00Z");
    private static readonly Sha256Hash Other = Sha256Hash.OfText("other");

    private static readonly PolicyStanding Outdated = new("default", 1, false);

    internal static readonly (string Reason, string What, Func<DecidedRun> Run)[] Cases =
    [
        ("policy_missing", "policy not stored", () => Paper.Without(Paper.Start.GatePolicySha256)),
        ("policy_corrupt", "policy changed in the store", () => Paper.WithBytes(Paper.Start.GatePolicySha256, "{}"u8.ToArray())),
        ("policy_not_published", "policy unknown", () => Paper.With(facts => facts with { Policies = [] })),
        ("policy_not_active", "policy outdated", () => Paper.With(facts => facts with { Policies = [Outdated] })),
        ("evaluation_not_completed", "run still under way", () => Paper with { Recorded = Paper.Recorded[..^1] }),
        ("target_not_evaluated", "another target", () => Paper with { Target = PromotionTarget.Shadow }),
        ("artifact_missing", "artifact not stored", () => Paper.Without(Paper.Artifacts.Find(LanePaths.BaselineReport)!.Sha256)),
        ("artifact_corrupt", "artifact changed", () => Paper.WithBytes(Paper.Artifacts.Find(LanePaths.BaselineReport)!.Sha256, [1])),
        ("artifact_corrupt", "artifact of another size", () => Paper with { Recorded = Resized() }),
        ("artifact_set_mismatch", "artifact-set hash of something else", () => Paper with { Recorded = Misended() }),
        ("janus_artifact_unverified", "record changed", () => Paper.Bringing(LanePaths.EventCar, Falsify)),
        ("janus_artifact_unverified", "declared manifest hash of something else", () => Paper with { Recorded = Redeclared() }),
        ("input_document_missing", "signals not stored", () => Paper.Without(Paper.Start.SignalsSha256)),
        ("input_document_missing", "forecast metrics not stored", () => Paper.Without(Paper.Start.Documents.ForecastMetrics!.Value)),
        ("input_document_corrupt", "strategies changed", () => Paper.WithBytes(Paper.Start.StrategyConfigSha256, [1])),
        ("run_id_mismatch", "run id of other inputs", () => Paper.WithStart(start => start with { RunId = "0123456789abcdef01234567" })),
        ("input_document_mismatch", "signals brought that the run did not start with", () => Paper.Bringing(
            "inputs/signals/x.json", "[]"u8.ToArray())),
        ("input_document_mismatch", "metrics brought that the run did not start with", () => Paper.Bringing(
            "inputs/tca_metrics/x", "{}"u8.ToArray())),
        ("evidence_hash_mismatch", "baseline report not brought", () => Paper.Bringing(LanePaths.BaselineReport, (byte[]?)null)),
        ("evidence_hash_mismatch", "walk-forward results of something else", () => Paper.Bringing(
            LanePaths.WalkForwardResults, "{}"u8.ToArray())),
        ("gate_inputs_invalid", "gate inputs no object", () => Paper.Bringing(LanePaths.GateInputs, "[]"u8.ToArray())),
        ("gate_inputs_inconsistent", "metrics prettier than the report's", () => Paper.Bringing(
            LanePaths.GateInputs, inputs => Set(inputs, "metrics", "net_pnl", "1000000"))),
        ("gate_inputs_inconsistent", "robustness prettier than the report's", () => Paper.Bringing(
            LanePaths.GateInputs, inputs => Set(inputs, "robustness", "net_pnl_cv", "0.001"))),
        ("gate_inputs_inconsistent", "staleness other than the signals'", () => Paper.Bringing(
            LanePaths.GateInputs, inputs => inputs.With("staleness_ms_p95", 1))),
        ("gate_inputs_inconsistent", "forecast metrics other than the document's", () => Paper.Bringing(
            LanePaths.GateInputs, inputs => Set(inputs, "forecast_metrics", "fallback_rate", "0.001"))),
        ("gate_inputs_inconsistent", "validation other than its file", () => Paper.Bringing(
            LanePaths.Validation, validation => validation.With("checked_at", "2026-02-26T01:00:00+00:00"))),
        ("gate_inputs_inconsistent", "evidence other than its file", () => Paper.Bringing(
            LanePaths.Evidence, evidence => evidence.With("baseline_id", "other"))),
        ("gate_inputs_inconsistent", "report that the gate inputs were not taken from", () => Paper.Bringing(
            LanePaths.EvaluationReport, (byte[]?)null)),
        ("gate_inputs_inconsistent", "a Janus block in both that the artifacts do not give", OtherBlock),
        ("operational_ready_missing", "never rehearsed", () => Paper.WithoutDrill("operational_ready")),
        ("operational_readiness_incomplete", "rehearsal failed", () => Paper.Failing("operational_ready")),
        ("runbook_not_validated", "runbook failed", () => Paper.Failing("runbook_validated")),
        ("kill_switch_dry_run_failed", "kill switch failed", () => Paper.Failing("killSwitchDryRunPassed")),
        ("rollback_dry_run_failed", "revert failed", () => Paper.Failing("gitopsRevertDryRunPassed")),
        ("required_artifacts_missing", "no patch", () => Paper.Bringing(LanePaths.PaperPatch, (byte[]?)null)),
        ("rollback_checks_missing_or_failed", "no rehearsal of disabling", () => Paper.WithoutDrill("strategyDisableDryRunPassed")),
        ("rollback_dry_run_stale", "one required rehearsal too old", () => Paper.WithDrill(
            "strategyDisableDryRunPassed", drill => drill with { PerformedAt = Instant.Parse("2026-02-20T00:00:00Z") })),
        ("rollback_target_missing", "no rehearsal names where to go back to", () => Paper.WithDrill(
            "gitopsRevertDryRunPassed", drill => drill with { RollbackTarget = " " })),
        ("rollback_human_approval_missing", "nobody approved", () => Paper.With(facts => facts with { Approvals = [] })),
        ("human_approval_missing", "nobody approved", () => Paper.With(facts => facts with { Approvals = [] })),
        ("approval_expired", "approval expires at the very instant", () => Paper.WithApproval(
            approval => approval with { ExpiresAt = Paper.Facts.DecidedAt })),
        ("approval_revoked", "approval taken back", () => Paper.WithApproval(
            approval => approval with { RevokedAt = DecidedRun.EvaluatedAt })),
        ("approval_used", "approval used", () => Paper.WithApproval(approval => approval with { UsedBy = "bbbbbbbbbbbbbbbbbbbbbbbb" })),
        ("approval_not_independent", "approved by the worker", () => Paper.WithApproval(
            approval => approval with { Approver = DecidedRun.Worker.Actor })),
        ("approval_not_independent", "approved by a submitter that only the facts name", () => Paper.With(
            facts => facts with { Submitters = ["ada"] })),
        ("approval_mismatch", "another run", () => Paper.WithApproval(approval => approval with { RunId = "0123456789abcdef01234567" })),
        ("approval_mismatch", "another target", () => Paper.WithApproval(approval => approval with { Target = PromotionTarget.Shadow })),
        ("approval_mismatch", "another policy", () => Paper.WithApproval(approval => approval with { PolicySha256 = Other })),
        ("approval_mismatch", "another artifact set", () => Paper.WithApproval(approval => approval with { ArtifactSetSha256 = Other })),
        ("kill_switch_engaged", "kill switch", () => Paper.With(
            facts => facts with { KillSwitch = new EngagedKillSwitch("olga", DecidedRun.EvaluatedAt, "incident") })),
        ("candidate_paused_for_review", "pause", () => Paper.With(
            facts => facts with { Pause = new CandidatePause("olga", DecidedRun.EvaluatedAt, "review") })),
        ("candidate_paused_for_review", "pause that only the stream knows", () => Paper with
        {
            Happened = [new CandidatePaused { Actor = "olga", Role = "operator", At = Later, Reason = "review" }],
        }),
        ("rolled_back_evidence", "rolled back", () => Paper.With(facts => facts with { EvidenceRolledBack = true })),
        ("claimed_verdict_disagrees", "denied by the kill switch and claimed to be promoted", () => Paper.With(
            facts => facts with { KillSwitch = new EngagedKillSwitch("olga", DecidedRun.EvaluatedAt, "incident") })),
        ("drift_promotion_evidence_not_eligible", "drift", () => Live.WithDrift("{\"eligible_for_live_promotion\":false}")),
        ("drift_promotion_evidence_invalid", "drift evidence that is no JSON", () => Live.WithDrift("{")),
        ("drift_promotion_evidence_missing", "drift evidence not stored", () => Live.Without(Live.Start.Documents.DriftEvidence!.Value)),
        ("approval_token_missing", "live without approval", () => Live.With(facts => facts with { Approvals = [] })),
    ];

    private static DecidedRun Paper => DecidedRun.Paper;

    private static DecidedRun Live => DecidedRun.Live;

    public static IEnumerable<TheoryDataRow<string, string>> All =>
        Cases.Select(@case => new TheoryDataRow<string, string>(@case.Reason, @case.What));

    [Theory]
    [MemberData(nameof(All))]
    public void one_thing_wrong_denies_and_is_named(string reason, string what)
    {
        var run = Cases.Single(@case => @case.Reason == reason && @case.What == what).Run();
        var decision = run.Decide();
        Assert.Contains(reason, decision.Decided.Reasons);
        Assert.Equal(PromotionAction.Deny, decision.Decided.Action);
        Assert.Null(decision.Decided.ApprovalId);
        Assert.False(decision.Recommendation.Eligible);
        Assert.All(decision.Decided.Reasons, code => Assert.NotNull(ReasonCatalogue.Find(code)));
    }

    [Fact]
    public void every_reason_of_the_ledger_itself_is_raised_by_one_of_these_but_for_broken_steps()
    {
        var raised = Cases.SelectMany(@case => @case.Run().Reasons()).ToHashSet();
        string[] raisedElsewhere = ["policy_invalid"];
        Assert.Empty(LedgerReasons.All.Select(reason => reason.Code)
            .Where(code => !code.EndsWith("_evaluation_failed", StringComparison.Ordinal)).Except(raised).Except(raisedElsewhere));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"gate2_max_drawdown\":true}")]
    [InlineData("{\"policy_version\":null,\"policy_version\":1}")]
    public void a_policy_that_is_none_denies_and_the_steps_that_need_none_report(string policy)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(policy);
        var run = Paper.WithStart(start => start with { GatePolicySha256 = Sha256Hash.Of(bytes) }).WithBytes(Sha256Hash.Of(bytes), bytes)
            .With(facts => facts with { KillSwitch = new EngagedKillSwitch("olga", DecidedRun.EvaluatedAt, "incident") });
        var decision = run.Decide();
        Assert.Superset(
            new HashSet<string>
            {
                "policy_invalid", "gate_matrix_not_evaluated", "promotion_prerequisites_not_evaluated", "rollback_readiness_not_evaluated",
                "approval_mismatch", "kill_switch_engaged", "claimed_verdict_disagrees",
            },
            decision.Decided.Reasons.ToHashSet());
        Assert.Empty(decision.Gates.Gates);
        Assert.False(decision.Gates.PromotionAllowed);
        Assert.Equal(["gate_matrix_not_evaluated"], decision.Gates.Reasons);
    }

    [Fact]
    public void the_details_name_the_member_on_which_gate_inputs_and_artifact_disagree()
    {
        var decided = Paper.Bringing(LanePaths.GateInputs, inputs => Set(inputs, "metrics", "net_pnl", "1000000")).Decide();
        var step = decided.Decided.Steps.Single(one => one.Step == DecisionSteps.GateInputs);
        var detail = Assert.IsType<JsonObject>(Assert.Single(step.Details.Elements));
        Assert.Equal("metrics.net_pnl", ((JsonText)detail["member"]!).Value);
        Assert.Equal("\"1000000\"", ((JsonText)detail["gate_inputs"]!).Value);
        Assert.Equal(["gate_inputs_inconsistent"], decided.Gates.Reasons);
        Assert.False(decided.Gates.PromotionAllowed);
    }

    [Fact]
    public void a_worker_that_says_it_is_ready_is_not_believed()
    {
        var decision = Paper.With(facts => facts with { Drills = [] }).Decide();
        Assert.Contains("operational_ready_missing", decision.Decided.Reasons);
        Assert.Contains("rollback_checks_missing_or_failed", decision.Decided.Reasons);
    }

    [Fact]
    public void a_drill_that_is_named_like_an_approval_approves_nothing()
    {
        var forged = new Drill("humanApproved", true, DecidedRun.EvaluatedAt, "olga");
        var reasons = Paper.With(facts => facts with { Approvals = [], Drills = facts.Drills.Add(forged) }).Reasons();
        Assert.Contains("rollback_human_approval_missing", reasons);
    }

    [Fact]
    public void the_nearest_approval_says_what_it_lacks()
    {
        var far = Paper.Approval with { ApprovalId = "cccccccccccccccccccccccc", RunId = "x", RevokedAt = Later };
        var near = Paper.Approval with { ApprovalId = "dddddddddddddddddddddddd", ExpiresAt = DecidedRun.EvaluatedAt };
        var decided = Paper.With(facts => facts with { Approvals = [near, far] }).Decide().Decided;
        Assert.Contains("approval_expired", decided.Reasons);
        Assert.DoesNotContain("approval_revoked", decided.Reasons);
        Assert.DoesNotContain("approval_mismatch", decided.Reasons);
    }

    [Fact]
    public void an_approval_that_counts_is_enough_whatever_stands_beside_it()
    {
        var expired = Paper.Approval with { ApprovalId = "cccccccccccccccccccccccc", ExpiresAt = DecidedRun.EvaluatedAt };
        var decided = Paper.With(facts => facts with { Approvals = [expired, Paper.Approval, expired] }).Decide().Decided;
        Assert.Empty(decided.Reasons);
        Assert.Equal(DecidedRun.ApprovalId, decided.ApprovalId);
    }

    [Fact]
    public void a_standing_champion_is_evaluated_anew_with_the_approval_that_it_stands_on_and_uses_up_nothing()
    {
        var champion = Promoted(Paper.Decided());
        var approvals = champion.Candidate.Approvals;
        Assert.NotNull(approvals.Single().UsedBy);
        for (var hours = 1; hours <= 3; hours++)
        {
            var later = Instant.Parse($"2026-02-26T0{hours}:00:00Z");
            champion = champion.With(facts => facts with
            {
                Approvals = [approvals.Single() with { ExpiresAt = Later }],
                DecidedAt = later,
            });
            var again = champion.Decide().Decided;
            Assert.Empty(again.Reasons);
            Assert.Equal(PromotionAction.Promote, again.Action);
            Assert.Null(again.ApprovalId);
            champion = Promoted(champion.Decided());
        }

        var demoted = champion.WithEvents(new CandidateDemoted
        {
            Actor = "olga",
            Role = "operator",
            At = Later,
            Target = PromotionTarget.Paper,
            Why = "demoted_by_operator",
            ArtifactSetSha256 = champion.Artifacts.Hash(),
        });
        Assert.Contains("approval_used", demoted.Reasons());
    }

    private static DecidedRun Promoted(DecidedRun decided) => decided.WithEvents(new CandidatePromoted
    {
        Actor = "olga",
        Role = "operator",
        At = decided.Facts.DecidedAt,
        Target = PromotionTarget.Paper,
        DecisionId = decided.Candidate.Decisions[^1].DecisionId,
        Why = "promotion_decided",
    });

    [Fact]
    public void an_approval_is_used_up_only_where_the_policy_asks_for_one()
    {
        var run = DecidedRun.Under(RepositoryFiles.Json("config", "gate-policy.json").With("rollback_require_human_approval", false));
        var without = run.With(facts => facts with { Approvals = [] }).Decide().Decided;
        Assert.Empty(without.Reasons);
        Assert.Null(run.Decide().Decided.ApprovalId);
    }

    [Fact]
    public void a_claim_that_is_stricter_or_missing_is_kept_and_denies_nothing()
    {
        var stricter = Paper.Bringing(
            LanePaths.EvidenceGate,
            gate => gate.With("allowed", false).With("recommendation", JsonObject.Of(("action", "deny"), ("eligible", false))))
            .Bringing(LanePaths.GateReport, WithoutVerdict).Decide().Decided;
        Assert.Empty(stricter.Reasons);
        Assert.Equal("deny", stricter.Claimed!.Action);
        Assert.False(stricter.ClaimAgrees);

        var none = Paper.Bringing(LanePaths.EvidenceGate, (byte[]?)null)
            .Bringing(LanePaths.GateReport, WithoutVerdict).Decide().Decided;
        Assert.Empty(none.Reasons);
        Assert.Null(none.Claimed);
        Assert.Null(none.ClaimAgrees);
    }

    [Theory]
    [InlineData("promote", true, "live")]
    [InlineData("deny", true, "live")]
    public void a_claim_beyond_what_was_derived_denies_in_either_file(string action, bool allowed, string mode)
    {
        var recommendation = JsonObject.Of(("action", action), ("eligible", allowed), ("recommended_mode", mode));
        var inGate = Paper.Bringing(LanePaths.EvidenceGate, gate => gate
            .With("allowed", allowed).With("recommended_mode", mode).With("recommendation", recommendation));
        var inReport = Paper.Bringing(LanePaths.GateReport, report => report.With("promotion_recommendation", recommendation));
        Assert.Equal(["claimed_verdict_disagrees"], inGate.Reasons());
        Assert.Equal(["claimed_verdict_disagrees"], inReport.Reasons());
    }

    [Fact]
    public void words_of_a_worker_that_no_event_can_hold_are_made_fit()
    {
        var huge = new string('x', 5000) + "\0";
        var decided = Paper.Bringing(LanePaths.EvidenceGate, gate => gate
            .With("reasons", JsonArray.OfTexts(Enumerable.Repeat(huge, 5000)))
            .With("recommendation", JsonObject.Of(("action", "\0" + huge)))).Decide().Decided;
        Assert.True(decided.Claimed!.Reasons.Length <= 256);
        foreach (var text in decided.Claimed.Reasons.Add(decided.Claimed.Action))
        {
            Assert.True(text.Length < 1100);
            Assert.DoesNotContain('\0', text);
        }
    }

    private static JsonObject WithoutVerdict(JsonObject report) => report.Without("promotion_recommendation").Without("promotion_decision");

    private static JsonObject Set(JsonObject document, string block, string member, JsonValue value) =>
        document.With(block, ((JsonObject)document[block]!).With(member, value));

    private static JsonObject Falsify(JsonObject artifact)
    {
        var records = (JsonArray)artifact["records"]!;
        var first = ((JsonObject)records[0]).With("car", "0.5");
        return artifact.With("records", new JsonArray([first, .. records.Elements.Skip(1)]));
    }

    private static DecidedRun OtherBlock()
    {
        JsonObject Other(JsonObject evidence)
        {
            var block = (JsonObject)evidence["janus_q"]!;
            var reward = (JsonObject)block["hgrm_reward"]!;
            return evidence.With("janus_q", block.With("hgrm_reward", reward.With("direction_gate_pass_ratio", "1.00")));
        }

        const string Member = "profitability_evidence";
        return Paper.Bringing(LanePaths.Evidence, Other)
            .Bringing(LanePaths.GateInputs, inputs => inputs.With(Member, Other((JsonObject)inputs[Member]!)));
    }

    private static ImmutableArray<CandidateEvent> Misended() =>
        Paper.Recorded.SetItem(Paper.Recorded.Length - 1, ((LaneRunCompleted)Paper.Recorded[^1]) with { ArtifactSetSha256 = Other });

    private static ImmutableArray<CandidateEvent> Resized() =>
        Reemitted(LanePaths.BaselineReport, emitted => emitted with { Size = emitted.Size + 1 });

    private static ImmutableArray<CandidateEvent> Redeclared() =>
        Reemitted(LanePaths.Reward, emitted => emitted with { ManifestHash = Other });

    private static ImmutableArray<CandidateEvent> Reemitted(string path, Func<ArtifactEmitted, ArtifactEmitted> change) =>
        [.. Paper.Recorded.Select(happened => happened is ArtifactEmitted emitted && emitted.Path == path ? change(emitted) : happened)];
}
