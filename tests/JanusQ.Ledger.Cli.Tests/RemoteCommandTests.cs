using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>The verbs against a server: they do there what they do on a database, and say the same.</summary>
public sealed class RemoteCommandTests(PostgreSqlFixture postgreSql)
{
    private static readonly string[] Drills =
        ["operational_ready", "runbook_validated", "killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"];

    [Fact]
    public async Task the_verbs_do_on_a_server_what_they_do_on_a_database_and_say_the_same()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await OpenAsync(database);
        await using var app = await ServeAsync(ledger);
        var server = app.Urls.Single();

        var run = await AskAsync(server, 0, "wanda.worker", [.. LaneRun]);
        var first = run.Text("candidate_id");
        Assert.Equal("unchanged", (await AskAsync(server, 0, "wanda.worker", [.. LaneRun])).Text("status"));
        var lane = JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted");
        var ingested = await AskAsync(server, 0, "wanda.worker", "lane", "ingest", lane);
        Assert.Equal(("recorded", "deny"), (ingested.Text("status"), ingested.Text("promotion", "decision", "action")));

        await AskAsync(
            server, 0, "oscar.operator", "policy", "publish", "autonomy", "--file",
            JanusqProgram.InRepository("config", "gate-policy.json"), "--note", "first");
        await AskAsync(server, 0, "oscar.operator", "policy", "activate", "autonomy", "--note", "from now on");
        foreach (var check in Drills)
        {
            await AskAsync(
                server, 0, "oscar.operator", "drill", "record", "--check", check, "--passed", "--performed-at", Yesterday,
                "--rollback-target", "release-2026-02-20");
        }

        await AskAsync(server, 0, "anna.approver", "approve", first, "--target", "paper", "--reason", "reviewed", "--expires-in", "7d");
        var promoted = await AskAsync(server, 0, "oscar.operator", "promote", first);
        Assert.Equal(("recorded", "promote"), (promoted.Text("outcome"), promoted.Text("decision", "action")));
        Assert.Equal(
            JsonBoolean.True,
            (await AskAsync(server, 0, "oscar.operator", "kill-switch", "engage", "--reason", "stale quotes")).Document["engaged"]);
        Assert.Equal(
            JsonBoolean.False,
            (await AskAsync(server, 0, "oscar.operator", "kill-switch", "release", "--reason", "fresh")).Document["engaged"]);
        Assert.Equal(
            JsonBoolean.True,
            (await AskAsync(server, 0, "oscar.operator", "kill-switch", "engage", "--reason", "stale again")).Document["engaged"]);
        await AskAsync(server, 0, "oscar.operator", "pause", first, "--reason", "review");

        var decision = promoted.Text("decision", "decision_id");
        string[][] questions =
        [
            ["candidate", "list"],
            ["candidate", "list", "--target", "live", "--limit", "1"],
            ["candidate", "show", first],
            ["candidate", "show", first, "--version", "3"],
            ["candidate", "history", first],
            ["candidate", "diff", first, $"{first}@3"],
            ["champion", "show"],
            ["policy", "list"],
            ["drill", "list"],
            ["kill-switch", "status"],
            ["approval", "list", first],
            ["decision", "show", decision],
            ["decision", "replay", decision],
            ["decision", "replay", "--all"],
        ];
        foreach (var question in questions)
        {
            var remote = await AskAsync(server, 0, "carla.compliance", question);
            var local = await JanusqProgram.RunAsync([.. question, "--output", "json", "--connection", database.ConnectionString]);
            Assert.True(local.ExitCode == 0, local.Error);
            Assert.Equal(local.Output, remote.Output);
        }

