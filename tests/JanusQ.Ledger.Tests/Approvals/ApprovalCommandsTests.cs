using System.Text;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Approvals;

public sealed class ApprovalCommandsTests(PostgreSqlFixture postgres)
{
    private const string Policy = "{ \"policy_version\": \"p1\" }";

    private static readonly Submitter Approver = new("ann", Roles.Approver);
    private static readonly Submitter Operator = new("olga", Roles.Operator);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SubmitLaneRun Run(string policy = Policy)
    {
        var run = ALedger.AFinishedRun(artifacts: 2);
        var start = run.Start with { GatePolicySha256 = Sha256Hash.OfText(policy) };
        return new SubmitLaneRun(start, run.Artifacts.Add(ALedger.AnArtifact("inputs/gate_policy/p.json", policy)));
    }

    private static ApprovePromotion Approve => new()
    {
        CandidateId = Run().Start.CandidateId,
        By = Approver,
        Target = PromotionTarget.Paper,
        ExpiresIn = TimeSpan.FromDays(7),
        Reason = "reviewed",
    };

    [Fact]
    public async Task an_approval_is_bound_to_the_policy_that_the_run_was_made_with_and_granted_once_to_many_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(Run(), Cancellation);
        var recordings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(Approve, Cancellation)));
        Assert.Equal(1, recordings.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(7, recordings.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
        var id = Assert.Single(recordings.Select(recording => recording.ApprovalId).Distinct());
        var candidate = await ledger.Host.Queries.CandidateAsync(Approve.CandidateId, Cancellation);
        var approval = Assert.Single(candidate!.Approvals);
        Assert.Equal((id, "ann"), (approval.ApprovalId, approval.Approver));
        Assert.Equal(CanonicalJson.Hash(JsonValue.Read(Encoding.UTF8.GetBytes(Policy))), approval.PolicySha256);
        Assert.Equal(candidate.Evaluations[0].ArtifactSetSha256, approval.ArtifactSetSha256);
        Assert.Equal(Run().Start.EvaluationId, recordings[0].EvaluationId);

        var revoke = new RevokeApproval { CandidateId = Approve.CandidateId, By = Approver, ApprovalId = id!, Reason = "mistake" };
        Assert.Equal("not_authorised", (await ledger.Host.SendAsync(revoke with { By = Operator }, Cancellation)).Refusal?.Code);
        var revoked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ledger.Host.SendAsync(revoke, Cancellation)));
        Assert.Equal(1, revoked.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(3, revoked.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
    }

    [Fact]
    public async Task what_cannot_be_bound_is_refused_and_leaves_nothing()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        Assert.Equal("unknown_candidate", await CodeAsync(ledger, Approve));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_streams"));
        await ledger.Host.SendAsync(Run().Start, Cancellation);
        Assert.Equal("evaluation_not_completed", await CodeAsync(ledger, Approve));
        await ledger.Host.SendAsync(Run(), Cancellation);
        Assert.Equal("not_authorised", await CodeAsync(ledger, Approve with { By = Operator }));
        Assert.Equal("not_authorised", await CodeAsync(ledger, Approve with { By = Approver with { Role = Roles.Admin } }));
        Assert.Equal(
            "approval_not_independent", await CodeAsync(ledger, Approve with { By = ALedger.Worker with { Role = Roles.Approver } }));
        Assert.Equal("command_invalid", await CodeAsync(ledger, Approve with { ExpiresIn = null }));
        Assert.Equal(
            "command_invalid", await CodeAsync(ledger, Approve with { ExpiresIn = null, ExpiresAt = Instant.Parse("2020-01-01") }));
        Assert.Equal("unknown_evaluation", await CodeAsync(ledger, Approve with { EvaluationId = "ffffffffffffffffffffffff" }));
        Assert.Equal("command_invalid", await CodeAsync(ledger, Approve with { CandidateId = "Not \0 an id" }));
        Assert.Empty((await ledger.Host.Queries.CandidateAsync(Approve.CandidateId, Cancellation))!.Approvals);
    }

    [Theory]
    [InlineData("{\"gate5_live_enabled\": 1}", "policy_invalid")]
    [InlineData("no json", "json_rejected")]
    public async Task a_run_with_an_unusable_policy_cannot_be_approved(string policy, string code)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(Run(policy), Cancellation);
        Assert.Equal(code, await CodeAsync(ledger, Approve));
    }

    [Fact]
    public async Task a_policy_that_is_not_stored_or_was_altered_binds_nothing()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        Assert.Equal("policy_missing", await CodeAsync(ledger, Approve));
        await ledger.Host.Content.PutAsync(new DocumentContent("policy"u8.ToArray()), Cancellation);
        Assert.Equal(1, await ledger.TamperAsync(
            "update janusq.content set bytes = '\\x000000000000' where sha256 = $1", Sha256Hash.OfText("policy").Bytes.ToArray()));
        await Assert.ThrowsAsync<IntegrityException>(() => ledger.Host.SendAsync(Approve, Cancellation));
        Assert.Empty((await ledger.Host.Queries.CandidateAsync(Approve.CandidateId, Cancellation))!.Approvals);
    }

    [Fact]
    public async Task a_candidate_is_paused_resumed_and_cleared_once_by_many_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(Run(), Cancellation);
        var id = Approve.CandidateId;
        var pause = new PauseCandidate { CandidateId = id, By = Operator, Reason = "odd fills" };
        var paused = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ledger.Host.SendAsync(pause, Cancellation)));
        Assert.Equal(1, paused.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(CandidateStage.Paused, (await ledger.Host.Queries.CandidateAsync(id, Cancellation))!.Stage);
        var resume = new ResumeCandidate { CandidateId = id, By = Operator, Reason = "explained" };
        var resumed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ledger.Host.SendAsync(resume, Cancellation)));
        Assert.Equal(1, resumed.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        var clear = new ClearRolledBackEvidence { CandidateId = id, By = Operator, ArtifactSetSha256 = default, Reason = "r" };
        Assert.Equal("evidence_not_rolled_back", (await ledger.Host.SendAsync(clear, Cancellation)).Refusal?.Code);
        var elsewhere = await ledger.Host.SendAsync(pause with { CandidateId = "cand-unknown" }, Cancellation);
        Assert.Equal("unknown_candidate", elsewhere.Refusal?.Code);

        // Losers of a race may leave a stream of tombstones without an event in it.
        Assert.Equal(
            CandidateIdentity.StreamOf(id),
            await ledger.ScalarAsync<string>("select string_agg(id, ' ') from janusq.mt_streams where id <> 'mt_tombstone'"));

        var set = (await ledger.Host.Queries.CandidateAsync(id, Cancellation))!.Evaluations[0].ArtifactSetSha256!.Value;
        await using var session = ledger.Host.Store.LightweightSession();
        var demoted = EveryEvent.OfCandidate(Run().Start).OfType<CandidateDemoted>().Single() with { ArtifactSetSha256 = set };
        session.Events.Append(CandidateIdentity.StreamOf(id), demoted);
        await session.SaveChangesAsync(Cancellation);
        var cleared = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => ledger.Host.SendAsync(clear with { ArtifactSetSha256 = set }, Cancellation)));
        Assert.Equal(1, cleared.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(5, cleared.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
    }

    private static async Task<string?> CodeAsync(ALedger ledger, ApprovePromotion command)
    {
        var recording = await ledger.Host.SendAsync(command, Cancellation);
        Assert.Equal((CommandOutcome.Refused, 0), (recording.Outcome, recording.Appended));
        return recording.Refusal?.Code;
    }
}
