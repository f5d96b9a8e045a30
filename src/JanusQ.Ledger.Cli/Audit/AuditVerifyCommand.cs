using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Lane;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit verify</c>: proves the whole ledger against nothing but the verifier key, or says exactly where it is not what it must be
/// (audit.md section 4).
/// </summary>
internal static class AuditVerifyCommand
{
    private const string PublishedCheckpoint = "checkpoint";

    public static Command Create(GlobalOptions options)
    {
        var keys = new Option<string[]>("--key")
        {
            Description = "Verifier key of the log, or a file with such keys, one a line. May be given several times. Without it the keys that "
                + "this program's operator names, which proves nothing against the operator.",
            DefaultValueFactory = _ => [],
        };
        var kept = new Option<string[]>("--checkpoint")
        {
            Description = "A checkpoint that you kept, or a folder that checkpoints were published to: the log must contain it. May be given several times.",
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
            Description = "Also runs the lane again for every evaluation whose inputs are stored and whose code version this program reproduces, and "
                + "compares every file that was emitted.",
        };
        var reproduces = new Option<string[]>("--reproduces")
        {
            Description = "With --deep: a code version beside this program's own whose evaluations it has to reproduce. May be given several times.",
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
            foreach (var path in parsed.GetValue(kept)!) checkpoints.Add(await ReadAsync(kept.Name, path, cancellation).ConfigureAwait(false));
            var begin = parsed.GetValue(since) is { } file ? await ReadAsync(since.Name, file, cancellation).ConfigureAwait(false) : null;
            var witnesses = parsed.GetValue(policy) is { } named
                ? await AuditCheckpointCommand.ReadPolicyAsync(policy.Name, named, cancellation).ConfigureAwait(false)
                : null;
            var given = await ReadKeysAsync(keys.Name, parsed.GetValue(keys)!, cancellation).ConfigureAwait(false);
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var fromOperator = given.IsEmpty;
            if (fromOperator)
            {
                (var from, given) = await LogKeyOptions.ReadVerifiersAsync(session.Facts, cancellation).ConfigureAwait(false);
                if (!given.IsEmpty)
                    terminal.Notice($"the verifier keys come from {from}, so from the operator of this ledger; name one that you got another way with --key");
            }

            var audit = new AuditOptions
            {
                Keys = given,
                Kept = checkpoints.ToImmutable(),
                Since = begin,
                Policy = witnesses,
                Deep = parsed.GetValue(deep) ? new DeepAudit([ProgramVersion.Text, .. parsed.GetValue(reproduces)!]) : null,
            };
            var report = await terminal.ProgressAsync(addTask => session.Ledger.Audit.VerifyAsync(audit, Bars(addTask), cancellation)).ConfigureAwait(false);
            return AnswerOf(report, audit, fromOperator);
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

    private static Answer AnswerOf(AuditReport report, AuditOptions audit, bool fromOperator) => new(
        JsonObject.Of(
            ("status", report.IsClean ? "verified" : "violated"),
            ("verifier_keys", JsonArray.OfTexts(audit.Keys.Select(key => key.ToString()))),
            ("keys_from", fromOperator ? "operator" : "caller"),
            ("since", report.Since),
            ("checkpoint", report.Signed is { } signed
                ? JsonObject.Of(("origin", signed.Checkpoint.Origin), ("size", signed.Checkpoint.Size), ("root", signed.Checkpoint.Root), ("note", signed.ToString()))
                : JsonValue.Null),
            ("policy", audit.Policy is null ? JsonValue.Null : report.IsPolicySatisfied ? "satisfied" : "unsatisfied"),
            ("cosigned_by", JsonArray.OfTexts(report.CosignedBy.Select(key => key.ToString()))),
            ("counts", report.Counts.ToJson()),
            ("deep", report.Deep?.ToJson() ?? JsonValue.Null),
            ("finding_counts", new JsonObject(report.FindingCounts.Select(count => new KeyValuePair<string, JsonValue>(count.Key, count.Value)))),
            ("findings", new JsonArray(report.Findings.Select(finding => (JsonValue)finding.ToJson())))),
        console => Show(console, report))
    {
        ExitCode = report.IsClean ? ExitCode.Done : ExitCode.IntegrityViolation,
    };

    private static void Show(IAnsiConsole console, AuditReport report)
    {
        void Say(FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        var counts = report.Counts;
        if (report.Since > 0) Say($"Only what is behind {report.Since:N0} leaves was verified.");
        Say($"(a) {counts.Events:N0} events, {counts.Leaves:N0} leaves, {counts.Tiles:N0} tiles, {counts.Checkpoints:N0} checkpoints, {counts.Cosignatures:N0} cosignatures");
        Say($"(b) {counts.EventsBehind:N0} events not in the log yet, {counts.LeavesUnsigned:N0} in it and not signed yet");
        Say($"(c) {counts.References:N0} hashes in events, {counts.Contents:N0} documents of {counts.ContentBytes:N0} bytes");
        Say($"(d) {counts.Artifacts:N0} Janus artifacts");
        Say($"(e) {counts.Decisions:N0} decisions derived again");
        Say($"(f) {counts.Projections:N0} projections made again");
        Say($"(g) {counts.PlaceChanges:N0} changes of places");
        if (report.Deep is { } deep) Show(console, deep);
        if (report.Signed is { } signed) Say($"Signed: {signed.Checkpoint.Size:N0} events of {signed.Checkpoint.Origin}, root {signed.Checkpoint.Root}.");
        if (report.CosignedBy is { IsEmpty: false } witnesses)
            Say($"Cosigned, as the policy asks: {string.Join(", ", witnesses.Select(key => key.Hint))}.");
        if (report.IsClean)
        {
            Say($"Everything is as it must be.");
            return;
        }

        foreach (var finding in report.Findings) console.WriteLine(finding.ToString());
        foreach (var (code, count) in report.FindingCounts)
        {
            var shown = report.Findings.Count(finding => finding.Code == code);
            if (count > shown) Say($"{code}: {count - shown:N0} more");
        }

        Say($"{report.FindingCounts.Values.Sum():N0} findings.");
    }

    private static void Show(IAnsiConsole console, DeepReport deep)
    {
        void Say(FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        var left = deep.NotRunCounts.Values.Sum();
        Say($"(h) {deep.Reproduced:N0} evaluations run again with the same files, {deep.Different:N0} with others, {left:N0} not run");
        foreach (var evaluation in deep.NotRun) console.WriteLine(evaluation.ToString());
        foreach (var (reason, count) in deep.NotRunCounts)
        {
            var shown = deep.NotRun.Count(evaluation => evaluation.Reason.Code == reason);
            if (count > shown) Say($"{reason}: {count - shown:N0} more");
        }
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

            if (!File.Exists(text)) throw new CliFailure(ExitCode.Failed, refusal.Code, $"{option} '{text}' is neither a file nor a verifier key: {refusal.Explanation}");
            var ofFile = await LogKeyFile.ReadVerifiersAsync(text, cancellation).ConfigureAwait(false);
            if (ofFile.IsEmpty) throw new CliFailure(ExitCode.Failed, "verifier_key_missing", $"{option} '{text}' holds no verifier key.");
            keys.AddRange(ofFile);
        }

        return keys.ToImmutable();
    }
}
