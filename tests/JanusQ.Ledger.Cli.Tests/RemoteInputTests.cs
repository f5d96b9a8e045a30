using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>What is asked for wrongly, or by the wrong one, is refused for the same reason on a server and on a database.</summary>
public sealed class RemoteInputTests(PostgreSqlFixture postgreSql)
{
    private static readonly string Policy = JanusqProgram.InRepository("config", "gate-policy.json");

    [Fact]
    public async Task what_names_nothing_is_refused_as_on_a_database_and_never_sent()
    {
        var paths = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Use((context, next) =>
        {
            paths.Enqueue(context.Request.Path);
            return next(context);
        }));
        (int Exit, string Code, string[] Arguments)[] calls =
        [
            (1, "command_invalid", ["pause", "..", "--reason", "r"]),
            (1, "command_invalid", ["pause", "", "--reason", "r"]),
            (1, "command_invalid", ["resume", ".", "--reason", "r"]),
            (1, "command_invalid", ["promote", ".."]),
            (1, "command_invalid", ["approve", "..", "--target", "paper", "--reason", "r", "--expires-in", "7d"]),
            (1, "command_invalid", ["revoke", "cand-0123456789ab", "..", "--reason", "r"]),
            (1, "command_invalid", ["evidence", "clear", "..", "--artifact-set", new string('a', 64), "--reason", "r"]),
            (1, "command_invalid", ["policy", "publish", "..", "--file", Policy, "--note", "n"]),
            (1, "command_invalid", ["policy", "activate", "", "--note", "n"]),
            (1, "command_invalid", ["policy", "approve", "..", "--version", "1", "--reason", "r"]),
            (3, "unknown_key", ["key", "revoke", ".."]),
            (3, "unknown_key", ["key", "revoke", ""]),
            (2, "", ["candidate", "list", "--after", "../x"]),
        ];
        foreach (var (exit, code, arguments) in calls)
        {
            var remote = await served.AskAsync(exit, "ada.admin", arguments);
            Assert.Equal((await served.LocallyAsync(exit, arguments)).Output, remote.Output);
            if (code.Length > 0) Assert.Equal(code, remote.Text("error", "code"));
        }

        Assert.Empty(paths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("schlüssel")]
    public async Task a_key_that_no_header_can_carry_is_refused_before_anything_is_sent(string key)
    {
        var answer = await JanusqProgram.RunAsync(
            "candidate", "list", "--output", "json", "--server", "http://127.0.0.1:1", "--key", key);
        Assert.Equal((2, "key_malformed"), (answer.ExitCode, answer.Text("error", "code")));
    }

    [Fact]
    public async Task a_refused_role_is_told_with_those_that_are_needed_as_on_a_database()
    {
        await using var served = await ServedLedger.StartAsync(postgreSql);
        string[] pause = ["pause", "cand-0123456789ab", "--reason", "r"];
        var remote = await served.AskAsync(6, "wanda.worker", pause);
        var local = await served.LocallyAsync(6, [.. pause, "--actor", "wanda", "--role", "worker"]);
        Assert.Equal(local.Output, remote.Output);
        Assert.Equal("wanda acts as worker; this needs the role operator or admin.", remote.Text("error", "message"));
        Assert.Equal("worker", remote.Text("error", "refused", "role"));
    }

    [Fact]
    public async Task candidates_are_listed_page_by_page_after_the_same_candidates_as_on_a_database()
    {
        await using var served = await ServedLedger.StartAsync(postgreSql);
        for (var number = 1; number <= 4; number++)
            await served.Ledger.SendAsync(SmallRuns.ARun(number), TestContext.Current.CancellationToken);
        var first = await served.LocallyAsync(0, "candidate", "list", "--limit", "2");
        string[][] pages =
        [
            ["--limit", "10000"], ["--limit", "2"], ["--limit", "2", "--after", first.Text("next_after")],
            ["--stage", "evaluating", "--limit", "1", "--after", first.Text("next_after")], ["--after", "cand-zzzzzzzzzzzz"],
        ];
        foreach (var page in pages)
        {
            string[] list = ["candidate", "list", .. page];
            Assert.Equal((await served.LocallyAsync(0, list)).Output, (await served.AskAsync(0, "carla.compliance", list)).Output);
        }
    }

    [Fact]
    public async Task more_candidates_than_a_server_gives_at_once_are_asked_for_until_there_are_enough()
    {
        var asked = new List<string>();
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Map("/v1", all => all.Run(context =>
        {
            var query = context.Request.Query;
            asked.Add($"{query["limit"]} {query["after"]}");
            var ids = Enumerable.Range(0, int.Parse(query["limit"]!, System.Globalization.CultureInfo.InvariantCulture))
                .Select(number => $"{{\"candidate_id\":\"cand-{asked.Count}-{number}\"}}");
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($"{{\"candidates\":[{string.Join(',', ids)}],\"next_cursor\":\"more\"}}");
        })));
        var answer = await served.AskAsync(0, "carla.compliance", "candidate", "list", "--limit", "2500");
        Assert.Equal(["1000 ", "1000 cand-1-999", "500 cand-2-999"], asked);
        Assert.Equal((2500, "cand-3-499"), (((JsonArray)answer.Document["candidates"]!).Count, answer.Text("next_after")));
    }
}
