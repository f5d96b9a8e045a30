using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

public sealed class LaneRunTests(PostgreSqlFixture postgreSql)
{
    private static readonly string Signals = JanusqProgram.InRepository("config", "sample", "signals.json");
    private static readonly string Strategies = JanusqProgram.InRepository("config", "sample", "strategies.yaml");

    [Fact]
    public async Task a_lane_run_writes_its_files_and_records_the_run()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var answer = await RunAsync(database, folder.At("out"));
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal("recorded", answer.Text("status"));
        var files = ((JsonArray)answer.Document["files"]!).Elements.Cast<JsonObject>().ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var path = folder.At(Path.Combine("out", ((JsonText)file["path"]!).Value));
            Assert.Equal(
                ((JsonText)file["sha256"]!).Value,
                Sha256Hash.Of(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).ToString());
        }

        var shown = await JanusqProgram.RunAsync(
            "candidate", "show", answer.Text("candidate_id"), "--output", "json", "--connection", database.ConnectionString);
        var evaluation = (JsonObject)((JsonArray)shown.Document["evaluations"]!)[0];
        var recorded = ((JsonArray)evaluation["artifacts"]!).Elements.Cast<JsonObject>().ToDictionary(
            artifact => ((JsonText)artifact["path"]!).Value, artifact => ((JsonText)artifact["sha256"]!).Value);
        Assert.All(files, file => Assert.Equal(((JsonText)file["sha256"]!).Value, recorded[((JsonText)file["path"]!).Value]));
        Assert.Contains("inputs/signals/signals.json", recorded.Keys);
    }

    [Fact]
    public async Task the_same_command_again_changes_nothing_and_says_so()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var first = await RunAsync(database, folder.At("out"));
        var again = await RunAsync(database, folder.At("again"));
        Assert.Equal(("recorded", "unchanged"), (first.Text("status"), again.Text("status")));
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(first.Document["candidate_version"]!.ToString(), again.Document["candidate_version"]!.ToString());
        foreach (var file in Directory.EnumerateFiles(folder.At("out"), "*", SearchOption.AllDirectories))
            Assert.Equal(
                File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(folder.At("out"), folder.At("again"), StringComparison.Ordinal)));

        var anew = await RunAsync(database, folder.At("anew"), "--evaluated-at", "now");
        Assert.Equal("recorded", anew.Text("status"));
        Assert.NotEqual(first.Text("evaluation_id"), anew.Text("evaluation_id"));
        Assert.Equal(first.Text("run_id"), anew.Text("run_id"));
    }

    [Fact]
    public async Task the_same_evaluation_with_one_changed_byte_is_a_conflict_that_is_recorded_once()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();

        var honest = await RunAsync(database, folder.At("out"), "--evaluated-at", "2026-02-25T06:00:00Z");
        await using (var ledger = await LedgerHost.OpenAsync(
            new LedgerOptions
            {
                ConnectionString = database.ConnectionString,
                Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
            },
            cancellation: TestContext.Current.CancellationToken))
        {
            var changed = await File.ReadAllBytesAsync(
                folder.At("out/gates/janus-event-car-v1.json"), TestContext.Current.CancellationToken);
            changed[^3] ^= 1;
            var submit = new SubmitArtifact(
                honest.Text("candidate_id"),
                honest.Text("evaluation_id"),
                new SubmittedArtifact("gates/janus-event-car-v1.json", new DocumentContent(changed), "application/json"),
                new Submitter("another", "worker"));
            for (var attempt = 0; attempt < 2; attempt++)
                Assert.Equal(CommandOutcome.Conflict, (await ledger.SendAsync(submit, TestContext.Current.CancellationToken)).Outcome);
        }

        var history = await JanusqProgram.RunAsync(
            "candidate", "history", honest.Text("candidate_id"), "--output", "json", "--connection", database.ConnectionString);
        var types = ((JsonArray)history.Document["events"]!).Elements.Select(recorded => ((JsonText)((JsonObject)recorded)["type"]!).Value)
            .ToArray();
        Assert.Single(types, "submission_conflicted");
        var again = await RunAsync(database, folder.At("out"), "--evaluated-at", "2026-02-25T06:00:00Z");
        Assert.Equal("unchanged", again.Text("status"));
    }

    [Fact]
    public async Task no_record_needs_no_database_at_all()
    {
        using var folder = new TemporaryFolder();
        var answer = await JanusqProgram.RunAsync(
            "lane", "run", "--signals", Signals, "--strategy-config", Strategies, "--promotion-target", "paper", "--no-record",
            "--output-dir", folder.At("out"),
            "--connection", "Host=127.0.0.1;Port=1;Username=nobody;Database=none", "--output", "json");
        Assert.Equal(0, answer.ExitCode);
        Assert.True(File.Exists(folder.At("out/gates/janus-event-car-v1.json")));
    }

    [Theory]
    [InlineData("""[{"event_ts":"2026-01-05T14:30:00Z","symbol":"A","payload":{"price":1}}""", "signals_document_invalid", "line 1")]
    [InlineData("""[{"event_ts":"2026-01-05T14:30:00Z","symbol":"A","payload":{"price":NaN}}]""", "signals_document_invalid", "column 69")]
    [InlineData("""[{"event_ts":"2026-01-05T14:30:00Z","symbol":"A","symbol":"B"}]""", "signals_document_invalid", "'symbol' stands twice")]
    [InlineData("""[{"event_ts":"2026-01-05T14:30:00Z","symbol":"\ud800"}]""", "signals_document_invalid", "surrogate")]
    [InlineData(
        """[{"event_ts":"2026-01-05T14:30:00Z","symbol":"A","payload":{"price":"12,5"}}]""", "signal_price_invalid",
        "signals[0].payload.price")]
    [InlineData("""[{"event_ts":"yesterday","symbol":"A"}]""", "signal_invalid", "signals[0].event_ts")]
    [InlineData("""{"event_ts":"2026-01-05T14:30:00Z"}""", "signals_document_not_a_list", "array")]
    public async Task bad_signals_get_one_clear_error_and_leave_nothing(string content, string code, string place)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var answer = await RunOnAsync(database, folder.At("out"), folder.Write("signals.json", content), Strategies);
        await AssertRefusedAsync(database, folder, answer, code, place);
    }

    [Theory]
    [InlineData("strategies.yaml", "strategies: [", "strategy_config_invalid", "strategies.yaml")]
    [InlineData("strategies.yaml", "- name: a\n  enabled: yes\n", "strategy_config_invalid", "'yes' is ambiguous")]
    [InlineData("strategies.json", """[{"name":"a","priority":"high"}]""", "strategy_config_invalid", "'priority' must be an integer")]
    public async Task bad_strategies_get_one_clear_error_and_leave_nothing(string name, string content, string code, string place)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var answer = await RunOnAsync(database, folder.At("out"), Signals, folder.Write(name, content));
        await AssertRefusedAsync(database, folder, answer, code, place);
    }

    [Theory]
    [InlineData("[]", """[{"name":"a"}]""", "signals_empty", "no signal")]
    [InlineData(
        """[{"event_ts":"2026-01-05T14:30:00Z","symbol":"A"}]""", """[{"name":"a","strategy_type":"momentum_v9"}]""", "plugin_not_found",
        "momentum_v9@1.0.0")]
    public async Task sound_documents_of_which_no_run_can_be_made_are_an_error_and_one_recorded_failure(
        string signals, string strategies, string code, string place)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        for (var time = 0; time < 2; time++)
        {
            var answer = await RunOnAsync(
                database, folder.At("out"), folder.Write("signals.json", signals), folder.Write("strategies.json", strategies));
            AssertOneClearError(answer, code, place);
            Assert.Empty(Files(folder.At("out")));
        }

        var list = await JanusqProgram.RunAsync("candidate", "list", "--output", "json", "--connection", database.ConnectionString);
        var candidate = (JsonObject)Assert.Single(((JsonArray)list.Document["candidates"]!).Elements);
        var shown = await JanusqProgram.RunAsync(
            "candidate", "show", ((JsonText)candidate["candidate_id"]!).Value, "--output", "json", "--connection",
            database.ConnectionString);
        var failure = (JsonObject)Assert.Single(((JsonArray)shown.Document["refused_runs"]!).Elements);
        Assert.Equal(code, ((JsonText)failure["error_code"]!).Value);
    }

    [Fact]
    public async Task an_unreadable_file_and_one_that_is_too_large_are_named()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync(
            database, folder, await RunOnAsync(database, folder.At("out"), folder.At("absent.json"), Strategies), "input_unreadable",
            "absent.json");
        await AssertRefusedAsync(
            database, folder, await RunOnAsync(database, folder.At("out"), folder.Path, Strategies), "input_unreadable", folder.Path);
        var huge = folder.At("huge.json");
        await using (var file = File.Create(huge)) file.SetLength(1L << 30);
        await AssertRefusedAsync(
            database, folder, await RunOnAsync(database, folder.At("out"), huge, Strategies), "input_too_large", "1073741824 bytes");
    }

    [Fact]
    public async Task without_a_database_there_is_one_clear_error_and_no_file()
    {
        using var folder = new TemporaryFolder();
        var answer = await JanusqProgram.RunAsync(
            "lane", "run", "--signals", Signals, "--strategy-config", Strategies, "--promotion-target", "paper", "--output-dir",
            folder.At("out"),
            "--connection", "Host=127.0.0.1;Port=1;Username=nobody;Password=secret;Database=none;Timeout=3", "--output", "json");
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("database_unavailable", answer.Text("error", "code"));
        Assert.DoesNotContain("secret", answer.Output + answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Files(folder.At("out")));
    }

    [Fact]
    public async Task a_command_line_that_is_not_understood_ends_with_2()
    {
        foreach (var arguments in new[]
                 {
                     new[] { "lane", "run" },
                     ["lane", "run", "--signals", Signals, "--strategy-config", Strategies, "--promotion-target", "moon"],
                     [
                         "lane", "run", "--signals", Signals, "--strategy-config", Strategies, "--promotion-target", "paper",
                         "--evaluated-at", "soon"
                     ],
                     ["candidate", "list", "--limit", "0"],
                     ["candidate", "show", "cand-1", "--version", "1", "--at", "2026-01-01"],
                     ["unknown"],
                 })
        {
            var answer = await JanusqProgram.RunAsync(arguments);
            Assert.True(answer.ExitCode == 2, $"{string.Join(' ', arguments)}: {answer.ExitCode} {answer.Error}");
            Assert.StartsWith("janusq: ", answer.Error, StringComparison.Ordinal);
        }
    }

    private static Task<ProgramAnswer> RunAsync(TestDatabase database, string output, params string[] more) =>
        RunOnAsync(database, output, Signals, Strategies, more);

    private static Task<ProgramAnswer> RunOnAsync(
        TestDatabase database, string output, string signals, string strategies, params string[] more) =>
        JanusqProgram.RunAsync(
        [
            "lane", "run", "--signals", signals, "--strategy-config", strategies, "--promotion-target", "paper",
            "--output-dir", output, "--connection", database.ConnectionString, "--output", "json", .. more,
        ]);

    private static async Task AssertRefusedAsync(
        TestDatabase database, TemporaryFolder folder, ProgramAnswer answer, string code, string place)
    {
        AssertOneClearError(answer, code, place);
        Assert.Empty(Files(folder.At("out")));
        var list = await JanusqProgram.RunAsync("candidate", "list", "--output", "json", "--connection", database.ConnectionString);
        Assert.Empty(((JsonArray)list.Document["candidates"]!).Elements);
    }

    private static void AssertOneClearError(ProgramAnswer answer, string code, string place)
    {
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(code, answer.Text("error", "code"));
        Assert.Contains(place, answer.Error, StringComparison.Ordinal);
        Assert.Single(answer.Error.TrimEnd('\n').Split('\n'));
    }

    private static string[] Files(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
}
