using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.LaneRuns;

public sealed class RecordLaneRunTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_finished_run_is_recorded_with_its_bytes_in_seventeen_events()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun();
        var recording = await ledger.Host.SendAsync(run, Cancellation);
        Assert.Equal(CommandOutcome.Recorded, recording.Outcome);
        Assert.Equal((17L, 17L, 17), (recording.CandidateVersion, recording.LastSequence, recording.Appended));
        Assert.Equal(run.Start.EvaluationId, recording.EvaluationId);
        foreach (var artifact in run.Artifacts)
            Assert.Equal(artifact.Content.Bytes.ToArray(), await ledger.Host.Content.ReadAsync(artifact.Content.Sha256, Cancellation));
    }

    [Fact]
    public async Task the_same_run_again_changes_nothing_and_answers_the_same()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        var again = await ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        Assert.Equal(CommandOutcome.Unchanged, again.Outcome);
        Assert.Equal((17L, 0), (again.CandidateVersion, again.Appended));
        Assert.Equal(17L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        Assert.Equal(15L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
    }

    [Fact]
    public async Task one_changed_byte_is_a_conflict_that_is_recorded_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun();
        await ledger.Host.SendAsync(run, Cancellation);
        var changed = run with { Artifacts = run.Artifacts.SetItem(3, ALedger.AnArtifact(run.Artifacts[3].Path, "{}")) };
        var conflict = await ledger.Host.SendAsync(changed, Cancellation);
        Assert.Equal(CommandOutcome.Conflict, conflict.Outcome);
        var difference = Assert.Single(conflict.Differences);
        Assert.Equal(("artifact", run.Artifacts[3].Path, changed.Artifacts[3].Content.Sha256.ToString()),
            (difference.Subject, difference.Path, difference.Submitted));
        var again = await ledger.Host.SendAsync(changed, Cancellation);
        Assert.Equal((CommandOutcome.Conflict, 0, 18L), (again.Outcome, again.Appended, again.CandidateVersion));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events where type = 'submission_conflicted'"));

        // The contradicting bytes are evidence of nothing and stay outside.
        Assert.Null(await ledger.Host.Content.ReadAsync(changed.Artifacts[3].Content.Sha256, Cancellation));
    }

    [Fact]
    public async Task what_an_interrupted_attempt_left_is_completed_and_not_doubled()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun();
        await ledger.Host.SendAsync(run.Start, Cancellation);
        foreach (var artifact in run.Artifacts.Take(4))
            await ledger.Host.SendAsync(
                new SubmitArtifact(run.Start.CandidateId, run.Start.EvaluationId, artifact, ALedger.Worker), Cancellation);
        var recording = await ledger.Host.SendAsync(run, Cancellation);
        Assert.Equal((CommandOutcome.Recorded, 12, 17L), (recording.Outcome, recording.Appended, recording.CandidateVersion));
    }

    [Fact]
    public async Task one_by_one_comes_to_the_same_candidate_as_all_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun(artifacts: 3);
        await ledger.Host.SendAsync(run.Start, Cancellation);
        foreach (var artifact in run.Artifacts)
            await ledger.Host.SendAsync(
                new SubmitArtifact(run.Start.CandidateId, run.Start.EvaluationId, artifact, ALedger.Worker), Cancellation);
        var set = ALedger.SetOf(run.Artifacts);
        var completed = await ledger.Host.SendAsync(
            new CompleteLaneRun
            {
                CandidateId = run.Start.CandidateId,
                By = ALedger.Worker,
                EvaluationId = run.Start.EvaluationId,
                ArtifactCount = set.Count,
                ArtifactSetSha256 = set.Hash(),
            },
            Cancellation);
        Assert.Equal((CommandOutcome.Recorded, 5L), (completed.Outcome, completed.CandidateVersion));
        var asAWhole = await ledger.Host.SendAsync(run, Cancellation);
        Assert.Equal(CommandOutcome.Unchanged, asAWhole.Outcome);
    }
}
