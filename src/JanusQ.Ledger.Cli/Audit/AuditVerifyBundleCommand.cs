using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit verify-bundle</c>: proves a bundle from its file and a key that was given, without database and network.
/// </summary>
internal static class AuditVerifyBundleCommand
{
    public static Command Create(GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = "The bundle." };
        var key = new Option<string[]>("--key")
        {
            Description = "A verifier key of the log, or a file with them, from somewhere else than the bundle. "
                + "May be given several times.",
            DefaultValueFactory = _ => [],
        };
        var policy = new Option<string?>("--policy") { Description = "C2SP tlog-policy: whose cosignatures the checkpoint must have." };
        var command = new Command(
            "verify-bundle", "Verifies a bundle: signature, inclusion, hashes, Janus artifacts, decisions, statements.")
        {
            file, key, policy,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var trust = new BundleTrust(
                await ReadKeysAsync(parsed.GetValue(key)!, cancellation).ConfigureAwait(false),
                parsed.GetValue(policy) is { } named
                    ? await AuditCheckpointCommand.ReadPolicyAsync(policy.Name, named, cancellation).ConfigureAwait(false)
                    : null);
            var path = parsed.GetRequiredValue(file);
            var verdict = await VerifyAsync(terminal, path, trust, cancellation).ConfigureAwait(false);
            return new Answer(
                new JsonObject([new("file", path), .. verdict.ToJson().Members]),
                console => Show(console, path, verdict))
            {
                ExitCode = verdict.IsVerified ? ExitCode.Done : ExitCode.IntegrityViolation,
            };
        });
        return command;
    }

    private static async Task<ImmutableArray<VerifierKey>> ReadKeysAsync(string[] given, CancellationToken cancellation)
    {
        if (given.Length == 0)
        {
            throw new CliFailure(
                ExitCode.Usage,
                "key_missing",
                "A key that only comes with the bundle proves nothing. Name with --key one that you have from elsewhere.");
        }

        var keys = ImmutableArray.CreateBuilder<VerifierKey>();
        foreach (var text in given)
        {
            if (VerifierKey.TryParse(text, out var key, out var refusal)) keys.Add(key);
            else if (File.Exists(text)) keys.AddRange(await LogKeyFile.ReadVerifiersAsync(text, cancellation).ConfigureAwait(false));
            else throw new CliFailure(ExitCode.Failed, refusal.Code, $"--key '{text}' is no file, and no key: {refusal.Explanation}");
        }

        return keys.Count > 0
            ? keys.ToImmutable()
            : throw new CliFailure(ExitCode.Failed, "key_missing", "There is no key in the files that --key names.");
    }

    internal static Task<BundleVerdict> VerifyAsync(Terminal terminal, string path, BundleTrust trust, CancellationToken cancellation) =>
        terminal.ProgressAsync(addTask => Task.Run(
            () =>
            {
                var bar = addTask("verifying");
                using var verification = Open(path, trust, bar is null ? null : count => bar.Increment(count));
                if (bar is not null) bar.MaxValue = Math.Max(1, verification.Total);
                return verification.Verify(cancellation);
            },
            cancellation));

    private static BundleVerification Open(string path, BundleTrust trust, Action<long>? read)
    {
        try
        {
            return BundleVerification.Open(path, trust, read);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CliFailure(ExitCode.Failed, "input_unreadable", $"'{path}' cannot be read: {failure.Message}");
        }
    }

    private static void Show(IAnsiConsole console, string path, BundleVerdict verdict)
    {
        foreach (var finding in verdict.Findings) console.WriteLine(finding.ToString());
        if (verdict.FindingsCount > verdict.Findings.Length)
            console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"... and {verdict.FindingsCount - verdict.Findings.Length} more."));
        foreach (var key in verdict.KeysNotGiven)
            console.WriteLine(
                $"The bundle names the key {key.Hint}, which was not given and counts for nothing.");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {(verdict.IsVerified ? "verified" : $"NOT VERIFIED, {verdict.FindingsCount} findings")}; "
            + $"{verdict.Events} events, {verdict.Contents} documents, {verdict.JanusArtifacts} Janus artifacts, "
            + $"{verdict.Decisions} decisions, {verdict.Statements} statements."));
        if (verdict is { IsVerified: true, Manifest: { } manifest })
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{manifest.Origin}, {manifest.TreeSize} events, root {manifest.Root}, "
                + $"signed by {string.Join(", ", verdict.SignedBy.Select(key => key.Hint))}."));
        }
    }
}