        await RefusesAsync(server, first);
    }

    [Fact]
    public async Task another_byte_under_the_same_evaluation_is_a_conflict_that_says_the_same_as_on_a_database()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await OpenAsync(database);
        await using var app = await ServeAsync(ledger);
        using var folder = new TemporaryFolder();
        var lane = JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted");
        await AskAsync(app.Urls.Single(), 0, "wanda.worker", "lane", "ingest", lane);
        var changed = folder.At("changed");
        foreach (var path in Directory.EnumerateFiles(lane, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(changed, Path.GetRelativePath(lane, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        var notes = Path.Combine(changed, "expected", "gates", "promotion-evidence-gate.json");
        await File.AppendAllTextAsync(notes, "\n", TestContext.Current.CancellationToken);
        var remote = await AskAsync(app.Urls.Single(), 4, "wanda.worker", "lane", "ingest", changed);
        var local = await JanusqProgram.RunAsync(
            "lane", "ingest", changed, "--actor", "wanda", "--output", "json", "--connection", database.ConnectionString);
        Assert.Equal((4, local.Output), (local.ExitCode, remote.Output));
        Assert.StartsWith("cand-", remote.Text("candidate_id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_server_shows_and_proves_what_its_log_has_signed_and_says_how_it_is()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        Assert.Equal(0, (await JanusqProgram.RunAsync("audit", "keygen", "--out", file, "--origin", "ledger.example/log")).ExitCode);
        await using var ledger = await OpenAsync(database);
        await using var app = await ServeAsync(ledger);
        var server = app.Urls.Single();
        Assert.Equal("empty", (await AskAsync(server, 0, "carla.compliance", "audit", "checkpoint")).Text("status"));
        Assert.Equal(
            "unknown_event", (await AskAsync(server, 3, "carla.compliance", "audit", "prove", "--sequence", "999")).Text("error", "code"));
        await AskAsync(server, 0, "oscar.operator", "kill-switch", "engage", "--reason", "incident");
        Assert.Equal(
            "log_not_signed_yet",
            (await AskAsync(server, 3, "carla.compliance", "audit", "prove", "--sequence", "1")).Text("error", "code"));
        var signed = await LocallyAsync("audit", "checkpoint", "--log-key", file);

        var shown = await AskAsync(server, 0, "carla.compliance", "audit", "checkpoint");
        Assert.Equal(("shown", JsonBoolean.False), (shown.Text("status"), shown.Document["verified"]));
        foreach (var member in new[] { "origin", "root", "note" })
            Assert.Equal(signed.Text("checkpoint", member), shown.Text("checkpoint", member));
        var verified = await AskAsync(server, 0, "carla.compliance", "audit", "checkpoint", "--log-verifiers", file + ".verifiers");
        Assert.Equal(JsonBoolean.True, verified.Document["verified"]);
        var other = folder.At("other.key");
        Assert.Equal(0, (await JanusqProgram.RunAsync("audit", "keygen", "--out", other, "--origin", "ledger.example/log")).ExitCode);
        var forged = await AskAsync(server, 5, "carla.compliance", "audit", "checkpoint", "--log-verifiers", other + ".verifiers");
        Assert.Equal("note_unverified", forged.Text("error", "code"));

        var (proofFile, localFile) = (folder.At("remote.tlog-proof"), folder.At("local.tlog-proof"));
        string[] prove = ["audit", "prove", "--sequence", "1"];
        var proof = await AskAsync(server, 0, "carla.compliance", [.. prove, "--out", proofFile]);
        Assert.Equal((await LocallyAsync(prove)).Output, (await AskAsync(server, 0, "carla.compliance", prove)).Output);
        await LocallyAsync([.. prove, "--out", localFile]);
        Assert.Equal(await File.ReadAllTextAsync(localFile, Cancellation), await File.ReadAllTextAsync(proofFile, Cancellation));
        Assert.Equal(proof.Text("tlog_proof"), await File.ReadAllTextAsync(proofFile, Cancellation));

        var status = await AskAsync(server, 0, "carla.compliance", "db", "status");
        Assert.Equal(("remote", server + "/"), (status.Text("server", "origin"), status.Text("server", "address")));
        Assert.Contains(
            "database", ((JsonArray)status.Document["checks"]!).Elements.Select(check => ((JsonText)((JsonObject)check)["name"]!).Value));

        async Task<ProgramAnswer> LocallyAsync(params string[] arguments)
        {
            var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);
            Assert.True(answer.ExitCode == 0, answer.Error);
            return answer;
        }
    }

    [Fact]
    public async Task a_server_that_is_not_ready_says_why()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await OpenAsync(database);
        const string Sick =
            """{"status":"fail","checks":[{"name":"log","status":"fail","explanation":"The log stopped: log_event_altered."}]}""";
        await using var app = await ServeAsync(ledger, sick => sick.Map("/health/ready", other => other.Run(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status503ServiceUnavailable, "application/json");
            return context.Response.WriteAsync(Sick);
        })));
        var status = await AskAsync(app.Urls.Single(), 0, "carla.compliance", "db", "status");
        Assert.Equal(JsonBoolean.False, status.Document["ready"]);
        Assert.Equal(
            "The log stopped: log_event_altered.",
            ((JsonText)((JsonObject)((JsonArray)status.Document["checks"]!).Elements[0])["explanation"]!).Value);
    }

    [Fact]
    public async Task a_proof_that_a_server_altered_is_an_integrity_violation()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        Assert.Equal(0, (await JanusqProgram.RunAsync("audit", "keygen", "--out", file, "--origin", "ledger.example/log")).ExitCode);
        await using var ledger = await OpenAsync(database);
        var altered = "";
        await using var app = await ServeAsync(ledger, other => other.Map("/v1/log/proofs", path => path.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(altered);
        })));
        await AskAsync(app.Urls.Single(), 0, "oscar.operator", "kill-switch", "engage", "--reason", "incident");
        await AskAsync(app.Urls.Single(), 0, "oscar.operator", "kill-switch", "release", "--reason", "over");
        foreach (var verb in new string[][] { ["audit", "checkpoint", "--log-key", file], ["audit", "prove", "--sequence", "1"] })
        {
            var local = await JanusqProgram.RunAsync([.. verb, "--output", "json", "--connection", database.ConnectionString]);
            Assert.True(local.ExitCode == 0, local.Error);
            altered = local.Output;
        }

        await AskAsync(app.Urls.Single(), 0, "carla.compliance", "audit", "prove", "--sequence", "1");
        var another = await AskAsync(app.Urls.Single(), 5, "carla.compliance", "audit", "prove", "--sequence", "2");
        Assert.Equal("log_leaf_mismatch", another.Text("error", "code"));
        altered = altered.Replace("\\nindex 0\\n", "\\nindex 1\\n", StringComparison.Ordinal);
        var wrong = await AskAsync(app.Urls.Single(), 5, "carla.compliance", "audit", "prove", "--sequence", "1");
        Assert.Equal("inclusion_root_mismatch", wrong.Text("error", "code"));
    }

    [Fact]
    public async Task a_document_that_a_server_altered_is_an_integrity_violation()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await OpenAsync(database);
        await using var app = await ServeAsync(
            ledger, altered => altered.Map("/v1/contents", other => other.Run(context => context.Response.WriteAsync("{}"))));
        await AskAsync(
            app.Urls.Single(), 0, "wanda.worker", "lane", "ingest",
            JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted"));
        var answer = await AskAsync(app.Urls.Single(), 5, "carla.compliance", "decision", "replay", "--all");
        Assert.Equal("integrity_violation", answer.Text("error", "code"));
    }

    [Fact]
    public async Task an_answer_that_is_none_of_a_ledgers_is_one_clear_error()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var ledger = await OpenAsync(database);
        await using var app = await ServeAsync(ledger, other => other.Run(context => context.Response.WriteAsync("[]")));
        var answer = await AskAsync(app.Urls.Single(), 1, "carla.compliance", "candidate", "list");
        Assert.Equal("server_answer_unusable", answer.Text("error", "code"));
    }

    [Theory]
    [InlineData(2, "server_or_database", "--connection", "Host=none")]
    [InlineData(2, "actor_not_taken", "--actor", "anna")]
    [InlineData(2, "key_missing")]
    public async Task what_makes_no_sense_with_a_server_is_refused_before_anything_is_sent(int exit, string code, params string[] more)
    {
        string[] asked = ["candidate", "list", "--output", "json", "--server", "http://127.0.0.1:1", .. more];
        var answer = await JanusqProgram.RunAsync(asked);
        Assert.Equal((exit, code), (answer.ExitCode, answer.Text("error", "code")));
    }

    [Fact]
    public async Task a_server_that_cannot_be_reached_is_one_clear_error()
    {
        var answer = await JanusqProgram.RunAsync(
            "candidate", "list", "--output", "json", "--server", "http://127.0.0.1:1", "--key", "jq_none");
        Assert.Equal((1, "server_unavailable"), (answer.ExitCode, answer.Text("error", "code")));
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Yesterday =>
        TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> LaneRun =>
    [
        "lane", "run",
        "--signals", Sample("signals.json"),
        "--strategy-config", Sample("strategies-first.yaml"),
        "--strategy-configmap", Sample("strategy-configmap.yaml"),
        "--forecast-metrics", Sample("forecast-metrics.json"),
        "--rollback-readiness", Sample("rollback-readiness.json"),
        "--promotion-target", "paper",
    ];

    private static string Sample(string name) => JanusqProgram.InRepository("config", "sample", name);

    private static async Task RefusesAsync(string server, string candidateId)
    {
        Assert.Equal(
            "not_authorised", (await AskAsync(server, 6, "wanda.worker", "pause", candidateId, "--reason", "mine")).Text("error", "code"));
        Assert.Equal(
            "unknown_candidate",
            (await AskAsync(server, 3, "oscar.operator", "pause", "cand-none", "--reason", "x")).Text("error", "code"));
        Assert.Equal(
            "candidate_not_found", (await AskAsync(server, 3, "oscar.operator", "candidate", "show", "cand-none")).Text("error", "code"));
        Assert.Equal(
            "decision_not_found",
            (await AskAsync(server, 3, "oscar.operator", "decision", "show", new string('a', 24))).Text("error", "code"));
        Assert.Equal("not_authenticated", (await AskAsync(server, 6, "nobody", "candidate", "list")).Text("error", "code"));
        string[] publishing = ["audit", "checkpoint", "--publish", "there"];
        Assert.Equal("needs_database", (await AskAsync(server, 2, "oscar.operator", publishing)).Text("error", "code"));
    }

    private static async Task<ProgramAnswer> AskAsync(string server, int exit, string key, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["JANUSQ_SERVER"] = server, ["JANUSQ_KEY"] = "jq_" + key };
        var answer = await JanusqProgram.RunAsync(environment, [.. arguments, "--output", "json"]);
        Assert.True(answer.ExitCode == exit, $"{string.Join(' ', arguments)}: {answer.ExitCode} {answer.Output} {answer.Error}");
        return answer;
    }

    private static Task<LedgerHost> OpenAsync(TestDatabase database) => LedgerHost.StartAsync(new LedgerOptions
    {
        ConnectionString = database.ConnectionString,
        Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        RunProjections = true,
    });

    private static async Task<WebApplication> ServeAsync(LedgerHost ledger, Action<WebApplication>? before = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddLedgerServer(ledger, new NameAndRole());
        builder.Logging.ClearProviders();
        var app = builder.Build();
        before?.Invoke(app);
        app.UseLedgerServer();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>Everybody's key is <c>jq_NAME.ROLE</c>.</summary>
    private sealed class NameAndRole : IKeyHolders
    {
        private static readonly Dictionary<string, KeyHolder> Holders = new[]
        {
            ("wanda", "worker"),
            ("oscar", "operator"),
            ("anna", "approver"),
            ("carla", "compliance"),
        }
            .ToDictionary(
                one => Sha256Hash.OfText($"jq_{one.Item1}.{one.Item2}").ToString(), one => new KeyHolder(one.Item1, one.Item2),
                StringComparer.Ordinal);

        public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) =>
            Task.FromResult(Holders.GetValueOrDefault(keySha256.ToString()));
    }
}
