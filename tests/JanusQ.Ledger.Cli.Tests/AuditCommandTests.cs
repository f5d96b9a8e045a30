using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Log;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>Keys, checkpoints and proofs of the transparency log, through the real program.</summary>
public sealed class AuditCommandTests(PostgreSqlFixture postgreSql)
{
    private const string Origin = "ledger.example/log";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_key_is_made_once_and_replaced()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        var made = await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin);
        Assert.Equal(("created", Origin), (made.Text("status"), made.Text("origin")));
        Assert.True(VerifierKey.TryParse(made.Text("verifier_key"), out var key, out _));
        Assert.Equal(key.KeyId.ToString("x8", System.Globalization.CultureInfo.InvariantCulture), made.Text("key_id"));
        Assert.DoesNotContain("PRIVATE", made.Output + made.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var again = await AskAsync(null, 4, "audit", "keygen", "--out", file, "--origin", Origin);
        Assert.Equal("log_key_exists", again.Text("error", "code"));
        var invalid = await AskAsync(null, 1, "audit", "keygen", "--out", folder.At("b"), "--origin", "a+b");
        Assert.Equal("log_origin_invalid", invalid.Text("error", "code"));
        var rotated = await AskAsync(null, 0, "audit", "keygen", "--out", file, "--rotate");
        Assert.Equal("rotated", rotated.Text("status"));
        Assert.Equal(
            [key.ToString(), rotated.Text("verifier_key")], await File.ReadAllLinesAsync(rotated.Text("verifiers_file"), Cancellation));
        Assert.Equal(2, (await JanusqProgram.RunAsync("audit", "keygen", "--out", file)).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync("audit", "keygen", "--out", file, "--origin", Origin, "--rotate")).ExitCode);
        var shown = await JanusqProgram.RunAsync("audit", "keygen", "--out", folder.At("shown.key"), "--origin", Origin);
        Assert.Contains($"{Origin}+", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task events_are_signed_proven_and_published()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        var verifier = (await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin)).Text("verifier_key");
        Assert.True(VerifierKey.TryParse(verifier, out var key, out _));
        Assert.Equal("log_key_missing", (await AskAsync(database, 1, "audit", "checkpoint")).Text("error", "code"));
        Assert.Equal("empty", (await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file)).Text("status"));
        Assert.Equal("log_not_signed_yet", await RecordAndProveAsync(database));

        var published = folder.At("published");
        var signed = await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file, "--publish", published);
        Assert.Equal("signed", signed.Text("status"));
        Assert.True(SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(signed.Text("checkpoint", "note")), out var checkpoint, out _));
        Assert.True(checkpoint.TryVerify([key], out _));
        Assert.Equal(signed.Text("checkpoint", "note"), await File.ReadAllTextAsync(Path.Combine(published, "checkpoint"), Cancellation));
        Assert.True(File.Exists(Path.Combine(published, TilePath.Entries(0, (int)checkpoint.Checkpoint.Size).ToString())));
        Assert.Equal("unchanged", (await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file)).Text("status"));

        var proofFile = folder.At("event.tlog-proof");
        var proof = await AskAsync(database, 0, "audit", "prove", "--sequence", "2", "--out", proofFile);
        Assert.Equal(proof.Text("tlog_proof"), await File.ReadAllTextAsync(proofFile, Cancellation));
        Assert.True(InclusionProofFile.TryParse(await File.ReadAllBytesAsync(proofFile, Cancellation), out var read, out _));
        Assert.True(read.TryVerify(MerkleHash.Leaf(read.Extra.AsSpan()), WitnessPolicy.OfLogs(key), out _, out _));
        Assert.Equal(proof.Text("event_id"), ((JsonText)((JsonObject)proof.Document["leaf"]!)["id"]!).Value);
        var byId = await JanusqProgram.RunAsync(
            "audit", "prove", "--event", proof.Text("event_id"), "--connection", database.ConnectionString);
        Assert.Equal((0, proof.Text("tlog_proof")), (byId.ExitCode, byId.Output));
        Assert.Equal("unknown_event", (await AskAsync(database, 3, "audit", "prove", "--sequence", "999")).Text("error", "code"));
        Assert.Equal(2, (await JanusqProgram.RunAsync("audit", "prove", "--sequence", "1", "--consistency", "1", "2")).ExitCode);
        foreach (var malformed in new string[][]
        {
            [], ["--consistency", "1"], ["--consistency", "1", "two"], ["--event", "no-id"], ["--sequence", "first"],
            ["--consistency", "1", "2", "--out", proofFile],
        })
        {
            Assert.Equal(2, (await JanusqProgram.RunAsync(["audit", "prove", .. malformed])).ExitCode);
        }

        var size = checkpoint.Checkpoint.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var consistency = await AskAsync(database, 0, "audit", "prove", "--consistency", "3", size);
        Assert.Null(MerkleVerification.Consistency(
            3,
            Sha256Hash.Parse(consistency.Text("old_root")),
            checkpoint.Checkpoint.Size,
            checkpoint.Checkpoint.Root,
            [.. ((JsonArray)consistency.Document["hashes"]!).Elements.Select(hash => Sha256Hash.Parse(((JsonText)hash).Value))]));
        var shrinking = await AskAsync(database, 1, "audit", "prove", "--consistency", "3", "2");
        Assert.Equal("consistency_sizes_shrink", shrinking.Text("error", "code"));

        var log = (JsonObject)(await AskAsync(database, 0, "db", "status")).Document["log"]!;
        Assert.Equal((size, "0", "0"), (log["size"]!.ToString(), log["events_behind"]!.ToString(), log["open_appends"]!.ToString()));
        Assert.Equal(checkpoint.Checkpoint.Root.ToString(), ((JsonText)((JsonObject)log["checkpoint"]!)["root"]!).Value);
        var shown = await JanusqProgram.RunAsync("db", "status", "--connection", database.ConnectionString);
        Assert.Contains($"{size} events in the transparency log, {size} of them signed", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task another_key_is_refused_by_name_and_a_replaced_one_goes_on()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var (file, other) = (folder.At("log.key"), folder.At("other.key"));
        await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin);
        await AskAsync(null, 0, "audit", "keygen", "--out", other, "--origin", Origin);
        await RecordAndProveAsync(database);
        await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file);
        var refused = await AskAsync(database, 5, "audit", "checkpoint", "--log-key", other);
        Assert.Equal(("log_key_unknown", "log_key_unknown"), (refused.Text("error", "code"), refused.Text("error", "refused", "code")));
        await AskAsync(null, 0, "audit", "keygen", "--out", file, "--rotate");
        await AskAsync(database, 0, "kill-switch", "engage", "--reason", "incident");
        Assert.Equal("signed", (await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file)).Text("status"));

        // The key itself as a secret, and the file of those that were before it.
        var secret = new Dictionary<string, string?>
        {
            ["JANUSQ_LOG_KEY"] = await File.ReadAllTextAsync(file, Cancellation),
            ["JANUSQ_LOG_VERIFIERS"] = file + ".verifiers",
        };
        await AskAsync(database, 0, "kill-switch", "release", "--reason", "over");
        var bySecret = await JanusqProgram.RunAsync(
            secret, ["audit", "checkpoint", "--output", "json", "--connection", database.ConnectionString]);
        Assert.Equal((0, "signed"), (bySecret.ExitCode, bySecret.Text("status")));
    }

    [Fact]
    public async Task a_ledger_is_verified_against_a_key_and_what_was_tampered_with_is_named()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var (file, published) = (folder.At("log.key"), folder.At("published"));
        var key = (await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin)).Text("verifier_key");
        Assert.Equal("verifier_key_missing", (await AskAsync(database, 1, "audit", "verify")).Text("error", "code"));
        await AskAsync(database, 0, "kill-switch", "engage", "--reason", "incident");
        Assert.Equal("log_not_signed", Code(await AskAsync(database, 5, "audit", "verify", "--key", key)));
        var first = (await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file, "--publish", published)).Text(
            "checkpoint", "note");
        await AskAsync(database, 0, "kill-switch", "release", "--reason", "over");
        await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file);

        var verified = await AskAsync(database, 0, "audit", "verify", "--key", file + ".verifiers", "--checkpoint", published);
        Assert.Equal(
            ("verified", "caller", "2"), (verified.Text("status"), verified.Text("keys_from"), Member(verified, "counts", "events")));
        var since = await AskAsync(database, 0, "audit", "verify", "--key", key, "--since", folder.Write("first", first));
        Assert.Equal(("1", "1"), (since.Document["since"]!.ToString(), Member(since, "counts", "events")));
        var byOperator = await JanusqProgram.RunAsync(
            new Dictionary<string, string?> { ["JANUSQ_LOG_VERIFIERS"] = file + ".verifiers" },
            ["audit", "verify", "--output", "json", "--connection", database.ConnectionString]);
        Assert.Equal((0, "operator"), (byOperator.ExitCode, byOperator.Text("keys_from")));
        Assert.Contains("from the operator of this ledger", byOperator.Error, StringComparison.Ordinal);

        foreach (var (arguments, code) in new (string[], string)[]
        {
            (["--key", folder.Write("none", "\n")], "verifier_key_missing"), (["--key", "no key"], "verifier_key_malformed"),
            (["--key", key, "--checkpoint", folder.At("missing")], "input_unreadable"),
            (["--key", key, "--checkpoint", folder.Write("bad", "no note")], "note_without_signatures"),
        })
        {
            Assert.Equal(code, (await AskAsync(database, 1, ["audit", "verify", .. arguments])).Text("error", "code"));
        }

        await using (var connection = new Npgsql.NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(Cancellation);
            await using var tamper = new Npgsql.NpgsqlCommand(
                """
                alter table janusq.mt_events disable trigger user;
                update janusq.mt_events set user_name = 'somebody' where seq_id = 1;
                alter table janusq.mt_events enable always trigger append_only, enable always trigger append_only_truncate
                """, connection);
            await tamper.ExecuteNonQueryAsync(Cancellation);
        }

        var violated = await AskAsync(database, 5, "audit", "verify", "--key", key);
        Assert.Equal(("violated", "event_leaf_mismatch"), (violated.Text("status"), Code(violated)));
        var shown = await JanusqProgram.RunAsync("audit", "verify", "--key", key, "--connection", database.ConnectionString);
        Assert.Equal(5, shown.ExitCode);
        Assert.Contains("(a) event_leaf_mismatch, event 1 (", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 findings.", shown.Output, StringComparison.Ordinal);

        static string Code(ProgramAnswer run) => ((JsonText)((JsonObject)((JsonArray)run.Document["findings"]!)[0])["code"]!).Value;
        static string Member(ProgramAnswer run, string of, string name) => ((JsonObject)run.Document[of]!)[name]!.ToString();
    }

    [Fact]
    public async Task witnesses_are_asked_and_addresses_get_the_checkpoint()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        var key = (await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin)).Text("verifier_key");
        Assert.True(VerifierKey.TryParse(key, out var verifier, out _));
        await RecordAndProveAsync(database);
        using var witness = new AWitness("one.example", 11, verifier);
        var policy = folder.Write("policy", $"log {key}\n{witness.PolicyLine}\nquorum one.example\n");
        var cosigned = await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file, "--policy", policy);
        Assert.Equal("satisfied", cosigned.Text("policy"));
        Assert.Contains("— one.example ", cosigned.Text("checkpoint", "note"), StringComparison.Ordinal);

        var verified = await AskAsync(database, 0, "audit", "verify", "--key", key, "--policy", policy);
        Assert.Equal(
            ("satisfied", witness.Key.ToString(), "1"),
            (verified.Text(
                "policy"), ((JsonText)((JsonArray)verified.Document["cosigned_by"]!)[0]).Value, Member(verified, "cosignatures")));
        Assert.Contains(
            "Cosigned, as the policy asks: one.example+",
            (await JanusqProgram.RunAsync(
                "audit", "verify", "--key", key, "--policy", policy, "--connection", database.ConnectionString)).Output,
            StringComparison.Ordinal);

        // Its cosignature of this checkpoint is kept, so that nothing is missing when it is asked again and does not answer.
        witness.Instead = (403, "text/plain", "");
        var kept = await AskAsync(
            database, 0, "audit", "checkpoint", "--log-key", file, "--policy", policy, "--publish", folder.At("published"));
        Assert.Equal("witness_signature_refused", WitnessCode(kept));
        await AskAsync(database, 0, "kill-switch", "engage", "--reason", "incident");
        var missing = await AskAsync(database, 1, "audit", "checkpoint", "--log-key", file, "--policy", policy);
        Assert.Equal("checkpoint_quorum_missing", missing.Text("policy"));
        var violated = await AskAsync(database, 5, "audit", "verify", "--key", key, "--policy", policy);
        Assert.Equal("unsatisfied", violated.Text("policy"));
        Assert.NotNull(((JsonObject)violated.Document["finding_counts"]!)["checkpoint_policy_unsatisfied"]);
        Assert.IsType<JsonNull>((await AskAsync(database, 0, "audit", "verify", "--key", key)).Document["policy"]);

        var refused = await AskAsync(database, 1, "audit", "checkpoint", "--log-key", file, "--publish", witness.Url + "/hook");
        Assert.Equal("publish_refused", PublicationCode(refused));
        witness.Instead = (204, "text/plain", "");
        var taken = await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file, "--publish", witness.Url + "/hook");
        Assert.Null(PublicationCode(taken));
        Assert.Equal("log_policy_malformed", (await AskAsync(
            database, 1, "audit", "checkpoint", "--log-key", file, "--policy", folder.Write("bad", "quorum\n"))).Text("error", "code"));

        static string Member(ProgramAnswer run, string name) => ((JsonObject)run.Document["counts"]!)[name]!.ToString();
    }

    [Fact]
    public async Task lanes_are_run_again_where_this_program_or_what_it_is_told_made_them()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        using var folder = new TemporaryFolder();
        var file = folder.At("log.key");
        var key = (await AskAsync(null, 0, "audit", "keygen", "--out", file, "--origin", Origin)).Text("verifier_key");
        string[] lane =
        [
            "lane", "run", "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"),
            "--strategy-config", JanusqProgram.InRepository("config", "sample", "strategies.yaml"), "--promotion-target", "paper",
        ];
        await AskAsync(database, 0, lane);
        var earlier = await AskAsync(database, 0, [.. lane, "--code-version", "0.9"]);
        await AskAsync(database, 0, "audit", "checkpoint", "--log-key", file);
        Assert.IsType<JsonNull>((await AskAsync(database, 0, "audit", "verify", "--key", key)).Document["deep"]);

        var own = (JsonObject)(await AskAsync(database, 0, "audit", "verify", "--key", key, "--deep")).Document["deep"]!;
        Assert.Equal(("1", "0", "1"), (Count(own, "reproduced"), Count(own, "different"), Count(own, "not_run")));
        var left = (JsonObject)Assert.Single(((JsonArray)own["not_run"]!).Elements);
        Assert.Equal(
            (earlier.Text("evaluation_id"), "code_version_not_reproduced"),
            (((JsonText)left["evaluation_id"]!).Value, ((JsonText)left["reason"]!).Value));
        var told = (JsonObject)(await AskAsync(
            database, 0, "audit", "verify", "--key", key, "--deep", "--reproduces", "0.9")).Document["deep"]!;
        Assert.Equal(("2", "0", "0"), (Count(told, "reproduced"), Count(told, "different"), Count(told, "not_run")));
        var shown = await JanusqProgram.RunAsync("audit", "verify", "--key", key, "--deep", "--connection", database.ConnectionString);
        Assert.Contains(
            "(h) 1 evaluations run again with the same files, 0 with others, 1 not run", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"evaluation {earlier.Text("evaluation_id")} in candidate-", shown.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await JanusqProgram.RunAsync("audit", "verify", "--key", key, "--reproduces", "0.9")).ExitCode);

        static string Count(JsonObject deep, string name) => deep[$"evaluations_{name}"]!.ToString();
    }

    [Fact]
    public async Task a_server_of_its_own_gets_a_key_of_its_own_and_says_so()
    {
        using var data = new DataFolder();
        var recorded = await JanusqProgram.RunAsync("kill-switch", "engage", "--reason", "incident", "--data", data.Path);
        Assert.True(recorded.ExitCode == 0, recorded.Error);
        string[] checkpoint = ["audit", "checkpoint", "--output", "json", "--data", data.Path];
        var first = await JanusqProgram.RunAsync(checkpoint);
        Assert.Equal((0, "signed"), (first.ExitCode, first.Text("status")));
        Assert.Contains("made a key for the transparency log", first.Error, StringComparison.Ordinal);
        Assert.StartsWith("janusq.local/", first.Text("checkpoint", "origin"), StringComparison.Ordinal);
        var again = await JanusqProgram.RunAsync(checkpoint);
        Assert.Equal("unchanged", again.Text("status"));
        Assert.DoesNotContain("made a key", again.Error, StringComparison.Ordinal);
    }

    /// <summary>Records something and answers how it is refused to prove it.</summary>
    private static async Task<string> RecordAndProveAsync(TestDatabase database)
    {
        foreach (var check in new[] { "a", "b", "c", "d" })
            await AskAsync(database, 0, "drill", "record", "--check", check, "--passed", "--performed-at", "2026-01-05T10:00:00Z");
        return (await AskAsync(database, 3, "audit", "prove", "--sequence", "2")).Text("error", "code");
    }

    private static string? WitnessCode(ProgramAnswer answer) => Code(answer, "witnesses");

    private static string? PublicationCode(ProgramAnswer answer) => Code(answer, "published");

    private static string? Code(ProgramAnswer answer, string list)
    {
        var only = (JsonObject)Assert.Single(((JsonArray)answer.Document[list]!).Elements);
        return (only["refused"] as JsonObject)?["code"] is JsonText code ? code.Value : null;
    }

    private static async Task<ProgramAnswer> AskAsync(TestDatabase? database, int exitCode, params string[] arguments)
    {
        string[] connection = database is null ? [] : ["--connection", database.ConnectionString];
        var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json", .. connection]);
        var command = string.Join(' ', arguments);
        Assert.True(answer.ExitCode == exitCode, $"janusq {command} ended with {answer.ExitCode}: {answer.Error}{answer.Output}");
        return answer;
    }
}
