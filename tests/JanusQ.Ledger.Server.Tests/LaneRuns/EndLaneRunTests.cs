using System.Net;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

public sealed class EndLaneRunTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_run_is_completed_once_it_has_all_artifacts()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var (a, b) = (ARun.Artifact("a.json", "1"), ARun.Artifact("b.json", "2"));
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, a, Cancellation);
        await AClient.ProblemAsync(
            HttpStatusCode.UnprocessableEntity,
            "artifacts_incomplete",
            () => worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a, b), Cancellation));
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, b, Cancellation);
        var first = await worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a, b), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, evaluation, 4L), (first.Outcome, first.EvaluationId, first.CandidateVersion));
        var again = await worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a, b), Cancellation);
        Assert.Equal(first with { Outcome = RecordingResponse.Unchanged, Appended = 0, LastSequence = null }, again);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "submission_conflicted",
            () => worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a), Cancellation));
        Assert.Equal(
            [SubmissionSubject.ArtifactCount, SubmissionSubject.ArtifactSet],
            problem.Document.GetProperty("differences").EnumerateArray().Select(one => one.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task a_run_that_failed_stays_failed()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var failure = new FailLaneRunRequest
        {
            RunId = ARun.RunId,
            EvaluationId = evaluation,
            ErrorCode = "out_of_memory",
            Message = "It was too much.",
        };
        Assert.Equal(RecordingResponse.Recorded, (await worker.FailLaneRunAsync(ARun.CandidateId, failure, Cancellation)).Outcome);
        Assert.Equal(RecordingResponse.Unchanged, (await worker.FailLaneRunAsync(ARun.CandidateId, failure, Cancellation)).Outcome);
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "submission_conflicted",
            () => worker.FailLaneRunAsync(ARun.CandidateId, failure with { Message = "Another." }, Cancellation));
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "evaluation_failed",
            () => worker.PutArtifactAsync(ARun.CandidateId, evaluation, ARun.Artifact("a", "1"), Cancellation));
        var wrong = await AClient.ProblemAsync(
            HttpStatusCode.BadRequest,
            "command_invalid",
            () => worker.FailLaneRunAsync(ARun.CandidateId, failure with { ErrorCode = "Out of memory" }, Cancellation));
        Assert.Equal("error_code", wrong.Field);
    }

    [Fact]
    public async Task a_window_without_signals_is_recorded()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var skip = new SkipLaneRunRequest
        {
            RunId = ARun.RunId,
            Reason = "no signals",
            WindowStart = "2026-02-25T06:00:00Z",
            WindowEnd = "2026-02-25T07:00:00+00:00",
        };
        Assert.Equal(RecordingResponse.Recorded, (await worker.SkipLaneRunAsync(ARun.CandidateId, skip, Cancellation)).Outcome);
        Assert.Equal(RecordingResponse.Unchanged, (await worker.SkipLaneRunAsync(ARun.CandidateId, skip, Cancellation)).Outcome);
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "submission_conflicted",
            () => worker.SkipLaneRunAsync(ARun.CandidateId, skip with { Reason = "a holiday" }, Cancellation));
        foreach (var (request, code, field) in new[]
        {
            (skip with { WindowEnd = "2026-02-25T05:00:00Z" }, "command_invalid", "window_end"),
            (skip with { WindowStart = "today" }, "request_invalid", "window_start"),
        })
        {
            var problem = await AClient.ProblemAsync(
                HttpStatusCode.BadRequest, code, () => worker.SkipLaneRunAsync(ARun.CandidateId, request, Cancellation));
            Assert.Equal(field, problem.Field);
        }
    }
}
