using System.Buffers.Binary;
using System.Text;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Tests.Bundles;

/// <summary>
/// Bundles are exported, verified by the ledger and by a verifier in another language, and found out wherever they are altered.
/// </summary>
public sealed class BundleTests(ExportedBundles exported) : IClassFixture<ExportedBundles>
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false);

    private static readonly Dictionary<string, (bool Whole, Action<AlteredBundle> Alter, string Code)> Alterations = new(
        StringComparer.Ordinal)
    {
        ["event data"] = (
            true, bundle => bundle.EditLines(lines => At(lines, 3, line => Replaced(line, "olga", "olgA"))), "event_data_mismatch"),
        ["leaf"] = (
            true, bundle => bundle.EditLines(lines => At(lines, 3, line => InLeaf(line, "\"actor\":\"olga\"", "\"actor\":\"olgA\""))),
            "tree_root_mismatch"),
        ["leaf of a candidate"] = (
            false, bundle => bundle.EditLines(lines => At(lines, 3, line => InLeaf(line, "\"actor\":\"", "\"actor\":\"x"))),
            "inclusion_root_mismatch"),
        ["order"] = (true, bundle => bundle.EditLines(lines => [lines[1], lines[0], .. lines.Skip(2)]), "event_out_of_order"),
        ["order with the index"] = (
            true, bundle => bundle.EditLines(lines => [Indexed(lines[1], 0), Indexed(lines[0], 1), .. lines.Skip(2)]),
            "tree_root_mismatch"),
        ["missing event"] = (true, bundle => bundle.EditLines(lines => [.. lines.Take(4), .. lines.Skip(5)]), "event_missing"),
        ["missing last event"] = (true, bundle => bundle.EditLines(lines => lines.SkipLast(1)), "tree_root_mismatch"),
        ["missing event of a candidate"] = (false, WithoutAnEvent, "stream_version_gap"),
        ["an event twice"] = (true, bundle => bundle.EditLines(lines => [.. lines, lines[^1]]), "event_out_of_order"),
        ["a blank in a line"] = (
            true,
            bundle => bundle.EditLines(lines => At(lines, 2, line => line.Replace("{\"data\":", "{\"data\": ", StringComparison.Ordinal))),
            "event_data_mismatch"),
        ["an unfinished line"] = (true, bundle => bundle.Edit("events.jsonl", text => text[..^1]), "bundle_event_malformed"),
        ["content byte"] = (true, bundle => bundle.Flip(bundle.First("content/"), 10), "content_mismatch"),
        ["content missing"] = (true, bundle => bundle.Remove(bundle.First("content/")), "content_missing"),
        ["content added"] = (
            true, bundle => bundle.Add(BundlePath.Content(Sha256Hash.OfText("other")).Text, "other"u8.ToArray()), "content_unneeded"),
        ["checkpoint size"] = (
            true, bundle => bundle.Edit("checkpoint", text => Line(text, 1, size => size + "0")), "note_signature_invalid"),
        ["checkpoint root"] = (
            true, bundle => bundle.Edit("checkpoint", text => Line(text, 2, _ => Convert.ToBase64String(new byte[32]))),
            "note_signature_invalid"),
        ["signature"] = (true, bundle => bundle.Edit("checkpoint", text => Line(text, 4, SignatureFlipped)), "note_signature_invalid"),
        ["signature gone"] = (
            true, bundle => bundle.Edit("checkpoint", text => Line(text, 4, _ => "— other.example/log AAAAAAA=")), "note_unverified"),
        ["key"] = (true, bundle => bundle.Set("key.vkey", Utf8.GetBytes(OtherKey() + "\n")), "bundle_key_missing"),
        ["policy"] = (true, bundle => bundle.Set("policy.tlog-policy", WitnessPolicy.OfLogs(OtherKey()).ToBytes()), "note_unverified"),
        ["manifest hash"] = (
            true, bundle => bundle.WithTheOldManifest().Edit("manifest.json", text => Digit(text, "\"sha256\":\"")),
            "bundle_file_mismatch"),
        ["manifest size"] = (
            true,
            bundle => bundle.Edit("manifest.json", text => text.Replace("\"tree_size\":", "\"tree_size\":1", StringComparison.Ordinal)),
            "bundle_manifest_mismatch"),
        ["manifest not fitting"] = (true, bundle => bundle.WithTheOldManifest().Flip("report.html", -20), "bundle_file_mismatch"),
        ["manifest not canonical"] = (
            true, bundle => bundle.WithTheOldManifest().Edit("manifest.json", text => " " + text), "bundle_manifest_malformed"),
        ["manifest of another format"] = (
            true,
            bundle => bundle.WithTheOldManifest().Edit(
                "manifest.json", text => text.Replace("\"format_version\":1", "\"format_version\":2", StringComparison.Ordinal)),
            "bundle_format_unknown"),
        ["manifest missing"] = (true, bundle => bundle.Remove("manifest.json"), "bundle_file_missing"),
        ["file missing"] = (true, bundle => bundle.Remove("checkpoint"), "bundle_file_missing"),
        ["file not listed"] = (
            true, bundle => bundle.WithTheOldManifest().Add("statements/0123456789abcdef01234567.dsse.json", "{}"u8.ToArray()),
            "bundle_file_unlisted"),
        ["extra file"] = (true, bundle => bundle.Add("notes.txt", "hello"u8.ToArray()), "bundle_file_unknown"),
        ["path out of the folder"] = (true, bundle => bundle.Add("../evil", "hello"u8.ToArray()), "bundle_path_unsafe"),
        ["absolute path"] = (true, bundle => bundle.Add("/etc/evil", "hello"u8.ToArray()), "bundle_path_unsafe"),
        ["two files of one name"] = (true, bundle => bundle.Add("checkpoint", bundle.Bytes("checkpoint")), "bundle_file_duplicate"),
        ["proof hash"] = (
            false, bundle => bundle.Edit(bundle.First("proofs/"), text => Line(text, 2, _ => Convert.ToBase64String(new byte[32]))),
            "inclusion_root_mismatch"),
        ["proof of another index"] = (
            false, bundle => bundle.Edit(bundle.First("proofs/"), text => Line(text, 1, _ => "index 99999999")),
            "inclusion_index_outside_tree"),
        ["proof missing"] = (false, bundle => bundle.Remove(bundle.First("proofs/")), "proof_missing"),
        ["proof in a whole bundle"] = (
            true, bundle => bundle.Add("proofs/0.tlog-proof", "c2sp.org/tlog-proof@v1\n"u8.ToArray()), "proof_unneeded"),
        ["statement altered"] = (true, bundle => bundle.Edit(bundle.First("statements/"), PayloadAltered), "dsse_unverified"),
        ["statement of another"] = (
            true, bundle => bundle.Edit(bundle.First("statements/"), text => PayloadAltered(text, resign: true)), "statement_mismatch"),
        ["statement missing"] = (true, bundle => bundle.Remove(bundle.First("statements/")), "statement_missing"),
    };

    public static TheoryData<string> AlterationNames => [.. Alterations.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task whole_candidate_and_decision_are_verified_by_both()
    {
        foreach (var path in new[] { exported.All, exported.Candidate, exported.Decision })
        {
            var verdict = Verify(path);
            Assert.Equal([], verdict.Findings);
            Assert.Equal((true, exported.Key), (verdict.IsVerified, Assert.Single(verdict.SignedBy)));
            Assert.True(verdict is { Events: > 10, Contents: > 10, JanusArtifacts: > 1, Decisions: > 0 });
            Assert.Equal(verdict.Decisions, verdict.Statements);
        }

        Assert.Equal(
            (3, 1, 1), (Verify(exported.All).Decisions, Verify(exported.Candidate).Decisions, Verify(exported.Decision).Decisions));
        SecondVerifier.SkipIfMissing();
        foreach (var path in new[] { exported.All, exported.Candidate, exported.Decision })
        {
            var (exitCode, answer) = await SecondVerifier.RunAsync(path, exported.Key);
            Assert.True(exitCode == 0, answer.ToString());
            Assert.Equal(Verify(path).Events.ToString(System.Globalization.CultureInfo.InvariantCulture), answer["events"]!.ToString());
        }
    }

    [Fact]
    public async Task the_same_export_twice_is_the_same_bytes()
    {
        var scopes = new[] { (exported.All, new BundleScope()), (exported.Candidate, new BundleScope(exported.CandidateId)) };
        foreach (var (path, scope) in scopes)
        {
            var again = exported.At("again.zip");
            await exported.ExportAsync(again, scope);
            Assert.Equal(await File.ReadAllBytesAsync(path, Cancellation), await File.ReadAllBytesAsync(again, Cancellation));
        }
    }

    [Theory]
    [MemberData(nameof(AlterationNames))]
    public async Task what_is_altered_is_found_by_both(string name)
    {
        var (whole, alter, code) = Alterations[name];
        var bundle = AlteredBundle.Of(whole ? exported.All : exported.Candidate);
        alter(bundle);
        var path = bundle.Write(exported.At($"{name.Replace(' ', '-')}.zip"));

        var verdict = Verify(path);

        Assert.Contains(code, verdict.Findings.Select(finding => finding.Code));
        Assert.All(
            verdict.Findings, finding => Assert.True(finding.Place.Length > 0 && finding.Expected != finding.Found, finding.ToString()));
        SecondVerifier.SkipIfMissing();
        var (exitCode, answer) = await SecondVerifier.RunAsync(path, exported.Key);
        Assert.True(exitCode == 5, $"The second verifier accepts what has a finding of {code}: {answer}");
    }

    [Fact]
    public void another_key_verifies_nothing()
    {
        var verdict = Verify(exported.All, new BundleTrust([OtherKey()]));
        Assert.Equal("note_unverified", verdict.Findings[0].Code);
        Assert.Contains(verdict.Findings, finding => finding.Code == "dsse_unverified");
        Assert.Equal([exported.Key], verdict.KeysNotGiven);
        Assert.Throws<ArgumentException>(() => BundleVerification.Open(exported.All, new BundleTrust([])));
    }

    [Fact]
    public async Task a_bundle_that_a_witness_cosigned_is_verified_by_both()
    {
        using var witness = SignerKey.FromSeed(
            "witness.example", [.. Enumerable.Repeat((byte)7, SignerKey.SeedSize)], NoteSignatureType.Ed25519Cosignature);
        var bundle = AlteredBundle.Of(exported.All);
        Assert.True(SignedCheckpoint.TryParse(bundle.Bytes(BundlePath.Checkpoint.Text), out var signed, out _));
        var policy = Utf8.GetBytes($"log {exported.Key}\nwitness witness.example {witness.Verifier}\nquorum witness.example\n");
        Assert.True(WitnessPolicy.TryParse(policy, out var asked, out _));
        var cosigned = signed.With(Cosignature.Make(witness, signed.Checkpoint, 1_772_000_000));
        var path = bundle.Set(BundlePath.Policy.Text, policy).Set(BundlePath.Checkpoint.Text, cosigned.ToBytes())
            .Write(exported.At("cosigned.zip"));

        var verdict = Verify(path, exported.Trust with { Policy = asked });

        Assert.Equal([], verdict.Findings);
        Assert.Equal([witness.Verifier], verdict.CosignedBy);
        Assert.Equal(
            ["checkpoint_quorum_missing"],
            Verify(exported.All, exported.Trust with { Policy = asked }).Findings.Select(finding => finding.Code));
        SecondVerifier.SkipIfMissing();
        var (exitCode, answer) = await SecondVerifier.RunAsync(path, exported.Key);
        Assert.True(exitCode == 0, answer.ToString());
    }

    [Fact]
    public async Task another_key_is_refused_by_the_second_verifier_too()
    {
        SecondVerifier.SkipIfMissing();
        Assert.Equal(5, (await SecondVerifier.RunAsync(exported.All, OtherKey())).ExitCode);
    }

    [Fact]
    public void a_report_that_tells_something_else_is_found()
    {
        var path = AlteredBundle.Of(exported.All).Edit("report.html", text => text.Replace("deny", "promote", StringComparison.Ordinal))
            .Write(exported.At("report.zip"));
        Assert.Equal("report_mismatch", Assert.Single(Verify(path).Findings).Code);
    }

    [Fact]
    public void a_decision_that_was_altered_and_signed_again_does_not_derive_again()
    {
        using var signer = SignerKey.FromSeed(ExportedBundles.Origin, [.. Enumerable.Repeat((byte)1, SignerKey.SeedSize)]);
        var path = AlteredBundle.Of(exported.All)
            .EditLines(lines => At(lines, lines.FindIndex(Denied), line => Replaced(line, "\"action\":\"deny\"", "\"action\":\"hold\"")))
            .SignAgain(signer).Write(exported.At("signed-again.zip"));

        var codes = Verify(path).Findings.Select(finding => finding.Code).ToArray();

        Assert.Contains("decision_not_replayed", codes);
        Assert.DoesNotContain("tree_root_mismatch", codes);

        static bool Denied(string line) => line.Contains("\"action\":\"deny\"", StringComparison.Ordinal);
    }

    [Fact]
    public void the_report_has_no_scripts_and_nothing_from_outside()
    {
        var report = AlteredBundle.Of(exported.Candidate).Text("report.html");
        Assert.DoesNotContain("<script", report, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", report, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=", report, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(exported.DecisionId, report, StringComparison.Ordinal);
    }

    [Fact]
    public void a_file_that_says_another_size_than_it_has_is_found()
    {
        var bytes = File.ReadAllBytes(exported.All);
        var name = Utf8.GetBytes("checkpoint");

        // The size in the central directory, 22 bytes before the name.
        var at = bytes.AsSpan().LastIndexOf(name) - 46 + 24;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), 8);
        File.WriteAllBytes(exported.At("longer.zip"), bytes);
        Assert.Contains(Verify(exported.At("longer.zip")).Findings, finding => finding.Code == "bundle_file_mismatch");
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), 0x7fffffff);
        File.WriteAllBytes(exported.At("large.zip"), bytes);
        Assert.Equal("bundle_file_too_large", Assert.Single(Verify(exported.At("large.zip")).Findings).Code);
    }

    [Fact]
    public void every_cut_and_every_damage_has_an_answer()
    {
        var bytes = File.ReadAllBytes(exported.Candidate);
        var path = exported.At("damaged.zip");
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllBytes(path, bytes[..(bytes.Length * i / 40)]);
            Assert.False(Verify(path).IsVerified);
        }

        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            Verify(path);
        }
    }

    [Fact]
    public async Task the_program_exports_and_verifies()
    {
        var path = exported.At("program.zip");
        string[] database = ["--connection", exported.ConnectionString, "--output", "json"];
        var answer = await JanusqProgram.RunAsync(
            ["audit", "export", "--candidate", exported.CandidateId, "--file", path, "--log-key", exported.KeyFile, .. database]);
        Assert.True(answer.ExitCode == 0, answer.Error + answer.Output);
        Assert.Equal(await File.ReadAllBytesAsync(exported.Candidate, Cancellation), await File.ReadAllBytesAsync(path, Cancellation));

        var verified = await JanusqProgram.RunAsync("audit", "verify-bundle", path, "--key", exported.Key.ToString(), "--output", "json");
        Assert.Equal((0, "verified"), (verified.ExitCode, verified.Text("status")));
        var byFile = await JanusqProgram.RunAsync("audit", "verify-bundle", path, "--key", exported.KeyFile + ".verifiers");
        Assert.Equal(0, byFile.ExitCode);
        Assert.Contains("verified", byFile.Output, StringComparison.Ordinal);

        var altered = AlteredBundle.Of(path).Flip("report.html", -20).Write(exported.At("altered-program.zip"));
        var found = await JanusqProgram.RunAsync("audit", "verify-bundle", altered, "--key", exported.Key.ToString(), "--output", "json");
        Assert.Equal((5, "findings"), (found.ExitCode, found.Text("status")));
        var untrusted = await JanusqProgram.RunAsync("audit", "verify-bundle", path, "--output", "json");
        Assert.Equal((2, "key_missing"), (untrusted.ExitCode, untrusted.Text("error", "code")));
        Assert.Equal(
            1,
            (await JanusqProgram.RunAsync("audit", "verify-bundle", exported.At("none.zip"), "--key", exported.Key.ToString())).ExitCode);
    }

    [Fact]
    public async Task what_cannot_be_exported_is_refused_by_name_and_leaves_nothing()
    {
        var path = exported.At("refused.zip");
        string[] common = ["--file", path, "--log-key", exported.KeyFile, "--connection", exported.ConnectionString, "--output", "json"];
        var unknown = await JanusqProgram.RunAsync(["audit", "export", "--candidate", "cand-0123456789ab", .. common]);
        Assert.Equal((3, "unknown_candidate"), (unknown.ExitCode, unknown.Text("error", "code")));
        var decision = await JanusqProgram.RunAsync(["audit", "export", "--decision", "0123456789abcdef01234567", .. common]);
        Assert.Equal((3, "unknown_decision"), (decision.ExitCode, decision.Text("error", "code")));
        var early = await JanusqProgram.RunAsync(["audit", "export", "--all", "--until", "2020-01-01T00:00:00Z", .. common]);
        Assert.Equal((3, "log_not_signed_yet"), (early.ExitCode, early.Text("error", "code")));
        Assert.Equal(2, (await JanusqProgram.RunAsync(["audit", "export", .. common])).ExitCode);
        Assert.Equal([], Directory.GetFiles(Path.GetDirectoryName(path)!, "refused*"));
    }

    [Fact]
    public async Task without_statements_no_secret_is_needed()
    {
        var path = exported.At("unsigned.zip");
        var keys = exported.Keys with { Signer = null };
        var manifest = await exported.ExportAsync(
            path, new BundleScope(exported.CandidateId, exported.DecisionId, Instant.Parse("2026-03-01T00:00:00Z")), keys);
        Assert.Equal((0, 1), (manifest.Statements, manifest.Decisions));
        var verdict = Verify(path);
        Assert.Equal((true, 0L), (verdict.IsVerified, verdict.Statements));
    }

    private BundleVerdict Verify(string path, BundleTrust? trust = null)
    {
        using var verification = BundleVerification.Open(path, trust ?? exported.Trust);
        return verification.Verify(Cancellation);
    }

    private static VerifierKey OtherKey()
    {
        using var other = SignerKey.FromSeed(ExportedBundles.Origin, [.. Enumerable.Repeat((byte)2, SignerKey.SeedSize)]);
        return other.Verifier;
    }

    private static List<string> At(List<string> lines, int at, Func<string, string> edit)
    {
        var after = edit(lines[at]);
        Assert.NotEqual(lines[at], after);
        lines[at] = after;
        return lines;
    }

    private static string Replaced(string line, string old, string with)
    {
        var at = line.IndexOf(old, StringComparison.Ordinal);
        return string.Concat(line.AsSpan(0, at), with, line.AsSpan(at + old.Length));
    }

    private static string InLeaf(string line, string old, string with)
    {
        var leaf = line.LastIndexOf(",\"leaf\":", StringComparison.Ordinal);
        return line[..leaf] + Replaced(line[leaf..], old, with);
    }

    private static string Indexed(string line, int index) => $"{line[..line.LastIndexOf(':')]}:{index}}}";

    private static string Line(string text, int at, Func<string, string> edit)
    {
        var lines = text.Split('\n');
        lines[at] = edit(lines[at]);
        return string.Join('\n', lines);
    }

    private static string SignatureFlipped(string line)
    {
        var blank = line.LastIndexOf(' ');
        var bytes = Convert.FromBase64String(line[(blank + 1)..]);
        bytes[^1] ^= 1;
        return line[..(blank + 1)] + Convert.ToBase64String(bytes);
    }

    private static string Digit(string text, string behind)
    {
        var at = text.IndexOf(behind, StringComparison.Ordinal) + behind.Length;
        return string.Concat(text.AsSpan(0, at), text[at] == '0' ? "1" : "0", text.AsSpan(at + 1));
    }

    /// <summary>An event in the middle of the candidate's stream, with its proof.</summary>
    private static void WithoutAnEvent(AlteredBundle bundle)
    {
        var lines = bundle.Text("events.jsonl").Split('\n');
        var line = lines.First(candidate => candidate.Contains("\"stream\":\"candidate-", StringComparison.Ordinal)
            && candidate.Contains("\"type\":\"approval_granted\"", StringComparison.Ordinal));
        var index = line[(line.LastIndexOf(':') + 1)..^1];
        bundle.EditLines(all => all.Where(one => one != line)).Remove($"proofs/{index}.tlog-proof");
    }

    private static string PayloadAltered(string envelope) => PayloadAltered(envelope, resign: false);

    private static string PayloadAltered(string envelope, bool resign)
    {
        var members = (JsonObject)JsonValue.Read(Utf8.GetBytes(envelope));
        var payload = Utf8.GetString(Convert.FromBase64String(((JsonText)members["payload"]!).Value));
        var changed = payload.Contains("\"PASSED\"", StringComparison.Ordinal)
            ? payload.Replace("PASSED", "FAILED", StringComparison.Ordinal)
            : payload.Replace("FAILED", "PASSED", StringComparison.Ordinal);
        using var signer = SignerKey.FromSeed(ExportedBundles.Origin, [.. Enumerable.Repeat((byte)1, SignerKey.SeedSize)]);
        return resign
            ? Utf8.GetString(DsseEnvelope.Sign(DecisionStatement.PayloadType, Utf8.GetBytes(changed), signer).ToBytes())
            : members.With("payload", Convert.ToBase64String(Utf8.GetBytes(changed))).ToString();
    }
}
