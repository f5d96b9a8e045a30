using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>From a finished lane to a promotion, a roll back and a replay, all by the program.</summary>
public sealed class PromotionCommandTests(PostgreSqlFixture postgreSql)
{
    private static readonly string[] Drills =
        ["operational_ready", "runbook_validated", "killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"];

    [Fact]
    public async Task candidates_are_promoted_replaced_rolled_back_and_demoted_and_every_decision_is_shown_and_replayed()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var (first, second) = (await RunAsync(database, "first"), await RunAsync(database, "second"));
        Assert.Equal("deny", await ActionAsync(database, 10, "promote", first, "--fail-on-deny"));
        await PrepareAsync(database);
        foreach (var id in new[] { first, second })
        {
            await AskAsync(
                database, 0, "approve", id, "--target", "paper", "--reason", "reviewed", "--expires-in", "7d", "--actor", "anna", "--role",
                "approver");
        }

        var promoted = await AskAsync(database, 0, "promote", first, "--fail-on-deny");
        Assert.Equal(("recorded", "promote"), (promoted.Text("outcome"), promoted.Text("decision", "action")));
        Assert.Equal("unchanged", (await AskAsync(database, 0, "promote", first)).Text("outcome"));
        var replaced = await AskAsync(database, 0, "promote", second);
        Assert.Equal(first, replaced.Text("demoted"));

        Assert.Equal(second, Champion(await AskAsync(database, 0, "champion", "show", "--target", "paper")));
        Assert.Equal(first, Champion(await AskAsync(database, 0, "champion", "show", "--target", "paper", "--version", "1")));
        Assert.Null(Champion(await AskAsync(database, 0, "champion", "show", "--target", "paper", "--at", "2020-01-01")));
        Assert.Equal(3, (await AskAsync(database, 3, "champion", "show", "--target", "paper", "--version", "99")).ExitCode);

