using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Tests.LaneRuns;

/// <summary>A program that records a run is killed without warning; the same again gives one complete run.</summary>
public sealed class KilledRecorderTests(PostgreSqlFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    public async Task killed_after_some_artifacts(int artifacts)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        using var recorder = Start(ledger, artifacts.ToString(CultureInfo.InvariantCulture));
        await SaysAsync(recorder, "done");
        Kill(recorder);
        Assert.Equal(artifacts + 1L, await EventsAsync(ledger));
        await TheSameAgainGivesOneCompleteRunAsync(ledger, CommandOutcome.Recorded);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("mt_events")]
    [InlineData("mt_doc_candidate")]
    public async Task killed_inside_the_transaction_while_it_waits_for(string table)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var blocking = await connection.BeginTransactionAsync(Cancellation);
        await using var lockTable = new NpgsqlCommand($"lock table janusq.{table} in exclusive mode", connection, blocking);
        await lockTable.ExecuteNonQueryAsync(Cancellation);
        using var recorder = Start(ledger, "whole");
        await SaysAsync(recorder, "ready");
        await UntilAsync(async () => await ledger.ScalarAsync<long>(
            "select count(*) from pg_locks l join pg_class c on c.oid = l.relation where not l.granted and c.relname = $1", table) > 0);
        Kill(recorder);
        await blocking.RollbackAsync(Cancellation);
        await TheSameAgainGivesOneCompleteRunAsync(ledger, CommandOutcome.Recorded);
    }

    [Fact]
    public async Task killed_after_the_commit()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        using var recorder = Start(ledger, "whole");
        await SaysAsync(recorder, "done");
        Kill(recorder);
        await TheSameAgainGivesOneCompleteRunAsync(ledger, CommandOutcome.Unchanged);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(150)]
    [InlineData(300)]
    public async Task killed_at_any_moment(int milliseconds)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        using var recorder = Start(ledger, milliseconds % 4 == 0 ? "whole" : "15");
        await SaysAsync(recorder, "ready");
        await Task.Delay(milliseconds, Cancellation);
        Kill(recorder);
        await TheSameAgainGivesOneCompleteRunAsync(ledger, null);
    }

    private static async Task TheSameAgainGivesOneCompleteRunAsync(ALedger ledger, CommandOutcome? expected)
    {
        var run = KnownRun.Finished;
        var recording = await ledger.Host.SendAsync(run, Cancellation);
        Assert.Contains(recording.Outcome, expected is { } one ? [one] : new[] { CommandOutcome.Recorded, CommandOutcome.Unchanged });
        Assert.Equal(17L, await EventsAsync(ledger));
        Assert.Equal(
            17L, await ledger.ScalarAsync<long>("select count(distinct version) from janusq.mt_events where version between 1 and 17"));
        Assert.Equal(15L, await ledger.ScalarAsync<long>(
            "select count(distinct data ->> 'path') from janusq.mt_events where type = 'artifact_emitted'"));
        Assert.Equal(17L, await ledger.ScalarAsync<long>("select version from janusq.mt_streams"));
        var candidate = await ledger.Host.Queries.CandidateAsync(run.Start.CandidateId, Cancellation);
        Assert.Equal((CandidateStage.Evaluated, 17L), (candidate!.Stage, candidate.StreamVersion));
        Assert.Equal(ALedger.SetOf(run.Artifacts), candidate.Evaluations.Single().Artifacts);
        foreach (var artifact in run.Artifacts)
            Assert.Equal(artifact.Content.Bytes.ToArray(), await ledger.Host.Content.ReadAsync(artifact.Content.Sha256, Cancellation));
        Assert.Equal(CommandOutcome.Unchanged, (await ledger.Host.SendAsync(run, Cancellation)).Outcome);
    }

    private static Task<long> EventsAsync(ALedger ledger) => ledger.ScalarAsync<long>("select count(*) from janusq.mt_events");

    private static Process Start(ALedger ledger, string how)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.RunRecorder.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, ledger.ConnectionString, how]) { RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private static async Task SaysAsync(Process recorder, string word)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while (await recorder.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            // Standard output belongs to the program's own answers: no library may write to it.
            Assert.Contains(line, new[] { "ready", "done" });
            if (line == word) return;
        }

        Assert.Fail($"The recorder ended before it said '{word}'.");
    }

    private static void Kill(Process recorder)
    {
        recorder.Kill();
        recorder.WaitForExit();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "It did not come to that.");
            await Task.Delay(20, Cancellation);
        }
    }
}
