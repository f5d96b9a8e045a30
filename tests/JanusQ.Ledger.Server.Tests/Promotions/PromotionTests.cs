using System.Net;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Promotions;

/// <summary>From a run to a champion and back, by everybody's own requests.</summary>
public sealed class PromotionTests(PostgreSqlFixture postgreSql)
{
    private static readonly ApprovePromotionRequest Approval = new()
    {
        Target = "paper",
        ExpiresInSeconds = 7 * 24 * 3600,
        Reason = "looks good",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_candidate_is_approved_promoted_rolled_back_and_cleared()
    {
        await using var server = await PreparedAsync();
        var (run, worker) = (PromotableRun.Number(0), AClient.Of(server, "worker", "wanda"));
        var (approver, op) = (AClient.Of(server, "approver", "anna"), AClient.Of(server, "operator", "olga"));
        await run.SubmitAsync(server.Ledger, Cancellation);
        var version = await VersionAsync(server, run);
        var granted = await approver.GrantApprovalAsync(run.CandidateId, Approval, version, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, run.EvaluationId), (granted.Outcome, granted.EvaluationId));
        var again = await approver.GrantApprovalAsync(run.CandidateId, Approval, version, Cancellation);
        Assert.Equal(granted with { Outcome = RecordingResponse.Unchanged, Appended = 0, LastSequence = null }, again);

        var promoted = await worker.RequestPromotionAsync(run.CandidateId, new RequestPromotionRequest(), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, "promote"), (promoted.Outcome, promoted.Decision.GetProperty("action").GetString()));
        var repeated = await worker.RequestPromotionAsync(run.CandidateId, new RequestPromotionRequest { Target = "paper" }, Cancellation);
        Assert.Equal(
            (RecordingResponse.Unchanged, promoted.Decision.GetRawText()), (repeated.Outcome, repeated.Decision.GetRawText()));
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "approval_used",
            () => approver.RevokeApprovalAsync(
                run.CandidateId, granted.ApprovalId!, new ReasonRequest { Reason = "no" }, VersionMatch.Any, Cancellation));

        var back = new PlaceRequest { CandidateId = run.CandidateId, Reason = "losses" };
        await AClient.ProblemAsync(
            HttpStatusCode.PreconditionFailed, "version_changed",
            () => op.RollBackAsync("paper", back, VersionMatch.Exactly(0), Cancellation));
        var rolledBack = await op.RollBackAsync("paper", back, VersionMatch.Exactly(1), Cancellation);
        Assert.Equal(
            (RecordingResponse.Recorded, "paper", null, 2L),
            (rolledBack.Outcome, rolledBack.Target, rolledBack.Champion, rolledBack.PlaceVersion));
        var gone = await AClient.ProblemAsync(
            HttpStatusCode.Conflict, "not_champion", () => op.DemoteAsync("paper", back, VersionMatch.Any, Cancellation));
        Assert.Equal("paper", gone.Document.GetProperty("target").GetString());

        var barred = (await server.Ledger.Queries.CandidateAsync(run.CandidateId, Cancellation))!.RolledBackEvidence.Single().ToString();
        var clear = new ClearEvidenceRequest { ArtifactSetSha256 = barred, Reason = "explained" };
        Assert.Equal(
            RecordingResponse.Recorded,
            (await op.ClearEvidenceAsync(run.CandidateId, clear, await VersionAsync(server, run), Cancellation)).Outcome);
        Assert.Equal(
            RecordingResponse.Unchanged, (await op.ClearEvidenceAsync(run.CandidateId, clear, VersionMatch.Any, Cancellation)).Outcome);
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "evidence_not_rolled_back",
            () => op.ClearEvidenceAsync(
                run.CandidateId, clear with { ArtifactSetSha256 = new string('0', 64) }, VersionMatch.Any, Cancellation));
    }

    [Fact]
    public async Task a_champion_is_demoted()
    {
        await using var server = await PreparedAsync();
        var (run, op) = (PromotableRun.Number(0), AClient.Of(server, "admin", "ada"));
        await run.PromoteAsync(server.Ledger, Cancellation);
        var demote = new PlaceRequest { CandidateId = run.CandidateId, Reason = "maintenance" };
        var wrong = await AClient.ProblemAsync(
            HttpStatusCode.BadRequest, "request_invalid", () => op.DemoteAsync("moon", demote, VersionMatch.Any, Cancellation));
        Assert.Equal("target", wrong.Field);
        var answer = await op.DemoteAsync("paper", demote, VersionMatch.Exactly(1), Cancellation);
        Assert.Equal((2L, 2), (answer.PlaceVersion, answer.Appended));
    }

    [Fact]
    public async Task who_asks_again_because_the_answer_was_lost_gets_the_same_answer_and_nobody_else_does()
    {
        await using var server = await PreparedAsync();
        var (first, second, third) = (PromotableRun.Number(0), PromotableRun.Number(1), PromotableRun.Number(2));
        var (op, other) = (AClient.Of(server, "operator", "olga"), AClient.Of(server, "operator", "otto"));
        await first.PromoteAsync(server.Ledger, Cancellation);
        await second.PromoteAsync(server.Ledger, Cancellation);
        var (back, seen) = (new PlaceRequest { CandidateId = second.CandidateId, Reason = "losses" }, VersionMatch.Exactly(3));
        var done = await op.RollBackAsync("paper", back, seen, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, first.CandidateId, 5L), (done.Outcome, done.Champion, done.PlaceVersion));
        var recorded = await AClient.RecordedAsync(server);
        var again = done with { Outcome = RecordingResponse.Unchanged, Appended = 0 };
        foreach (var version in new[] { seen, VersionMatch.Any })
            Assert.Equal(again, await op.RollBackAsync("paper", back, version, Cancellation));
        await RefusedAsync("version_changed", () => other.RollBackAsync("paper", back, seen, Cancellation));
        await RefusedAsync("version_changed", () => op.RollBackAsync("paper", back with { Reason = "fees" }, seen, Cancellation));
        await RefusedAsync("version_changed", () => op.DemoteAsync("paper", back, seen, Cancellation));
        await RefusedAsync("not_champion", () => other.RollBackAsync("paper", back, VersionMatch.Any, Cancellation));
        Assert.Equal(recorded, await AClient.RecordedAsync(server));

        // Whatever happened since: for the version that was seen it is the same command, for any version it is a new one.
        await third.PromoteAsync(server.Ledger, Cancellation);
        Assert.Equal(again, await op.RollBackAsync("paper", back, seen, Cancellation));
        await RefusedAsync("not_champion", () => op.RollBackAsync("paper", back, VersionMatch.Any, Cancellation));
    }

    private static Task<LedgerProblemException> RefusedAsync(string code, Func<Task> call) =>
        AClient.ProblemAsync(code == "not_champion" ? HttpStatusCode.Conflict : HttpStatusCode.PreconditionFailed, code, call);

    [Fact]
    public async Task nobody_approves_a_run_that_it_submitted()
    {
        await using var server = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(server.Ledger, Cancellation);
        var before = await AClient.RecordedAsync(server);
        var name = PromotableRun.Worker.Actor;
        await AClient.ProblemAsync(
            HttpStatusCode.Forbidden,
            "not_authorised",
            () => AClient.Of(server, "worker", name).GrantApprovalAsync(run.CandidateId, Approval, VersionMatch.Any, Cancellation));
        await AClient.ProblemAsync(
            HttpStatusCode.Forbidden,
            "approval_not_independent",
            () => AClient.Of(server, "approver", name).GrantApprovalAsync(run.CandidateId, Approval, VersionMatch.Any, Cancellation));
        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task an_approval_that_was_not_used_is_taken_back()
    {
        await using var server = await PreparedAsync();
        var (run, approver) = (PromotableRun.Number(0), AClient.Of(server, "approver", "anna"));
        await run.SubmitAsync(server.Ledger, Cancellation);
        var until = Approval with { ExpiresInSeconds = null, ExpiresAt = "2026-03-01T00:00:00Z" };
        var granted = await approver.GrantApprovalAsync(run.CandidateId, until, VersionMatch.Any, Cancellation);
        var reason = new ReasonRequest { Reason = "a doubt" };
        var revoked = await approver.RevokeApprovalAsync(
            run.CandidateId, granted.ApprovalId!, reason, VersionMatch.Exactly(granted.CandidateVersion), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, granted.ApprovalId), (revoked.Outcome, revoked.ApprovalId));
        Assert.Equal(
            RecordingResponse.Unchanged,
            (await approver.RevokeApprovalAsync(run.CandidateId, granted.ApprovalId!, reason, VersionMatch.Any, Cancellation)).Outcome);
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound,
            "unknown_approval",
            () => approver.RevokeApprovalAsync(run.CandidateId, new string('0', 24), reason, VersionMatch.Any, Cancellation));
    }

    [Theory]
    [InlineData(null, null, "command_invalid", "expires_at")]
    [InlineData("2026-03-01T00:00:00Z", 60L, "command_invalid", "expires_at")]
    [InlineData("2020-03-01T00:00:00Z", null, "command_invalid", "expires_at")]
    [InlineData("soon", null, "request_invalid", "expires_at")]
    [InlineData(null, 0L, "request_invalid", "expires_in_seconds")]
    [InlineData(null, long.MaxValue, "request_invalid", "expires_in_seconds")]
    public async Task an_approval_expires_in_one_sensible_way(string? at, long? seconds, string code, string field)
    {
        await using var server = await PreparedAsync();
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(server.Ledger, Cancellation);
        var request = Approval with { ExpiresAt = at, ExpiresInSeconds = seconds };
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.BadRequest,
            code,
            () => AClient.Of(server, "approver").GrantApprovalAsync(run.CandidateId, request, VersionMatch.Any, Cancellation));
        Assert.Equal(field, problem.Field);

        // Only members of the API are named.
        Assert.DoesNotMatch("expires_in(?!_seconds)", problem.Document.GetRawText());
    }

    [Fact]
    public async Task there_is_nothing_to_decide_about_what_is_not_there()
    {
        await using var server = await PreparedAsync();
        var worker = AClient.Of(server, "worker");
        var run = PromotableRun.Number(0);
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound,
            "unknown_candidate",
            () => worker.RequestPromotionAsync(run.CandidateId, new RequestPromotionRequest(), Cancellation));
        await run.SubmitAsync(server.Ledger, Cancellation);
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound,
            "unknown_evaluation",
            () => worker.RequestPromotionAsync(
                run.CandidateId, new RequestPromotionRequest { EvaluationId = new string('0', 24) }, Cancellation));
        var wrong = await AClient.ProblemAsync(
            HttpStatusCode.BadRequest,
            "request_invalid",
            () => worker.RequestPromotionAsync(run.CandidateId, new RequestPromotionRequest { Target = "moon" }, Cancellation));
        Assert.Equal("target", wrong.Field);
    }

    private async Task<AServer> PreparedAsync()
    {
        var server = await AServer.StartAsync(postgreSql, options => options with { Clock = new StandingClock(PromotableRun.Now) });
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        return server;
    }

    private static async Task<VersionMatch> VersionAsync(AServer server, PromotableRun run) =>
        VersionMatch.Exactly((await server.Ledger.Queries.CandidateAsync(run.CandidateId, Cancellation))!.StreamVersion);
}
