using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Tests.Policies;

public sealed class PolicyDiffTests
{
    [Fact]
    public async Task every_changed_value_in_use_shows_its_effect_and_meaning()
    {
        using var folder = new TemporaryFolder();
        var before = folder.Write(
            "before.json", """{"gate1_min_trade_count":5,"policy_version":"a","own":1,"rollback_dry_run_max_age_hours":72}""");
        var after = folder.Write("after.json", """{"gate1_min_trade_count":9,"policy_version":"b","gate5_live_enabled":true}""");
        var answer = await JanusqProgram.RunAsync("policy", "diff", before, after, "--output", "json");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(["before", "after", "changes"], answer.Document.Members.Select(member => member.Key));
        Assert.Equal(HashOf(before), answer.Text("before"));
        Assert.Equal(HashOf(after), answer.Text("after"));
        var changes = ((JsonArray)answer.Document["changes"]!).Elements.Cast<JsonObject>().ToDictionary(
            change => ((JsonText)change["key"]!).Value);
        Assert.Equal(
            ["gate1_min_trade_count:stricter", "gate5_live_enabled:looser", "own:other", "policy_version:other"],
            changes.Select(change => $"{change.Key}:{((JsonText)change.Value["effect"]!).Value}").Order(StringComparer.Ordinal));
        Assert.Equal(("5", "9"), (CanonicalJson.Text(
            changes["gate1_min_trade_count"]["before"]!), CanonicalJson.Text(changes["gate1_min_trade_count"]["after"]!)));
        Assert.Equal("Fewest trades.", ((JsonText)changes["gate1_min_trade_count"]["meaning"]!).Value);

        var shown = await JanusqProgram.RunAsync("policy", "diff", before, after);
        Assert.Equal(0, shown.ExitCode);
        Assert.Matches(@"gate1_min_trade_count\s+│ 5\s+│ 9\s+│ stricter\s+│ Fewest trades\.", shown.Output);
        Assert.Matches(@"gate5_live_enabled\s+│ false\s+│ true\s+│ looser", shown.Output);
    }

    [Fact]
    public async Task a_default_that_is_spelled_out_is_no_difference()
    {
        using var folder = new TemporaryFolder();
        var arguments = new[]
        {
            "policy", "diff", folder.Write("before.json", "{}"),
            folder.Write("after.json", """{"gate1_min_trade_count":1,"gate0_max_null_rate":"0.0100"}"""),
        };
        var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json"]);
        Assert.Empty(((JsonArray)answer.Document["changes"]!).Elements);
        Assert.NotEqual(answer.Text("before"), answer.Text("after"));
        Assert.Contains("No value in use differs.", (await JanusqProgram.RunAsync(arguments)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_policy_that_cannot_be_compared_is_named_whichever_of_the_two_it_is()
    {
        using var folder = new TemporaryFolder();
        var sound = folder.Write("sound.json", "{}");
        foreach (var (content, code) in new[]
                 {
                     ("{", "json_rejected"),
                     ("""{"a":1,"a":2}""", "json_rejected"),
                     ("null", "document_not_object"),
                     ("""{"gate5_live_enabled":1}""", "policy_invalid"),
                 })
        {
            var faulty = folder.Write("faulty.json", content);
            foreach (var pair in new[] { (faulty, sound), (sound, faulty) })
            {
                var answer = await JanusqProgram.RunAsync("policy", "diff", pair.Item1, pair.Item2, "--output", "json");
                Assert.Equal((1, code, faulty), (answer.ExitCode, answer.Text("error", "code"), answer.Text("error", "file")));
                Assert.Contains(faulty, answer.Error, StringComparison.Ordinal);
            }
        }

        var absent = await JanusqProgram.RunAsync("policy", "diff", sound, folder.At("absent.json"), "--output", "json");
        Assert.Equal((1, "input_unreadable"), (absent.ExitCode, absent.Text("error", "code")));
        Assert.Equal(2, (await JanusqProgram.RunAsync("policy", "diff", sound)).ExitCode);
    }

    private static string HashOf(string path) => CanonicalJson.Hash(JsonValue.Read(File.ReadAllBytes(path))).ToString();
}