        Assert.Equal("not_authorised", (await AskAsync(database, 6, RollBack(second, "--role", "worker"))).Text("error", "code"));
        Assert.Equal(first, (await AskAsync(database, 0, RollBack(second))).Text("champion"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, RollBack(second))).Text("outcome"));
        Assert.Equal("not_champion", (await AskAsync(database, 4, RollBack(second, "--actor", "another"))).Text("error", "code"));
        await AskAsync(database, 0, "demote", first, "--target", "paper", "--reason", "out of season");
        Assert.Null(Champion(await AskAsync(database, 0, "champion", "show", "--target", "paper")));

        var decision = replaced.Text("decision", "decision_id");
        Assert.Equal(second, (await AskAsync(database, 0, "decision", "show", decision)).Text("candidate_id"));
        Assert.Equal("match", (await AskAsync(database, 0, "decision", "replay", decision)).Text("outcome"));
        Assert.Equal(
            "decision_not_found", (await AskAsync(database, 3, "decision", "show", "0123456789abcdef01234567")).Text("error", "code"));
        var all = await AskAsync(database, 0, "decision", "replay", "--all");
        Assert.Equal("""{"match":4}""", all.Document["outcomes"]!.ToString());

        await CheckDiffAsync(database, first, second);
        await CheckTamperedAsync(database, decision);
    }

    [Fact]
    public async Task a_finished_lane_is_ingested_from_its_folder_and_a_changed_one_is_not()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var lane = JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted");
        var ingested = await AskAsync(database, 0, "lane", "ingest", lane, "--actor", "wanda");
        Assert.Equal(("recorded", "live", "deny"),
            (ingested.Text("status"), ingested.Text("promotion_target"), ingested.Text("promotion", "decision", "action")));
        Assert.Equal("unchanged", (await AskAsync(database, 0, "lane", "ingest", lane, "--actor", "wanda")).Text("status"));

        var changed = folder.At("changed");
        foreach (var path in Directory.EnumerateFiles(lane, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(changed, Path.GetRelativePath(lane, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        await File.AppendAllTextAsync(Path.Combine(changed, "input", "signals.json"), " ", TestContext.Current.CancellationToken);
        var refused = await AskAsync(database, null, "lane", "ingest", changed, "--actor", "wanda");
        Assert.Equal(("lane_hash_mismatch", "inputs/signals"), (refused.Text("error", "code"), refused.Text("error", "refused", "path")));
        Assert.NotEqual(0, refused.ExitCode);
        File.Delete(Path.Combine(changed, "expected", "gates", "gate-evaluation.json"));
        Assert.Equal("lane_incomplete", (await AskAsync(database, null, "lane", "ingest", changed)).Text("error", "code"));
    }

    private static async Task CheckDiffAsync(TestDatabase database, string first, string second)
    {
        var diff = await AskAsync(database, 0, "candidate", "diff", $"{first}@1", first);
        var paths = ((JsonArray)diff.Document["differences"]!).Elements.Select(one => ((JsonText)((JsonObject)one)["path"]!).Value)
            .ToArray();
        Assert.Contains("stage", paths);
        Assert.Contains(paths, path => path.StartsWith("decisions[0]", StringComparison.Ordinal));
        var changed = (await AskAsync(database, 0, "candidate", "show", first)).Text("changed_at");
        Assert.Empty(
            ((JsonArray)(await AskAsync(database, 0, "candidate", "diff", $"{first}@{changed}", first)).Document["differences"]!).Elements);
        Assert.NotEmpty(((JsonArray)(await AskAsync(database, 0, "candidate", "diff", first, second)).Document["differences"]!).Elements);
        Assert.Equal(2, (await JanusqProgram.RunAsync("candidate", "diff", $"{first}@yesterday", first)).ExitCode);
        Assert.Equal(3, (await AskAsync(database, 3, "candidate", "diff", $"{first}@999", first)).ExitCode);
    }

    private static async Task CheckTamperedAsync(TestDatabase database, string decision)
    {
        await using (var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString))
        await using (var command = source.CreateCommand(
            """
            alter table janusq.mt_events disable trigger user;
            update janusq.mt_events set data = jsonb_set(data, '{reasons}', '["nothing"]')
            where type = 'promotion_decided' and data ->> 'decision_id' = $1;
            alter table janusq.mt_events enable always trigger append_only, enable always trigger append_only_truncate
            """.Replace("$1", $"'{decision}'", StringComparison.Ordinal)))
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        var replay = await AskAsync(database, 5, "decision", "replay", decision);
        Assert.Equal("mismatch", replay.Text("outcome"));
        Assert.Contains(
            ((JsonArray)replay.Document["differences"]!).Elements, one => one.ToString().Contains("reasons", StringComparison.Ordinal));
        Assert.Equal(5, (await AskAsync(database, 5, "decision", "replay", "--all")).ExitCode);
    }

    private static string[] RollBack(string id, params string[] more) =>
        ["rollback", id, "--target", "paper", "--reason", "it lost money", .. more];

    private static async Task PrepareAsync(TestDatabase database)
    {
        var policy = JanusqProgram.InRepository("config", "gate-policy.json");
        await AskAsync(database, 0, "policy", "publish", "autonomy-gates-v3", "--file", policy, "--note", "shipped");
        await AskAsync(database, 0, "policy", "activate", "autonomy-gates-v3", "--note", "shipped");
        foreach (var drill in Drills)
        {
            await AskAsync(
                database, 0, "drill", "record", "--check", drill, "--passed", "--performed-at", Now(), "--rollback-target",
                "release-2026-02-20");
        }
    }

    private static string Now() =>
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(TestDatabase database, string strategies)
    {
        static string Sample(string name) => JanusqProgram.InRepository("config", "sample", name);
        var answer = await AskAsync(
            database, 0, "lane", "run", "--signals", Sample("signals.json"), "--strategy-config", Sample($"strategies-{strategies}.yaml"),
            "--strategy-configmap", Sample("strategy-configmap.yaml"), "--forecast-metrics", Sample("forecast-metrics.json"),
            "--rollback-readiness", Sample("rollback-readiness.json"), "--promotion-target", "paper", "--evaluated-at",
            "2026-02-25T12:00:00Z", "--actor", "wanda");
        return answer.Text("candidate_id");
    }

    private static async Task<string> ActionAsync(TestDatabase database, int code, params string[] arguments) =>
        (await AskAsync(database, code, arguments)).Text("decision", "action");

    private static string? Champion(ProgramAnswer answer) =>
        (((JsonObject)((JsonArray)answer.Document["champions"]!)[0])["champion"] as JsonObject)?[
            "candidate_id"] is JsonText { Value: var id } ? id : null;

    private static async Task<ProgramAnswer> AskAsync(TestDatabase database, int? code, params string[] arguments)
    {
        var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);
        if (code is { } expected)
            Assert.True(answer.ExitCode == expected, $"{string.Join(' ', arguments)}: {answer.ExitCode} {answer.Output} {answer.Error}");
        return answer;
    }
}
