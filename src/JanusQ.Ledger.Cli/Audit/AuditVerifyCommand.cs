using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit verify</c>: proves the whole ledger against nothing but the verifier key, or says exactly where it is not what it must
/// be (audit.md section 4). A server verifies its own, which is its own word.
/// </summary>
internal static class AuditVerifyCommand
{
    private const string PublishedCheckpoint = "checkpoint";

    public static Command Create(GlobalOptions options)
    {
        var keys = new Option<string[]>("--key")
        {
            Description = "Verifier key of the log, or a file with such keys, one a line. May be given several times. Without it the keys "
                + "that this program's operator names, which proves nothing against the operator.",
            DefaultValueFactory = _ => [],
        };
        var kept = new Option<string[]>("--checkpoint")
        {
            Description = "A checkpoint that you kept, or a folder that checkpoints were published to: the log must contain it. "
                + "May be given several times.",
            DefaultValueFactory = _ => [],
        };
        var since = new Option<string?>("--since")
        {
            Description = "A checkpoint that you kept and up to which you verified everything before: verifies only what is new.",
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "C2SP tlog-policy: whose cosignatures the checkpoint must have that everything rests on.",
        };
        var deep = new Option<bool>("--deep")
        {
            Description = "Also runs the lane again for every evaluation whose inputs are stored and whose code version this program "
                + "reproduces, and compares every file that was emitted.",
        };
        var reproduces = new Option<string[]>("--reproduces")
        {
            Description = "With --deep: a code version beside this program's own whose evaluations it has to reproduce. "
                + "May be given several times.",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("verify", "Verifies everything that is recorded, and names whatever is not as it must be.")
        {
            keys, kept, since, policy, deep, reproduces,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(deep) && result.GetValue(reproduces) is { Length: > 0 })
                result.AddError("--reproduces means nothing without --deep.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var checkpoints = ImmutableArray.CreateBuilder<KeptCheckpoint>();
            foreach (var path in parsed.GetValue(kept)!)
                checkpoints.Add(await ReadAsync(kept.Name, path, cancellation).ConfigureAwait(false));
            var begin = parsed.GetValue(since) is { } file ? await ReadAsync(since.Name, file, cancellation).ConfigureAwait(false) : null;
            var witnesses = parsed.GetValue(policy) is { } named
                ? await AuditCheckpointCommand.ReadPolicyAsync(policy.Name, named, cancellation).ConfigureAwait(false)
                : null;
            var given = await ReadKeysAsync(keys.Name, parsed.GetValue(keys)!, cancellation).ConfigureAwait(false);
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            if (session.RemoteAudits is { } remote)
            {
                terminal.Notice(
                    "the report is the server's own word; who need not believe it checks a bundle: 'audit export', then "
                    + "'audit verify-bundle'");
                return AuditView.Of(await remote.VerifyAsync(
                    given,
                    checkpoints,
                    begin,
                    witnesses,
                    parsed.GetValue(deep),
                    parsed.GetValue(reproduces)!,
                    cancellation).ConfigureAwait(false));
            }

            var fromOperator = given.IsEmpty;
            if (fromOperator)
            {
                (var from, given) = await LogKeyOptions.ReadVerifiersAsync(session.Facts, cancellation).ConfigureAwait(false);
                if (!given.IsEmpty)
                    terminal.Notice(
                        $"the verifier keys come from {from}, so from the operator of this ledger; name one that you got another way "
                        + "with --key");
            }

            var audit = new AuditOptions
            {
                Keys = given,
                Kept = checkpoints.ToImmutable(),
                Since = begin,
                Policy = witnesses,
                Deep = parsed.GetValue(deep) ? new DeepAudit([ProgramVersion.Text, .. parsed.GetValue(reproduces)!]) : null,
            };
            var report = await terminal.ProgressAsync(addTask => session.Ledger.Audit.VerifyAsync(audit, Bars(addTask), cancellation))
                .ConfigureAwait(false);
            return AuditView.Of(report.ToJson(audit, fromOperator));
        });
        return command;
    }

    /// <summary>One bar a step, made when the step is first heard of.</summary>
    private static Action<AuditProgress> Bars(Func<string, ProgressTask?> addTask)
    {
        var bars = new ConcurrentDictionary<string, Lazy<ProgressTask?>>(StringComparer.Ordinal);
        return progress =>
        {
            if (bars.GetOrAdd(progress.Step, step => new Lazy<ProgressTask?>(() => addTask(step))).Value is not { } bar) return;
            bar.IsIndeterminate = progress.Total is null;
            bar.MaxValue = Math.Max(progress.Total ?? 1, progress.Done);
            bar.Value = progress.Done;
        };
    }

    private static async Task<KeptCheckpoint> ReadAsync(string option, string path, CancellationToken cancellation)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, PublishedCheckpoint) : path;
        var input = await InputFile.ReadAsync(option, file, cancellation).ConfigureAwait(false);
        return SignedCheckpoint.TryParse(input.Bytes, out var signed, out var refusal)
            ? new KeptCheckpoint(file, signed)
            : throw new CliFailure(ExitCode.Failed, refusal.Code, $"{option} '{file}' is no checkpoint: {refusal.Explanation}");
    }

    private static async Task<ImmutableArray<VerifierKey>> ReadKeysAsync(string option, string[] given, CancellationToken cancellation)
    {
        var keys = ImmutableArray.CreateBuilder<VerifierKey>();
        foreach (var text in given)
        {
            if (VerifierKey.TryParse(text, out var key, out var refusal))
            {
                keys.Add(key);
                continue;
            }

            if (!File.Exists(text))
                throw new CliFailure(
                    ExitCode.Failed, refusal.Code, $"{option} '{text}' is neither a file nor a verifier key: {refusal.Explanation}");
            var ofFile = await LogKeyFile.ReadVerifiersAsync(text, cancellation).ConfigureAwait(false);
            if (ofFile.IsEmpty) throw new CliFailure(ExitCode.Failed, "verifier_key_missing", $"{option} '{text}' holds no verifier key.");
            keys.AddRange(ofFile);
        }

        return keys.ToImmutable();
    }
}
