using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.LaneRuns;

public sealed class ConcurrentRecordersTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task many_recorders_of_one_run_record_it_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.ARun(99), Cancellation);
        var recordings = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation)));
        Assert.Equal(1, recordings.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(15, recordings.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
        Assert.All(recordings, recording => Assert.Equal(17L, recording.CandidateVersion));
        await NothingIsMissingAsync(ledger, 18);
    }

    [Fact]
    public async Task two_lanes_for_one_candidate_both_get_in_whole()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var runs = Enumerable.Range(0, 12).Select(i => ALedger.AFinishedRun(1 + (i % 2), 5, "cand-shared"));
        var recordings = await Task.WhenAll(runs.Select(run => ledger.Host.SendAsync(run, Cancellation)));
        Assert.Equal(2, recordings.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(10, recordings.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
        await NothingIsMissingAsync(ledger, 14);
        var candidate = await ledger.Host.Queries.CandidateAsync("cand-shared", Cancellation);
        Assert.All(candidate!.Evaluations, evaluation => Assert.Equal(EvaluationStatus.Completed, evaluation.Status));
    }

    [Fact]
    public async Task workers_that_emit_piece_by_piece_at_the_same_time_make_one_run()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var other = ledger.Another();
        var run = ALedger.AFinishedRun(artifacts: 6);
        await ledger.Host.SendAsync(run.Start, Cancellation);
        await Task.WhenAll(
            new[] { ledger.Host, other, ledger.Host, other }.SelectMany(host => run.Artifacts.Select(artifact => host.SendAsync(
                new SubmitArtifact(run.Start.CandidateId, run.Start.EvaluationId, artifact, ALedger.Worker), Cancellation))));
        await NothingIsMissingAsync(ledger, 7);
        var completed = await ledger.Host.SendAsync(run, Cancellation);
        Assert.Equal((CommandOutcome.Recorded, 1), (completed.Outcome, completed.Appended));
    }

    [Fact]
    public async Task one_contradiction_from_many_at_once_is_recorded_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun();
        await ledger.Host.SendAsync(run, Cancellation);
        var changed = run with { Artifacts = run.Artifacts.SetItem(0, ALedger.AnArtifact(run.Artifacts[0].Path, "{}")) };
        var conflicts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.Host.SendAsync(changed, Cancellation)));
        Assert.All(conflicts, conflict => Assert.Equal(CommandOutcome.Conflict, conflict.Outcome));
        Assert.Equal(1, conflicts.Sum(conflict => conflict.Appended));
        await NothingIsMissingAsync(ledger, 18);
    }

    [Fact]
    public async Task a_refused_command_records_nothing_not_even_a_stream()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.ARun(9), Cancellation);
        var malformed = await ledger.Host.SendAsync(ALedger.ARun() with { CandidateId = "Not \0 an id" }, Cancellation);
        Assert.Equal(("command_invalid", 0), (malformed.Refusal?.Code, malformed.Appended));
        var unknown = await ledger.Host.SendAsync(
            new SubmitArtifact("cand-unknown", ALedger.ARun().EvaluationId, ALedger.AnArtifact("a.json", "a"), ALedger.Worker),
                Cancellation);
        Assert.Equal("unknown_evaluation", unknown.Refusal?.Code);
        var twice = ALedger.AFinishedRun();
        twice = twice with { Artifacts = twice.Artifacts.Add(twice.Artifacts[0]) };
        await Assert.ThrowsAsync<Core.RefusedException>(() => ledger.Host.SendAsync(twice, Cancellation));
        await NothingIsMissingAsync(ledger, 1);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_streams"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
    }

    [Theory]
    [InlineData("mt_events")]
    [InlineData("mt_doc_candidate")]
    [InlineData("content")]
    public async Task a_write_that_fails_in_the_middle_leaves_nothing_of_the_run(string table)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await ledger.ExecuteAsync($"""
            create function fails() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
            create constraint trigger fails after insert on janusq.{table} for each row execute function fails();
            """);
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation));

        // What Marten may leave in place of the events is a tombstone in a stream of its own, which keeps readers from waiting for the gap.
        const string OfTheRun = """
            select (select count(*) from janusq.mt_events where type <> 'tombstone')
                + (select count(*) from janusq.mt_streams where id <> 'mt_tombstone')
                + (select count(*) from janusq.mt_doc_candidate) + (select count(*) from janusq.content)
            """;
        Assert.Equal(0L, await ledger.ScalarAsync<long>(OfTheRun));
        await ledger.ExecuteAsync($"drop trigger fails on janusq.{table}");
        Assert.Equal((CommandOutcome.Recorded, 17), await OutcomeAsync(ledger));
    }

    [Fact]
    public async Task fail_and_skip_are_recorded_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.ARun();
        await ledger.Host.SendAsync(run, Cancellation);
        var fail = new FailLaneRun
        {
            CandidateId = run.CandidateId,
            By = ALedger.Worker,
            RunId = run.RunId,
            EvaluationId = run.EvaluationId,
            ErrorCode = "disk_full",
            Message = "No space is left.",
        };
        var skip = new SkipLaneRun
        {
            CandidateId = run.CandidateId,
            By = ALedger.Worker,
            RunId = run.RunId,
            Reason = "no_signal",
            WindowStart = Instant.Parse("2026-01-05"),
            WindowEnd = Instant.Parse("2026-01-06"),
        };
        Assert.Equal(CommandOutcome.Recorded, (await ledger.Host.SendAsync(fail, Cancellation)).Outcome);
        Assert.Equal(CommandOutcome.Unchanged, (await ledger.Host.SendAsync(fail, Cancellation)).Outcome);
        Assert.Equal(CommandOutcome.Recorded, (await ledger.Host.SendAsync(skip, Cancellation)).Outcome);
        Assert.Equal(CommandOutcome.Unchanged, (await ledger.Host.SendAsync(skip, Cancellation)).Outcome);
        await NothingIsMissingAsync(ledger, 3);
    }

    private static async Task<(CommandOutcome Outcome, int Appended)> OutcomeAsync(ALedger ledger)
    {
        var recording = await ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        return (recording.Outcome, recording.Appended);
    }

    private static async Task NothingIsMissingAsync(ALedger ledger, long events)
    {
        Assert.Equal(events, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        Assert.Equal(events, await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events"));
        Assert.Equal(events, await ledger.ScalarAsync<long>("select last_value from janusq.mt_events_sequence"));
    }
}
