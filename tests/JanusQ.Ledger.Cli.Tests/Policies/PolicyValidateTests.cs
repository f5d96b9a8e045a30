using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Cli.Tests.Policies;

public sealed class PolicyValidateTests
{
    [Theory]
    [InlineData("gate-policy.json")]
    [InlineData("gate-policy-basic.json")]
    public async Task the_shipped_policies_are_valid(string name)
    {
        var path = JanusqProgram.InRepository("config", name);
        var answer = await ValidateAsync(path);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(
            ["valid", "policy_hash", "policy_version", "values", "unknown_keys"], answer.Document.Members.Select(member => member.Key));
        Assert.Equal(
            CanonicalJson.Hash(JsonValue.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))).ToString(),
            answer.Text("policy_hash"));
        Assert.Equal(PolicyKeys.All.Select(key => key.Name), Values(answer).Keys);
        Assert.Equal("false", CanonicalJson.Text(Values(answer)["gate5_live_enabled"]["value"]!));
        Assert.Empty(((JsonArray)answer.Document["unknown_keys"]!).Elements);
    }

    [Fact]
    public async Task every_value_in_use_says_where_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "policy.json", """{"gate1_min_trade_count":7,"promotion_min_trade_count":-3,"zebra":1,"gate0_max_null_rate":"0.050"}""");
        var answer = await ValidateAsync(path);
        var values = Values(answer);
        Assert.Equal(("7", "given"), Of("gate1_min_trade_count"));
        Assert.Equal(("0", "floor"), Of("promotion_min_trade_count"));
        Assert.Equal(("\"0.050\"", "given"), Of("gate0_max_null_rate"));
        Assert.Equal(("1", "default"), Of("gate1_min_decision_count"));
        Assert.Equal("""["zebra"]""", CanonicalJson.Text(answer.Document["unknown_keys"]!));

        var shown = await JanusqProgram.RunAsync("policy", "validate", path);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains(answer.Text("policy_hash"), shown.Output, StringComparison.Ordinal);
        Assert.Contains("No rule knows the key zebra", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"gate1_min_trade_count\s+│ 7\s+│ given", shown.Output);

        (string Value, string Source) Of(string key) =>
            (CanonicalJson.Text(values[key]["value"]!), ((JsonText)values[key]["source"]!).Value);
    }

    [Fact]
    public async Task an_invalid_policy_is_refused_with_every_fault_on_a_line_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "policy.json", """{"gate5_live_enabled":"no","gate1_min_trade_count":true,"promotion_required_artifacts":["../secret"]}""");
        var answer = await ValidateAsync(path);
        Assert.Equal((1, "policy_invalid"), (answer.ExitCode, answer.Text("error", "code")));
        var error = (JsonObject)answer.Document["error"]!;
        Assert.Equal(["code", "message", "file", "keys", "faults"], error.Members.Select(member => member.Key));
        Assert.Equal(
            """["gate1_min_trade_count","gate5_live_enabled","promotion_required_artifacts"]""", CanonicalJson.Text(error["keys"]!));
        Assert.Equal(
            """{"expected":"true or false","found":"\"no\"","key":"gate5_live_enabled"}""",
            CanonicalJson.Text(((JsonArray)error["faults"]!)[1]));
        var lines = answer.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith($"janusq: The policy '{path}' is invalid", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  gate1_min_trade_count: expected an integer", lines[1], StringComparison.Ordinal);
        Assert.Equal("  gate5_live_enabled: expected true or false, found \"no\"", lines[2]);
        Assert.Contains("../secret", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"policy_version":"a" """, "json_rejected", "line 1")]
    [InlineData("""{"policy_version":"a","policy_version":"b"}""", "json_rejected", "'policy_version' stands twice")]
    [InlineData("[]", "document_not_object", "must be a JSON object")]
    [InlineData("", "json_rejected", "line 1")]
    public async Task a_file_that_holds_no_policy_gets_one_clear_error(string content, string code, string place)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("policy.json", content);
        var answer = await ValidateAsync(path);
        Assert.Equal((1, code), (answer.ExitCode, answer.Text("error", "code")));
        Assert.Equal(path, answer.Text("error", "file"));
        Assert.Equal("policy", answer.Text("error", "refused", "document"));
        Assert.Contains(place, Assert.Single(answer.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_missing_file_is_named_and_a_missing_argument_is_not_understood()
    {
        using var folder = new TemporaryFolder();
        var answer = await ValidateAsync(folder.At("absent.json"));
        Assert.Equal((1, "input_unreadable"), (answer.ExitCode, answer.Text("error", "code")));
        Assert.Contains("absent.json", answer.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await JanusqProgram.RunAsync("policy", "validate")).ExitCode);
    }

    [Fact]
    public async Task control_characters_of_a_policy_do_not_reach_the_terminal()
    {
        using var folder = new TemporaryFolder();
        var shown = await JanusqProgram.RunAsync(
            "policy", "validate", folder.Write("policy.json", """{"policy_version":"a\u001b[2J","\u001b[1m[red]":1}"""));
        Assert.Equal(0, shown.ExitCode);
        Assert.DoesNotContain('\u001b', shown.Output);
        Assert.Contains("""the key "\u001b[1m[red]":""", shown.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramAnswer> ValidateAsync(string path) => JanusqProgram.RunAsync("policy", "validate", path, "--output", "json");

    private static Dictionary<string, JsonObject> Values(ProgramAnswer answer) => ((JsonArray)answer.Document["values"]!).Elements
        .Cast<JsonObject>().ToDictionary(value => ((JsonText)value["key"]!).Value);
}
