using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class ApprovalDeciderTests
{
    private static readonly Submitter Approver = new("ann", Roles.Approver);
    private static readonly byte[] Policy = "{\"policy_version\": \"p1\"}"u8.ToArray();

    private static GrantApproval Grant => new()
    {
        CandidateId = Given.CandidateId,
        By = Approver,
        Target = PromotionTarget.Paper,
        ExpiresIn = TimeSpan.FromDays(7),
        Reason = "reviewed",
        Policy = Policy,
    };

    [Fact]
    public void an_approval_is_bound_to_run_target_policy_and_artifact_set()
    {
        var state = Given.ACompletedEvaluation;
        var decision = Decide(state, Grant);
        var granted = Assert.IsType<ApprovalGranted>(Assert.Single(decision.Events));
        var evaluation = state.Evaluations[0];
        Assert.Equal(("ann", Roles.Approver, Given.Now), (granted.Actor, granted.Role, granted.At));
        Assert.Equal(
            (Given.RunId, Given.Start.EvaluationId, PromotionTarget.Paper), (granted.RunId, granted.EvaluationId, granted.Target));
        Assert.Equal(CanonicalJson.Hash(JsonValue.Read(Policy)), granted.PolicySha256);
        Assert.Equal(evaluation.ArtifactSetSha256, granted.ArtifactSetSha256);
        Assert.Equal(Instant.Parse("2026-01-12T15:00:00Z"), granted.ExpiresAt);
        Assert.True(CandidateIdentity.IsId(granted.ApprovalId));
        Assert.Equal(granted.ApprovalId, decision.ApprovalId);
        var approval = Assert.Single(Given.Fold(state, decision.Events)!.Approvals);
        Assert.True(approval.CountsAt(Given.Now));
        Assert.False(approval.CountsAt(granted.ExpiresAt));
    }

    [Fact]
    public void the_id_names_the_binding_the_approver_and_the_instant()
    {
        var state = Given.ACompletedEvaluation;
        var expected = CanonicalJson.Id(JsonObject.Of(
            ("candidate_id", Given.CandidateId),
            ("run_id", Given.RunId),
            ("evaluation_id", Given.Start.EvaluationId),
            ("target", "paper"),
            ("policy_sha256", CanonicalJson.Hash(JsonValue.Read(Policy))),
            ("artifact_set_sha256", state.Evaluations[0].ArtifactSetSha256!.Value),
            ("approver", "ann"),
            ("granted_at", "2026-01-05T15:00:00+00:00")));
        Assert.Equal(expected, Decide(state, Grant).ApprovalId);
    }

    [Fact]
    public void less_than_stands_is_refused_with_what_stands_and_more_is_granted_beside_it()
    {
        var (state, id) = Granted();
        foreach (var less in new[]
        {
            Grant with { ExpiresIn = TimeSpan.FromDays(1) },
            Grant with { ExpiresIn = null, ExpiresAt = Instant.Parse("2026-01-12T14:59:59Z") },
        })
        {
            var refused = Refused("approval_stands", state, less);
            Assert.Equal(
                [("approval_id", id!), ("expires_at", "2026-01-12T15:00:00+00:00")],
                refused.Members.Select(member => (member.Key, ((JsonText)member.Value).Value)));
        }

        Assert.Equal(CommandOutcome.Recorded, Decide(state, Grant with { ExpiresIn = TimeSpan.FromDays(8) }, After(1)).Outcome);
        var until = Grant with { ExpiresIn = null, ExpiresAt = Instant.Parse("2026-01-12T15:00:01Z") };
        var longer = Decide(state, until, After(1));
        Assert.Equal(CommandOutcome.Recorded, longer.Outcome);
        Assert.NotEqual(id, longer.ApprovalId);

        // Its id would be that of the one that stands.
        Refused("approval_stands", state, until);
    }

    [Fact]
    public void the_same_approver_asking_again_changes_nothing_while_the_approval_counts()
    {
        var (state, id) = Granted();
        foreach (var same in new[]
        {
            Grant with { Reason = "again" }, Grant with { ExpiresIn = null, ExpiresAt = Instant.Parse("2026-01-12T15:00:00Z") },
        })
        {
            var again = Decide(state, same, After(1));
            Assert.Equal((CommandOutcome.Unchanged, id, 0), (again.Outcome, again.ApprovalId, again.Events.Length));
        }

        foreach (var another in new[]
        {
            Grant with { By = new Submitter("bob", Roles.Approver) },
            Grant with { Target = PromotionTarget.Shadow },
            Grant with { Policy = "{\"policy_version\": \"p2\"}"u8.ToArray() },
        })
        {
            var decision = Decide(state, another, After(1));
            Assert.Equal(CommandOutcome.Recorded, decision.Outcome);
            Assert.NotEqual(id, decision.ApprovalId);
        }

        var expired = Decide(state, Grant, After(8));
        Assert.Equal(CommandOutcome.Recorded, expired.Outcome);
        Assert.NotEqual(id, expired.ApprovalId);
    }

    [Fact]
    public void without_an_evaluation_it_is_the_latest_that_is_complete()
    {
        var running = Given.Start with { EvaluatedAt = Instant.Parse("2026-01-06") };
        var state = Given.Fold(Given.ACompletedEvaluation, Decide(Given.ACompletedEvaluation, running).Events)!;
        Assert.Equal(Given.Start.EvaluationId, Assert.IsType<ApprovalGranted>(Decide(state, Grant).Events[0]).EvaluationId);
        Refused("evaluation_not_completed", state, Grant with { EvaluationId = running.EvaluationId });
        Refused("evaluation_not_completed", Given.ARunningEvaluation, Grant);
        Refused("evaluation_failed", Given.AFailedEvaluation, Grant with { EvaluationId = Given.Start.EvaluationId });
        Refused("unknown_evaluation", state, Grant with { EvaluationId = "ffffffffffffffffffffffff" });
        Refused("unknown_candidate", null, Grant);
    }

    [Fact]
    public void nobody_who_submitted_anything_to_any_evaluation_of_the_run_can_approve_it()
    {
        var worker = Approver with { Actor = Given.Worker.Actor };
        Refused("approval_not_independent", Given.ACompletedEvaluation, Grant with { By = worker });

        // Another evaluation of the same run was started by the approver.
        var helped = Given.Start with { EvaluatedAt = Instant.Parse("2026-01-06"), By = new Submitter("ann", Roles.Worker) };
        var state = Given.Fold(Given.ACompletedEvaluation, Decide(Given.ACompletedEvaluation, helped).Events)!;
        Refused("approval_not_independent", state, Grant with { EvaluationId = Given.Start.EvaluationId });
    }

    [Fact]
    public void a_policy_that_is_missing_or_invalid_binds_nothing()
    {
        var state = Given.ACompletedEvaluation;
        Refused("policy_missing", state, Grant with { Policy = null });
        Refused("json_rejected", state, Grant with { Policy = "{"u8.ToArray() });
        Refused("document_not_object", state, Grant with { Policy = "[]"u8.ToArray() });
        Refused("policy_invalid", state, Grant with { Policy = "{\"gate5_live_enabled\": 1}"u8.ToArray() });
    }

    [Fact]
    public void the_end_must_lie_ahead_and_be_given_once()
    {
        var state = Given.ACompletedEvaluation;
        foreach (var wrong in new[]
        {
            Grant with { ExpiresIn = null },
            Grant with { ExpiresAt = Instant.Parse("2027-01-01") },
            Grant with { ExpiresIn = null, ExpiresAt = Given.Now },
            Grant with { ExpiresIn = TimeSpan.Zero },
            Grant with { ExpiresIn = TimeSpan.MaxValue },
            Grant with { ExpiresIn = TimeSpan.FromTicks(1) },
            Grant with { Target = (PromotionTarget)9 },
            Grant with { Reason = " " },
            Grant with { EvaluationId = "x" },
        })
            Refused("command_invalid", state, wrong);
        var until = Decide(state, Grant with { ExpiresIn = null, ExpiresAt = Instant.Parse("2027-01-01") });
        Assert.Equal(Instant.Parse("2027-01-01"), Assert.IsType<ApprovalGranted>(until.Events[0]).ExpiresAt);
    }

    [Fact]
    public void an_approval_is_taken_back_once_and_not_after_it_was_used()
    {
        var (state, id) = Granted();
        var revoke = new RevokeApproval { CandidateId = Given.CandidateId, By = Approver, ApprovalId = id, Reason = "mistake" };
        Refused("unknown_approval", state, revoke with { ApprovalId = "ffffffffffffffffffffffff" });
        Refused("unknown_candidate", null, revoke);
        Refused("command_invalid", state, revoke with { ApprovalId = "x" });
        var decision = Decide(state, revoke);
        var revoked = Given.Fold(state, decision.Events)!;
        Assert.Equal((id, Given.Now), (decision.ApprovalId, Assert.Single(revoked.Approvals).RevokedAt));
        Assert.False(revoked.Approvals[0].CountsAt(Given.Now));
        Assert.Equal(CommandOutcome.Unchanged, Decide(revoked, revoke with { Reason = "again" }).Outcome);
        Assert.Equal(CommandOutcome.Recorded, Decide(revoked, Grant, After(1)).Outcome);

        var used = state with { Approvals = [state.Approvals[0] with { UsedBy = "dddddddddddddddddddddddd" }] };
        Refused("approval_used", used, revoke);
    }

    private static (Candidate State, string ApprovalId) Granted()
    {
        var decision = Decide(Given.ACompletedEvaluation, Grant);
        return (Given.Fold(Given.ACompletedEvaluation, decision.Events)!, decision.ApprovalId!);
    }

    private static Instant After(int days) => Instant.Of(Given.Now.ToDateTimeOffset().AddDays(days));

    private static CandidateDecision Decide(Candidate? state, CandidateCommand command, Instant? now = null) =>
        CandidateDecider.Decide(state, command, now ?? Given.Now);

    private static Refusal Refused(string code, Candidate? state, CandidateCommand command)
    {
        var decision = Decide(state, command);
        Assert.Equal((CommandOutcome.Refused, code, 0), (decision.Outcome, decision.Refusal?.Code, decision.Events.Length));
        return decision.Refusal!;
    }
}
