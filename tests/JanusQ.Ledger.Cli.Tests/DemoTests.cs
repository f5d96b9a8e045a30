using System.Diagnostics;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task the_demo_tells_its_story_twice_and_leaves_no_server_behind()
    {
        for (var time = 0; time < 2; time++)
        {
            var answer = await JanusqProgram.RunAsync("demo");
            Assert.True(answer.ExitCode == 0, answer.Error);
            Assert.Contains("Recorded: evaluation", answer.Output, StringComparison.Ordinal);
            Assert.Contains("submission_conflicted", answer.Output, StringComparison.Ordinal);
            Assert.Contains("all follow from the stored entries", answer.Output, StringComparison.Ordinal);
            var folder = answer.Output.Split('\n').Single(line => line.Contains("data folder", StringComparison.Ordinal)).Split(
                "data folder")[1].Trim();
            Assert.False(Directory.Exists(folder), $"{folder} is left behind.");
            Assert.DoesNotContain(
                Process.GetProcessesByName("postgres"), process => CommandLine(process).Contains(folder, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task the_demo_as_json_is_one_document_with_every_chapter()
    {
        var answer = await JanusqProgram.RunAsync("demo", "--output", "json");
        Assert.True(answer.ExitCode == 0, answer.Error);
        var chapters = ((JsonArray)answer.Document["story"]!).Elements.Select(
            chapter => ((JsonText)((JsonObject)chapter)["chapter"]!).Value);
        Assert.Equal(
            [
                "server", "prepared", "recorded", "repeated", "contradicted", "denied_without_approval", "promoted", "recorded_weak",
                "denied_by_evidence",
                "recorded_challenger", "denied_by_kill_switch", "denied_while_paused", "replaced", "rolled_back", "denied_after_roll_back",
                "history", "earlier", "verified", "replayed",
            ],
            chapters);
    }

    [Fact]
    public async Task the_demo_promotes_twice_denies_for_five_reasons_rolls_back_and_replays_every_decision()
    {
        var answer = await JanusqProgram.RunAsync("demo", "--output", "json");
        Assert.True(answer.ExitCode == 0, answer.Error);
        var chapters = ((JsonArray)answer.Document["story"]!).Elements.Cast<JsonObject>()
            .ToDictionary(chapter => ((JsonText)chapter["chapter"]!).Value, chapter => (JsonObject)chapter["result"]!);
        string[] ReasonsOf(string chapter) =>
            [.. ((JsonArray)((JsonObject)chapters[chapter]["decision"]!)["reasons"]!).Elements.Select(reason => ((JsonText)reason).Value)];
        Assert.Contains("human_approval_missing", ReasonsOf("denied_without_approval"));
        Assert.Contains("profitability_market_net_pnl_delta_below_threshold", ReasonsOf("denied_by_evidence"));
        Assert.Contains("kill_switch_engaged", ReasonsOf("denied_by_kill_switch"));
        Assert.Contains("candidate_paused_for_review", ReasonsOf("denied_while_paused"));
        Assert.Contains("rolled_back_evidence", ReasonsOf("denied_after_roll_back"));
        Assert.Empty(ReasonsOf("promoted"));
        Assert.Empty(ReasonsOf("replaced"));
        Assert.Equal("""{"match":7}""", chapters["replayed"]["outcomes"]!.ToString());
    }

    [Fact]
    public async Task the_sample_has_long_short_neutral_and_strong_events_and_both_actions()
    {
        var answer = await JanusqProgram.RunAsync("demo");
        Assert.Matches(@"[1-9]\d* long, [1-9]\d* short, [1-9]\d* neutral, [1-9]\d* strong", answer.Output);
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
