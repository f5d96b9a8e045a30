using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

public sealed class CandidateCommandTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task a_candidate_is_shown_as_of_a_version_and_as_of_an_instant()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database, "paper");
        var now = await AskAsync(database, "candidate", "show", id);
        Assert.Equal("denied", now.Text("stage"));
        var version = (int)((JsonInteger)now.Document["version"]!).Value;
        var stages = new List<string>();
        for (var at = 1; at <= version; at++)
        {
            var then = await AskAsync(
                database, "candidate", "show", id, "--version", at.ToString(System.Globalization.CultureInfo.InvariantCulture));
            stages.Add(then.Text("stage"));
        }

        Assert.Equal(["evaluating", "evaluated", "denied"], stages.Distinct());

        Assert.Equal(now.Output, (await AskAsync(database, "candidate", "show", id, "--at", now.Text("changed_at"))).Output);
        Assert.Equal(3, (await AskAsync(database, "candidate", "show", id, "--at", "2020-01-01")).ExitCode);
        Assert.Equal(3, (await AskAsync(database, "candidate", "show", id, "--version", "999")).ExitCode);
    }

    [Fact]
    public async Task what_does_not_exist_ends_with_3()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        foreach (var verb in new[] { "show", "history" })
        {
            var answer = await AskAsync(database, "candidate", verb, "cand-000000000000");
            Assert.Equal((3, "candidate_not_found"), (answer.ExitCode, answer.Text("error", "code")));
        }
    }

    [Fact]
    public async Task candidates_are_listed_page_by_page_and_by_target()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var paper = await RecordAsync(database, "paper");
        var shadow = await RecordAsync(database, "shadow");
        var first = await AskAsync(database, "candidate", "list", "--limit", "1");
        var second = await AskAsync(database, "candidate", "list", "--limit", "1", "--after", first.Text("next_after"));
        Assert.Equal(new[] { paper, shadow }.Order(StringComparer.Ordinal), Ids(first).Concat(Ids(second)));
        Assert.Equal(JsonKind.Null, second.Document["next_after"]!.Kind);
        Assert.Equal([shadow], Ids(await AskAsync(database, "candidate", "list", "--promotion-target", "shadow")));
        Assert.Equal(2, Ids(await AskAsync(database, "candidate", "list", "--stage", "denied")).Length);
        Assert.Empty(Ids(await AskAsync(database, "candidate", "list", "--stage", "evaluating")));
        Assert.Empty(Ids(await AskAsync(database, "candidate", "list", "--reason", "drawdown_exceeds_maximum")));
        var shown = await AskAsync(database, "candidate", "show", paper);
        var policy = ((JsonText)((JsonObject)((JsonArray)shown.Document["evaluations"]!)[0])["gate_policy_sha256"]!).Value;
        var changed = shown.Text("changed_at");
        Assert.Equal(
            [paper], Ids(await AskAsync(database, "candidate", "list", "--target", "paper", "--policy", policy, "--since", changed)));
        Assert.DoesNotContain(paper, Ids(await AskAsync(database, "candidate", "list", "--policy", policy, "--until", changed)));
        foreach (var wrong in new[] { "--policy abc", "--since yesterday", "--until 1", "--stage flying", "--target moon" })
            Assert.Equal(2, (await AskAsync(database, ["candidate", "list", .. wrong.Split(' ')])).ExitCode);
    }

    [Fact]
    public async Task history_names_every_event_with_who_and_when()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database, "paper");
        var answer = await AskAsync(database, "candidate", "history", id);
        var events = ((JsonArray)answer.Document["events"]!).Elements.Cast<JsonObject>().ToArray();
        Assert.Equal(Enumerable.Range(1, events.Length), events.Select(recorded => (int)((JsonInteger)recorded["version"]!).Value));
        Assert.All(events, recorded => Assert.Equal("\"a-worker\"", recorded["actor"]!.ToString()));
        Assert.Contains(events, recorded => recorded["data"]!.ToString().Contains("janus-event-car-v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task db_status_says_which_server_it_is_and_how_far_the_ledger_has_come()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var before = await AskAsync(database, "db", "status");
        Assert.Equal("explicit", before.Text("server", "origin"));
        Assert.Equal("0", ((JsonObject)before.Document["ledger"]!)["candidate_count"]!.ToString());
        await RecordAsync(database, "paper");
        var after = (JsonObject)(await AskAsync(database, "db", "status")).Document["ledger"]!;
        Assert.Equal(("true", "1"), (after["exists"]!.ToString(), after["candidate_count"]!.ToString()));
    }

    [Fact]
    public async Task projections_are_listed_compared_and_rebuilt()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await RecordAsync(database, "paper");
        JsonObject Of(ProgramAnswer answer, string name) => ((JsonArray)answer.Document["projections"]!).Elements.Cast<JsonObject>()
            .Single(one => ((JsonText)one["name"]!).Value == name);

        var behind = await AskAsync(database, "db", "status");
        Assert.Equal(
            ("\"inline\"", "0"), (Of(behind, "Candidate")["lifecycle"]!.ToString(), Of(behind, "Candidate")["events_behind"]!.ToString()));
        Assert.Equal(
            ("\"async\"", "0"),
            (Of(behind, "Compliance")["lifecycle"]!.ToString(), Of(behind, "Compliance")["complete_up_to_sequence"]!.ToString()));
        var rebuilt = await AskAsync(database, "db", "rebuild");
        Assert.Equal(0, rebuilt.ExitCode);
        Assert.All(
            ((JsonArray)rebuilt.Document["projections"]!).Elements.Cast<JsonObject>(),
            one => Assert.Equal("true", one["equal"]!.ToString()));
        Assert.Equal("0", Of(await AskAsync(database, "db", "status"), "Compliance")["events_behind"]!.ToString());
        await using (var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString))
        await using (var command = source.CreateCommand("delete from compliance.artifacts"))
            Assert.True(await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) > 0);
        Assert.Equal(5, (await AskAsync(database, "db", "rebuild", "Compliance", "--compare")).ExitCode);
        var again = await AskAsync(database, "db", "rebuild", "Compliance");
        Assert.Equal((0, "false"), (again.ExitCode, Of(again, "Compliance")["equal"]!.ToString()));
        Assert.Equal(0, (await AskAsync(database, "db", "rebuild", "--compare")).ExitCode);
        Assert.Equal((3, "projection_not_found"), (
            (await AskAsync(database, "db", "rebuild", "Nothing")).ExitCode,
            (await AskAsync(database, "db", "rebuild", "Nothing")).Text("error", "code")));
    }

    [Fact]
    public async Task history_ends_at_the_version_or_instant_that_is_asked_about()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database, "paper");
        var all = Events(await AskAsync(database, "candidate", "history", id));
        Assert.Equal(all.Take(3), Events(await AskAsync(database, "candidate", "history", id, "--version", "3")));
        Assert.Equal(all, Events(await AskAsync(database, "candidate", "history", id, "--at", "9999-01-01")));
        Assert.Equal(3, (await AskAsync(database, "candidate", "history", id, "--at", "2020-01-01")).ExitCode);
    }

    private static IEnumerable<string> Events(ProgramAnswer history) =>
        ((JsonArray)history.Document["events"]!).Elements.Select(recorded => recorded.ToString());

    private static string[] Ids(ProgramAnswer list) =>
        [.. ((JsonArray)list.Document["candidates"]!).Elements.Select(
            candidate => ((JsonText)((JsonObject)candidate)["candidate_id"]!).Value)];

    private static Task<ProgramAnswer> AskAsync(TestDatabase database, params string[] arguments) =>
        JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);

    private static async Task<string> RecordAsync(TestDatabase database, string target)
    {
        var answer = await AskAsync(
            database, "lane", "run", "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"), "--strategy-config",
            JanusqProgram.InRepository("config", "sample", "strategies.yaml"), "--promotion-target", target, "--actor", "a-worker");
        Assert.True(answer.ExitCode == 0, answer.Error);
        return answer.Text("candidate_id");
    }
}
