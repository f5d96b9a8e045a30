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
            var folder = answer.Output.Split('\n').Single(line => line.Contains("data folder", StringComparison.Ordinal)).Split("data folder")[1].Trim();
            Assert.False(Directory.Exists(folder), $"{folder} is left behind.");
            Assert.DoesNotContain(Process.GetProcessesByName("postgres"), process => CommandLine(process).Contains(folder, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task the_demo_as_json_is_one_document_with_every_chapter()
    {
        var answer = await JanusqProgram.RunAsync("demo", "--output", "json");
        Assert.True(answer.ExitCode == 0, answer.Error);
        var chapters = ((JsonArray)answer.Document["story"]!).Elements.Select(chapter => ((JsonText)((JsonObject)chapter)["chapter"]!).Value);
        Assert.Equal(["server", "recorded", "repeated", "contradicted", "history", "earlier", "verified"], chapters);
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
