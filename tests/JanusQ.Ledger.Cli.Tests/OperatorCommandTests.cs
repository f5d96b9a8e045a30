using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>What operators and approvers do, through the real program.</summary>
public sealed class OperatorCommandTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task a_rehearsal_is_recorded_once_listed_and_refused_from_the_wrong_hands()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        string[] drill =
        [
            "drill", "record", "--check", "killSwitchDryRunPassed", "--passed", "--performed-at", "2026-01-05T10:00:00Z",
            "--rollback-target", "release-41",
            "--evidence", folder.Write("evidence.txt", "switch flipped"), "--actor", "olga",
        ];
        var first = await AskAsync(database, 0, drill);
        Assert.Equal(("recorded", Sha256Hash.OfText("switch flipped").ToString()), (first.Text("status"), first.Text("evidence_sha256")));
        Assert.Equal("unchanged", (await AskAsync(database, 0, drill)).Text("status"));
        await AskAsync(database, 0, "drill", "record", "--check", "other", "--failed", "--performed-at", "2026-01-05");
        var drills = ((JsonArray)(await AskAsync(database, 0, "drill", "list")).Document["drills"]!).Elements.Cast<JsonObject>().ToArray();
        Assert.Equal(["killSwitchDryRunPassed", "other"], drills.Select(one => ((JsonText)one["check"]!).Value));
        Assert.Equal(["true", "false"], drills.Select(one => one["passed"]!.ToString()));
        Assert.Equal("\"olga\"", drills[0]["by"]!.ToString());

        var refused = await AskAsync(database, 6, [.. drill, "--role", "worker"]);
        Assert.Equal("not_authorised", refused.Text("error", "code"));
        Assert.Equal("worker", refused.Text("error", "refused", "role"));
        var future = await AskAsync(database, 1, "drill", "record", "--check", "c", "--passed", "--performed-at", "9999-01-01");
        Assert.Equal(("command_invalid", "performed_at"), (future.Text("error", "code"), future.Text("error", "refused", "field")));
        Assert.Equal(2, (await JanusqProgram.RunAsync("drill", "record", "--check", "c", "--performed-at", "2026-01-05")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync(
            "drill", "record", "--check", "c", "--passed", "--failed", "--performed-at", "2026-01-05")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync("drill", "record", "--check", "c", "--passed", "--performed-at", "soon")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync([.. drill, "--role", "root"])).ExitCode);
        var shown = await JanusqProgram.RunAsync("drill", "list", "--connection", database.ConnectionString);
        Assert.Contains("release-41", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_kill_switch_says_what_it_does()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        Assert.Equal("false", (await AskAsync(database, 0, "kill-switch", "status")).Document["engaged"]!.ToString());
        Assert.Equal("unchanged", (await AskAsync(database, 0, "kill-switch", "release", "--reason", "r")).Text("status"));
        Assert.Equal(
            "recorded", (await AskAsync(database, 0, "kill-switch", "engage", "--reason", "incident", "--actor", "olga")).Text("status"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, "kill-switch", "engage", "--reason", "again")).Text("status"));
        var status = await AskAsync(database, 0, "kill-switch", "status");
        Assert.Equal(("olga", "incident"), (status.Text("kill_switch", "by"), status.Text("kill_switch", "reason")));
        foreach (var verb in new[] { "engage", "release" })
            Assert.Equal(
                "not_authorised",
                (await AskAsync(database, 6, "kill-switch", verb, "--reason", "r", "--role", "approver")).Text("error", "code"));
        Assert.Equal(
            "recorded", (await AskAsync(database, 0, "kill-switch", "release", "--reason", "over", "--role", "admin")).Text("status"));
        var shown = await JanusqProgram.RunAsync("kill-switch", "status", "--connection", database.ConnectionString);
        Assert.Contains("not engaged", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_candidate_is_approved_by_another_actor_in_its_role_and_the_approval_taken_back()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database);
        string[] approve =
        [
            "approve", id, "--target", "paper", "--expires-in", "7d", "--reason", "reviewed", "--actor", "ann", "--role", "approver"
        ];
        Assert.Equal("not_authorised", (await AskAsync(database, 6, [.. approve[..^2]])).Text("error", "code"));
        string[] own = [.. approve];
        own[^3] = "a-worker";
        Assert.Equal("approval_not_independent", (await AskAsync(database, 6, own)).Text("error", "code"));
        var first = await AskAsync(database, 0, approve);
        var again = await AskAsync(database, 0, approve);
        Assert.Equal(("recorded", "unchanged"), (first.Text("status"), again.Text("status")));
        var approval = first.Text("approval_id");
        Assert.Equal(approval, again.Text("approval_id"));
        Assert.Equal("valid", await StatusOfOnlyApprovalAsync(database, id));

        string[] revoke = ["revoke", id, approval, "--reason", "mistake", "--actor", "ann", "--role", "approver"];
        Assert.Equal(6, (await AskAsync(database, 6, [.. revoke[..^2]])).ExitCode);
        Assert.Equal("recorded", (await AskAsync(database, 0, revoke)).Text("status"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, revoke)).Text("status"));
        Assert.Equal("revoked", await StatusOfOnlyApprovalAsync(database, id));
        string[] unknown = [.. revoke];
        unknown[2] = "ffffffffffffffffffffffff";
        Assert.Equal("unknown_approval", (await AskAsync(database, 3, unknown)).Text("error", "code"));
        string[] nobody = [.. approve];
        nobody[1] = "cand-unknown";
        Assert.Equal("unknown_candidate", (await AskAsync(database, 3, nobody)).Text("error", "code"));
        Assert.Equal(3, (await AskAsync(database, 3, "approval", "list", "cand-unknown")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync([.. approve, "--expires-at", "2030-01-01"])).ExitCode);
        Assert.Equal(
            2, (await JanusqProgram.RunAsync("approve", id, "--target", "paper", "--expires-in", "soon", "--reason", "r")).ExitCode);

        var history = await AskAsync(database, 0, "candidate", "history", id);
        Assert.Contains("approval_revoked", history.Output, StringComparison.Ordinal);
        var shown = await JanusqProgram.RunAsync("candidate", "history", id, "--connection", database.ConnectionString);
        Assert.Contains($"approval {approval}: mistake", shown.Output, StringComparison.Ordinal);
        var state = await JanusqProgram.RunAsync("candidate", "show", id, "--connection", database.ConnectionString);
        Assert.Contains($"Approval {approval} for paper by ann", state.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_not_complete_or_was_not_rolled_back_is_a_conflict()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database);
        var set = Sha256Hash.OfText("nothing").ToString();
        var clear = await AskAsync(database, 4, "evidence", "clear", id, "--artifact-set", set, "--reason", "r");
        Assert.Equal("evidence_not_rolled_back", clear.Text("error", "code"));
        Assert.Equal(
            6,
            (await AskAsync(database, 6, "evidence", "clear", id, "--artifact-set", set, "--reason", "r", "--role", "auditor")).ExitCode);
        Assert.Equal(
            3, (await AskAsync(database, 3, "evidence", "clear", "cand-unknown", "--artifact-set", set, "--reason", "r")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync("evidence", "clear", id, "--artifact-set", "abc", "--reason", "r")).ExitCode);
    }

    [Fact]
    public async Task a_candidate_is_paused_and_resumed()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var id = await RecordAsync(database);
        Assert.Equal("unchanged", (await AskAsync(database, 0, "resume", id, "--reason", "r")).Text("status"));
        Assert.Equal("recorded", (await AskAsync(database, 0, "pause", id, "--reason", "odd fills", "--actor", "olga")).Text("status"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, "pause", id, "--reason", "odd fills")).Text("status"));
        var paused = await AskAsync(database, 0, "candidate", "show", id);
        Assert.Equal(("paused", "challenger", "olga", "odd fills"),
            (paused.Text("stage"), paused.Text("role"), paused.Text("pause", "by"), paused.Text("pause", "reason")));
        Assert.Contains(id, (await AskAsync(database, 0, "candidate", "list", "--stage", "paused")).Output, StringComparison.Ordinal);
        foreach (var verb in new[] { "pause", "resume" })
        {
            Assert.Equal(
                "not_authorised", (await AskAsync(database, 6, verb, id, "--reason", "r", "--role", "worker")).Text("error", "code"));
            Assert.Equal("unknown_candidate", (await AskAsync(database, 3, verb, "cand-unknown", "--reason", "r")).Text("error", "code"));
            Assert.Equal(2, (await JanusqProgram.RunAsync(verb, id)).ExitCode);
        }

        Assert.Equal("recorded", (await AskAsync(database, 0, "resume", id, "--reason", "explained")).Text("status"));
        Assert.Equal("denied", (await AskAsync(database, 0, "candidate", "show", id)).Text("stage"));
    }

    [Fact]
    public async Task policies_are_published_approved_activated_and_listed()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var live = folder.Write("live.json", """{"policy_version": "p1", "gate5_live_enabled": true}""");
        string[] publish = ["policy", "publish", "main", "--file", live, "--note", "first", "--actor", "olga"];
        string[] activate = ["policy", "activate", "main", "--note", "for january", "--actor", "oleg"];
        string[] approve = ["policy", "approve", "main", "--version", "1", "--reason", "reviewed", "--role", "approver"];
        Assert.Equal("unknown_policy", (await AskAsync(database, 3, activate)).Text("error", "code"));
        Assert.Equal("recorded", (await AskAsync(database, 0, publish)).Text("status"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, publish)).Text("status"));
        Assert.Equal(6, (await AskAsync(database, 6, [.. publish, "--role", "worker"])).ExitCode);
        Assert.Equal("activation_approval_missing", (await AskAsync(database, 6, activate)).Text("error", "code"));
        Assert.Equal("approval_not_independent", (await AskAsync(database, 6, [.. approve, "--actor", "olga"])).Text("error", "code"));
        Assert.Equal("recorded", (await AskAsync(database, 0, [.. approve, "--actor", "ann"])).Text("status"));
        Assert.Equal("recorded", (await AskAsync(database, 0, activate)).Text("status"));
        Assert.Equal("unchanged", (await AskAsync(database, 0, activate)).Text("status"));
        Assert.Equal("unknown_policy_version", (await AskAsync(database, 3, [.. activate, "--version", "9"])).Text("error", "code"));
        await AskAsync(database, 0, "policy", "publish", "main", "--file", folder.Write("plain.json", "{}"), "--note", "second");
        var needless = await AskAsync(database, 4, "policy", "approve", "main", "--version", "2", "--reason", "r", "--role", "approver");
        Assert.Equal("activation_approval_not_needed", needless.Text("error", "code"));

        var invalid = folder.Write("invalid.json", """{"gate5_live_enabled": "no", "gate1_min_trade_count": true}""");
        var refused = await AskAsync(database, 1, "policy", "publish", "main", "--file", invalid, "--note", "n");
        Assert.Equal("policy_invalid", refused.Text("error", "code"));
        Assert.Equal(
            """["gate1_min_trade_count","gate5_live_enabled"]""",
            ((JsonObject)((JsonObject)refused.Document["error"]!)["refused"]!)["keys"]!.ToString());
        var listed = (JsonObject)((JsonArray)(await AskAsync(database, 0, "policy", "list")).Document["policies"]!)[0];
        Assert.Equal(("\"main\"", "1"), (listed["name"]!.ToString(), listed["active_version"]!.ToString()));
        Assert.Equal(2, ((JsonArray)listed["versions"]!).Count);
        var shown = await JanusqProgram.RunAsync("policy", "list", "--connection", database.ConnectionString);
        Assert.Matches(@"main\s+│ 1 ", shown.Output);
    }

    [Fact]
    public async Task a_lane_is_run_by_a_worker_unless_another_role_is_asked_for()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var refused = await JanusqProgram.RunAsync([.. LaneRun(database), "--role", "operator"]);
        Assert.Equal((6, "refused"), (refused.ExitCode, refused.Text("status")));
        Assert.Equal("not_authorised", refused.Text("refusal", "code"));
        var id = await RecordAsync(database);
        var history =
            ((JsonArray)(await AskAsync(database, 0, "candidate", "history", id)).Document["events"]!).Elements.Cast<JsonObject>();
        Assert.All(history, recorded => Assert.Equal("\"worker\"", recorded["role"]!.ToString()));
    }

    private static async Task<string> StatusOfOnlyApprovalAsync(TestDatabase database, string id)
    {
        var list = await AskAsync(database, 0, "approval", "list", id);
        var approval = (JsonObject)Assert.Single(((JsonArray)list.Document["approvals"]!).Elements);
        return ((JsonText)approval["status"]!).Value;
    }

    private static async Task<ProgramAnswer> AskAsync(TestDatabase database, int exitCode, params string[] arguments)
    {
        var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);
        Assert.True(
            answer.ExitCode == exitCode,
            $"janusq {string.Join(' ', arguments)} ended with {answer.ExitCode}: {answer.Error}{answer.Output}");
        return answer;
    }

    private static string[] LaneRun(TestDatabase database) =>
    [
        "lane", "run", "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"), "--strategy-config",
        JanusqProgram.InRepository("config", "sample", "strategies.yaml"), "--promotion-target", "paper", "--actor", "a-worker", "--output",
        "json", "--connection", database.ConnectionString,
    ];

    private static async Task<string> RecordAsync(TestDatabase database)
    {
        var answer = await JanusqProgram.RunAsync(LaneRun(database));
        Assert.True(answer.ExitCode == 0, answer.Error);
        return answer.Text("candidate_id");
    }
}
