using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>
/// A lane run that is killed at some moment, and then the same command again: one complete run, nothing doubled, nothing half.
/// </summary>
public sealed class KilledLaneRunTests(PostgreSqlFixture postgreSql)
{
    private static readonly string[] Command =
    [
        "lane", "run", "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"),
        "--strategy-config", JanusqProgram.InRepository("config", "sample", "strategies.yaml"), "--promotion-target", "paper", "--output",
        "json",
    ];

    private static readonly string[] Decided =
        ["gate_matrix_evaluated", "prerequisites_evaluated", "rollback_readiness_evaluated", "promotion_decided"];

    [Fact]
    public async Task killed_at_any_moment_and_run_again_there_is_one_complete_run()
    {
        using var folder = new TemporaryFolder();
        var undisturbed = await MeasureAsync(folder);
        var kills = 0;
        for (var step = 1; step <= 8; step++)
        {
            await using var database = await postgreSql.NewLedgerDatabaseAsync();
            var output = folder.At($"out-{step}");
            string[] command = [.. Command, "--output-dir", output, "--connection", database.ConnectionString];
            using (var process = JanusqProgram.Start(null, command))
            {
                var ended = await Task.WhenAny(
                    process.WaitForExitAsync(TestContext.Current.CancellationToken),
                    Task.Delay(undisturbed * step / 8, TestContext.Current.CancellationToken));
                if (!process.HasExited) kills++;
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                await ended;
            }

            var again = await JanusqProgram.RunAsync(command);
            Assert.True(again.ExitCode == 0, again.Error);
            await AssertOneCompleteRunAsync(database, again, output);
        }

        Assert.True(kills >= 4, $"Only {kills} of 8 runs were still going when they were to be killed.");
    }

    [Fact]
    public async Task an_embedded_server_whose_program_was_killed_is_found_again()
    {
        using var folder = new TemporaryFolder();
        using var data = new DataFolder();
        string[] command = [.. Command, "--output-dir", folder.At("out"), "--data", data.Path];
        using (var process = JanusqProgram.Start(null, command))
        {
            await Task.WhenAny(
                process.WaitForExitAsync(TestContext.Current.CancellationToken), Task.Delay(2000, TestContext.Current.CancellationToken));
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var again = await JanusqProgram.RunAsync(command);
        Assert.True(again.ExitCode == 0, again.Error);
        var list = await JanusqProgram.RunAsync("candidate", "list", "--output", "json", "--data", data.Path);
        Assert.Single(((JsonArray)list.Document["candidates"]!).Elements);
    }

    private async Task<TimeSpan> MeasureAsync(TemporaryFolder folder)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var started = TimeProvider.System.GetTimestamp();
        var answer = await JanusqProgram.RunAsync(
            [.. Command, "--output-dir", folder.At("undisturbed"), "--connection", database.ConnectionString]);
        Assert.Equal(0, answer.ExitCode);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static async Task AssertOneCompleteRunAsync(TestDatabase database, ProgramAnswer again, string output)
    {
        Assert.Contains(again.Text("status"), new[] { "recorded", "unchanged" });
        var history = await JanusqProgram.RunAsync(
            "candidate", "history", again.Text("candidate_id"), "--output", "json", "--connection", database.ConnectionString);
        var types = ((JsonArray)history.Document["events"]!).Elements.Select(recorded => ((JsonText)((JsonObject)recorded)["type"]!).Value)
            .ToArray();
        Assert.Equal("lane_run_started", types[0]);
        var completed = Array.IndexOf(types, "lane_run_completed");
        Assert.All(types[1..completed], type => Assert.Equal("artifact_emitted", type));
        Assert.Equal(Decided, types[(completed + 1)..]);
        foreach (var file in ((JsonArray)again.Document["files"]!).Elements.Cast<JsonObject>())
        {
            var bytes = await File.ReadAllBytesAsync(
                Path.Combine(output, ((JsonText)file["path"]!).Value), TestContext.Current.CancellationToken);
            Assert.Equal(((JsonText)file["sha256"]!).Value, Sha256Hash.Of(bytes).ToString());
        }

        Assert.Empty(Directory.EnumerateFiles(output, "*.janusq-part", SearchOption.AllDirectories));
    }
}
