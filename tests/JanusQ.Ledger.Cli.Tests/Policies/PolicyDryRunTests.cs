using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Cli.Tests.Policies;

/// <summary>Over a lane run of the sample, made once.</summary>
public sealed class PolicyDryRunTests(SampleRun sample) : IClassFixture<SampleRun>
{
    private const string Now = "2026-02-25T06:00:00Z";

    /// <summary>A denied run emits no patch, so a dry run for paper misses it.</summary>
    private const string Patch = "\"paper-candidate/strategy-configmap-patch.yaml\"";

    private static readonly string Policy = JanusqProgram.InRepository("config", "gate-policy.json");

    [Fact]
    public async Task the_document_is_that_of_the_contract_and_names_every_reason()
    {
        var answer = await RunAsync(sample.GateReport);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(
            "policy_hash,policy_version,promotion_target,evaluated_at,simulated,would_allow,action,enforced,gate_matrix,"
            + "promotion_prerequisites,rollback_readiness,drift_governance,recommendation,explanations",
            string.Join(',', answer.Document.Members.Select(member => member.Key)));
        Assert.Equal(("paper", "2026-02-25T06:00:00+00:00"), (answer.Text("promotion_target"), answer.Text("evaluated_at")));
        Assert.Equal(
            """{"candidate_state":true,"missing_artifact":null,"stale_rollback":false}""",
            CanonicalJson.Text(answer.Document["simulated"]!));
        Assert.Equal($"[{Patch}]", Json(answer, "promotion_prerequisites", "missing_artifacts"));
        Assert.Equal("[]", Json(answer, "rollback_readiness", "reasons"));

        var shown = await JanusqProgram.RunAsync("policy", "dry-run", "--policy", Policy, "--gate-report", sample.GateReport, "--now", Now);
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Contains(((JsonBoolean)answer.Document["would_allow"]!).Value
            ? "would be allowed: "
            : "would be not allowed: ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("gate_report_not_promotable", Codes(answer));
        foreach (var code in Codes(answer))
        {
            var meanings = ReasonCatalogue.Find(code)!.Meanings;
            Assert.Contains(meanings, meaning => shown.Output.Contains(meaning.Explanation, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task simulations_show_what_would_be_denied_and_in_which_words()
    {
        var honest = Codes(await RunAsync(sample.GateReport));
        var missing = await RunAsync(sample.GateReport, "--simulate-missing-artifact", "gates/janus-event-car-v1.json");
        Assert.Equal(["janus_event_car_artifact_missing"], Codes(missing).Except(honest));
        Assert.Equal($"""["gates/janus-event-car-v1.json",{Patch}]""", Json(missing, "promotion_prerequisites", "missing_artifacts"));
        var stale = await RunAsync(sample.GateReport, "--simulate-stale-rollback");
        Assert.Equal(["rollback_dry_run_stale"], Codes(stale).Except(honest));
        Assert.Equal((0, "deny"), (stale.ExitCode, stale.Text("action")));
        Assert.Equal(10, (await RunAsync(sample.GateReport, "--simulate-stale-rollback", "--fail-on-deny")).ExitCode);

        var shown = await JanusqProgram.RunAsync(
            "policy", "dry-run", "--policy", Policy, "--gate-report", sample.GateReport, "--simulate-stale-rollback",
            "--simulate-missing-artifact",
            "gates/janus-event-car-v1.json");
        Assert.Contains("would be not allowed: deny.", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"gates/janus-event-car-v1\.json\s+│ missing", shown.Output);
        Assert.Contains(ReasonCatalogue.Find("rollback_dry_run_stale")!.Meanings[0].Explanation, shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_run_that_brings_what_shadow_asks_for_would_be_allowed_until_an_artifact_is_missing()
    {
        using var folder = new TemporaryFolder();
        var run = await SampleRun.RunAsync(
            folder.At("run"),
            "shadow",
            "--forecast-metrics",
            folder.Write("forecast.json", """{"fallback_rate":"0.01","inference_latency_ms_p95":"50","calibration_score_min":"0.95"}"""),
            "--rollback-readiness",
            folder.Write(
                "readiness.json",
                """{"operational_ready":true,"runbook_validated":true,"""
                + """
                "kill_switch_dry_run_passed":true,"rollback_dry_run_passed":true}
                """));
        Assert.True(run.ExitCode == 0, run.Error);
        var report = folder.At("run/gates/gate-evaluation.json");
        var allowed = await RunAsync(report, "--fail-on-deny");
        Assert.Equal(
            (0, "shadow", "true"),
            (allowed.ExitCode, allowed.Text("promotion_target"), CanonicalJson.Text(allowed.Document["would_allow"]!)));
        Assert.Empty(Codes(allowed));
        var denied = await RunAsync(report, "--fail-on-deny", "--simulate-missing-artifact", "research/candidate-spec.json");
        Assert.Equal((10, "false"), (denied.ExitCode, CanonicalJson.Text(denied.Document["would_allow"]!)));
        Assert.Equal(["required_artifacts_missing"], Codes(denied));
        var shown = await JanusqProgram.RunAsync("policy", "dry-run", "--policy", Policy, "--gate-report", report);
        Assert.Contains("a promotion to shadow would be allowed", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gates/janus-event-car.json")]
    [InlineData("../run/gates/janus-event-car-v1.json")]
    [InlineData("gates/../gates/janus-event-car-v1.json")]
    [InlineData("./gates/janus-event-car-v1.json")]
    [InlineData("gates//janus-event-car-v1.json")]
    public async Task simulating_the_absence_of_what_is_no_artifact_is_pointed_out(string path)
    {
        var answer = await RunAsync(sample.GateReport, "--simulate-missing-artifact", path);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains($"'{path}' changes nothing", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task artifacts_come_from_around_the_report_or_from_the_folder_named_or_from_nowhere()
    {
        using var folder = new TemporaryFolder();
        File.Copy(sample.GateReport, folder.At("report.json"));
        var nowhere = await RunAsync(folder.At("report.json"));
        Assert.Contains("required_artifacts_missing", Codes(nowhere));
        Assert.Equal(Json(nowhere, "enforced", "required_artifacts"), Json(nowhere, "promotion_prerequisites", "missing_artifacts"));
        var named = await RunAsync(folder.At("report.json"), "--artifacts", sample.Root);
        Assert.Equal((await RunAsync(sample.GateReport)).Output, named.Output);
    }

    [Fact]
    public async Task a_symbolic_link_holds_no_artifact_wherever_it_leads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Symbolic links need a privilege here.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("linked"));
        Directory.CreateSymbolicLink(folder.At("linked/gates"), Path.Combine(sample.Root, "gates"));
        Directory.CreateSymbolicLink(folder.At("linked/backtest"), Path.Combine(sample.Root, "backtest"));
        var linkedFolders = await RunAsync(sample.GateReport, "--artifacts", folder.At("linked"));
        Assert.Equal(
            Json(linkedFolders, "enforced", "required_artifacts"), Json(linkedFolders, "promotion_prerequisites", "missing_artifacts"));

        Directory.CreateDirectory(folder.At("copy"));
        foreach (var file in Directory.EnumerateFiles(sample.Root, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.At("copy"), Path.GetRelativePath(sample.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var eventCar = folder.At("copy/gates/janus-event-car-v1.json");
        File.Delete(eventCar);
        File.CreateSymbolicLink(eventCar, Path.Combine(sample.Root, "gates", "janus-event-car-v1.json"));
        var linkedFile = await RunAsync(sample.GateReport, "--artifacts", folder.At("copy"));
        Assert.Equal($"""["gates/janus-event-car-v1.json",{Patch}]""", Json(linkedFile, "promotion_prerequisites", "missing_artifacts"));
    }

    [Fact]
    public async Task a_changed_artifact_is_found_out()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("gates"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(sample.Root, "gates")))
            File.Copy(file, folder.At(Path.Combine("gates", Path.GetFileName(file))));
        var path = folder.At("gates/janus-event-car-v1.json");
        var honest = Codes(await RunAsync(sample.GateReport, "--artifacts", folder.Path));
        var document = (JsonObject)JsonValue.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        await File.WriteAllBytesAsync(
            path, CanonicalJson.Bytes(document.With("manifest_hash", new string('0', 64))), TestContext.Current.CancellationToken);
        var changed = await RunAsync(sample.GateReport, "--artifacts", folder.Path);
        Assert.Contains("janus_event_car_manifest_mismatch", Codes(changed).Except(honest));
    }

    [Fact]
    public async Task a_candidate_state_and_drift_evidence_are_used()
    {
        using var folder = new TemporaryFolder();
        var paused = folder.Write("state.json", """{"paused":true}""");
        var answer = await RunAsync(sample.GateReport, "--candidate-state", paused);
        Assert.Contains("candidate_paused_for_review", Codes(answer));
        Assert.Equal("false", Json(answer, "simulated", "candidate_state"));

        var live = await RunAsync(sample.GateReport, "--promotion-target", "live");
        Assert.Equal("live", live.Text("promotion_target"));
        Assert.Contains("drift_promotion_evidence_missing", Codes(live));
        var drift = folder.Write("drift.json", """{"eligible_for_live_promotion":true,"reasons":[],"evidence_artifact_refs":["a"]}""");
        Assert.Equal("true", Json(
            await RunAsync(sample.GateReport, "--promotion-target", "live", "--drift-evidence", drift), "drift_governance", "allowed"));
    }

    [Fact]
    public async Task a_dry_run_touches_nothing()
    {
        var before = Snapshot();
        await RunAsync(sample.GateReport, "--simulate-missing-artifact", "gates/janus-event-car-v1.json", "--simulate-stale-rollback");
        Assert.Equal(before, Snapshot());

        string[] Snapshot() =>
            [.. Directory.EnumerateFileSystemEntries(sample.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks} "
                + $"{(File.Exists(path) ? Sha256Hash.Of(File.ReadAllBytes(path)).ToString() : "folder")}")];
    }

    [Fact]
    public async Task bad_documents_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        foreach (var (content, code) in new[]
        {
            ("""{"reasons":[""", "json_rejected"),
            ("""{"a":1,"a":1}""", "json_rejected"),
            ("7", "document_not_object"),
        })
        {
            var faulty = folder.Write("faulty.json", content);
            await AssertRefusedAsync(code, "gate_report", "--policy", Policy, "--gate-report", faulty);
            await AssertRefusedAsync(code, "policy", "--policy", faulty, "--gate-report", sample.GateReport);
            await AssertRefusedAsync(
                code, "candidate_state", "--policy", Policy, "--gate-report", sample.GateReport, "--candidate-state", faulty);
            await AssertRefusedAsync(
                code, "drift_evidence", "--policy", Policy, "--gate-report", sample.GateReport, "--drift-evidence", faulty);
        }

        var invalid = await RunWithAsync(
            "--policy", folder.Write("policy.json", """{"gate5_live_enabled":0}"""), "--gate-report", sample.GateReport);
        Assert.Equal((1, "policy_invalid"), (invalid.ExitCode, invalid.Text("error", "code")));
        var aimless = await RunWithAsync(
            "--policy", Policy, "--gate-report", folder.Write("report.json", """{"promotion_target":"moon"}"""));
        Assert.Equal((1, "unknown_promotion_target"), (aimless.ExitCode, aimless.Text("error", "code")));
        foreach (var arguments in new[]
                 {
                     new[] { "--policy", folder.At("absent.json"), "--gate-report", sample.GateReport },
                     ["--policy", Policy, "--gate-report", folder.At("absent.json")],
                     ["--policy", Policy, "--gate-report", sample.GateReport, "--artifacts", folder.At("absent.json")],
                 })
        {
            var absent = await RunWithAsync(arguments);
            Assert.Equal((1, "input_unreadable"), (absent.ExitCode, absent.Text("error", "code")));
            Assert.Contains("absent.json", absent.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_command_line_that_is_not_understood_ends_with_2()
    {
        foreach (var arguments in new[]
                 {
                     new[] { "--policy", Policy },
                     ["--gate-report", sample.GateReport],
                     ["--policy", Policy, "--gate-report", sample.GateReport, "--promotion-target", "moon"],
                     ["--policy", Policy, "--gate-report", sample.GateReport, "--now", "soon"],
                 })
        {
            var answer = await RunWithAsync(arguments);
            Assert.True(answer.ExitCode == 2, $"{string.Join(' ', arguments)}: {answer.ExitCode} {answer.Error}");
            Assert.StartsWith("janusq: ", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_report_that_is_empty_is_denied_and_its_words_cannot_steer_the_terminal()
    {
        using var folder = new TemporaryFolder();
        var report = folder.Write("report.json", """{"reasons":["made_up\u001b[2J"],"recommended_mode":{"[red]":1}}""");
        var shown = await JanusqProgram.RunAsync(
            "policy", "dry-run", "--policy", Policy, "--gate-report", report, "--promotion-target", "shadow");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("would be not allowed: deny.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("""recommends no known mode: {"[red]":1}.""", shown.Output, StringComparison.Ordinal);
        Assert.Contains("No rule raises this reason", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown.Output);
    }

    private static async Task AssertRefusedAsync(string code, string document, params string[] arguments)
    {
        var answer = await RunWithAsync(arguments);
        Assert.Equal((1, code), (answer.ExitCode, answer.Text("error", "code")));
        Assert.Equal(document, answer.Text("error", "refused", "document"));
        Assert.Contains("faulty.json", Assert.Single(answer.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    private static Task<ProgramAnswer> RunAsync(string gateReport, params string[] more) =>
        RunWithAsync(["--policy", Policy, "--gate-report", gateReport, "--now", Now, .. more]);

    private static Task<ProgramAnswer> RunWithAsync(params string[] arguments) =>
        JanusqProgram.RunAsync(["policy", "dry-run", .. arguments, "--output", "json"]);

    private static string[] Codes(ProgramAnswer answer) =>
        [.. ((JsonArray)answer.Document["explanations"]!).Elements.Select(entry => ((JsonText)((JsonObject)entry)["code"]!).Value)];

    private static string Json(ProgramAnswer answer, string check, string member) =>
        CanonicalJson.Text(((JsonObject)answer.Document[check]!)[member]!);
}
