using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Cli.Tests.Policies;

public sealed class ExplainTests
{
    [Fact]
    public async Task a_code_is_explained_with_who_raises_it_and_the_remedy()
    {
        var meaning = Assert.Single(ReasonCatalogue.Find("rollback_dry_run_stale")!.Meanings);
        var answer = await JanusqProgram.RunAsync("explain", "rollback_dry_run_stale", "--output", "json");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal("rollback_dry_run_stale", answer.Text("code"));
        var entry = (JsonObject)Assert.Single(((JsonArray)answer.Document["meanings"]!).Elements);
        Assert.Equal(["raised_by", "explanation", "remedy"], entry.Members.Select(member => member.Key));
        Assert.Equal(meaning.Explanation, ((JsonText)entry["explanation"]!).Value);

        var shown = await JanusqProgram.RunAsync("explain", "rollback_dry_run_stale");
        Assert.Equal(0, shown.ExitCode);
        foreach (var text in new[] { meaning.Code, meaning.RaisedBy, meaning.Explanation, meaning.Remedy })
            Assert.Contains(text, shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_unknown_code_ends_with_3_and_the_nearest_ones()
    {
        var answer = await JanusqProgram.RunAsync("explain", "rollback_dry_run_stael", "--output", "json");
        Assert.Equal((3, "reason_code_not_found"), (answer.ExitCode, answer.Text("error", "code")));
        Assert.Equal("rollback_dry_run_stale", ((JsonText)((JsonArray)((JsonObject)answer.Document["error"]!)["near"]!)[0]).Value);
        Assert.Contains("rollback_dry_run_stale", answer.Error, StringComparison.Ordinal);

        var far = await JanusqProgram.RunAsync("explain", "#", "--output", "json");
        Assert.Equal(3, far.ExitCode);
        Assert.Empty(((JsonArray)((JsonObject)far.Document["error"]!)["near"]!).Elements);
        Assert.Equal(2, (await JanusqProgram.RunAsync("explain", "one", "two")).ExitCode);
    }

    [Fact]
    public async Task without_a_code_all_codes_are_listed()
    {
        var answer = await JanusqProgram.RunAsync("explain", "--output", "json");
        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(
            ReasonCatalogue.All.Select(entry => entry.Code),
            ((JsonArray)answer.Document["codes"]!).Elements.Select(entry => ((JsonText)((JsonObject)entry)["code"]!).Value));
        var shown = await JanusqProgram.RunAsync("explain");
        Assert.All(ReasonCatalogue.All, entry => Assert.Contains($" {entry.Code} ", shown.Output, StringComparison.Ordinal));
    }
}
