using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit export</c>: a candidate, a decision or everything in one file that proves itself. What is not signed yet is signed first.
/// </summary>
internal static class AuditExportCommand
{
    public static Command Create(GlobalOptions options)
    {
        var candidate = new Option<string?>("--candidate") { Description = "Everything about a candidate, and what its decisions rest on." };
        var decision = new Option<string?>("--decision") { Description = "One decision, with its candidate's events up to it." };
        var all = new Option<bool>("--all") { Description = "The whole ledger." };
        var until = new Option<string?>("--until")
        {
            Description = "As the ledger was signed at that instant: the last checkpoint from before it, and what it speaks for.",
        }.HoldingAnInstantOrNothing();
        var file = new Option<string>("--file") { Description = "The zip to write, over one that is there.", Required = true };
        var unsigned = new Option<bool>("--without-statements")
        {
            Description = "Leaves out the signed in-toto statements; then only the verifier keys are needed, and nothing is signed.",
        };
        var policy = new Option<string?>("--policy") { Description = "C2SP tlog-policy to put into the bundle, instead of one that asks for no witness." };
        var patience = new Option<string?>("--patience")
        {
            Description = "How long to wait for transactions that are still open, for instance 30s (the default).",
            DefaultValueFactory = _ => "30s",
        }.HoldingADuration();
        var keys = new LogKeyOptions();
        var command = new Command("export", "Writes a bundle that proves itself without the database.")
        {
            candidate, decision, all, until, file, unsigned, policy, patience,
        };
        keys.AddTo(command);
        command.Validators.Add(result =>
        {
            bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
            if (new Option[] { candidate, decision, all }.Count(IsGiven) != 1)
                result.AddError(
                    "Exactly one of --candidate, --decision and --all is needed.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var witnesses = parsed.GetValue(policy) is { } named
                ? await AuditCheckpointCommand.ReadPolicyAsync(policy.Name, named, cancellation).ConfigureAwait(false)
                : null;
            var isSigned = !parsed.GetValue(unsigned);
            var session = await LedgerSession.OpenAsync(
                options, parsed, terminal, cancellation, isSigned ? server => keys.ReadAsync(parsed, terminal, server, cancellation) : null)
                .ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var ring = isSigned ? session.Ledger.Log.Options.Keys : null;
            var bundleKeys = new BundleKeys
            {
                Known = ring?.Known ?? await keys.ReadVerifiersAsync(parsed, session.Facts, cancellation).ConfigureAwait(false),
                Signer = ring?.Signer,
                Policy = witnesses,
            };
            var instant = parsed.GetValue(until) is { } text ? Instant.Parse(text) : (Instant?)null;
            if (instant is null)
                await CoverAsync(session, isSigned, InstantOption.DurationOf(parsed.GetValue(patience)!)!.Value, cancellation).ConfigureAwait(false);
            var scope = await ScopeAsync(session, parsed.GetValue(candidate), parsed.GetValue(decision), instant, cancellation).ConfigureAwait(false);
            var path = parsed.GetRequiredValue(file);
            var manifest = await WriteAsync(session, terminal, file.Name, path, scope, bundleKeys, cancellation).ConfigureAwait(false);
            return AnswerOf(manifest, path);
        });
        return command;
    }

    private static async Task<BundleScope> ScopeAsync(
        LedgerSession session, string? candidate, string? decision, Instant? until, CancellationToken cancellation)
    {
        if (decision is null) return new BundleScope(candidate, null, until);
        var found = await session.Ledger.Decisions.FindAsync(decision, cancellation).ConfigureAwait(false)
            ?? throw new RefusedException(new Refusal("unknown_decision", $"There is no decision '{decision}'."));
        return new BundleScope(found.CandidateId, decision, until);
    }

    /// <summary>Makes sure that the last checkpoint speaks for everything that is recorded.</summary>
    private static async Task CoverAsync(LedgerSession session, bool isSigned, TimeSpan patience, CancellationToken cancellation)
    {
        var log = session.Ledger.Log;
        if (isSigned)
        {
            if ((await log.CatchUpAsync(patience, cancellation).ConfigureAwait(false)).IsComplete) return;
            throw new RefusedException(new Refusal(
                "log_held_up", "A transaction that drew earlier numbers is still open, so that not everything can be signed. Try again, or name --until."));
        }

        var status = await log.Reader.StatusAsync(cancellation).ConfigureAwait(false);
        if (status is not { EventsBehind: 0, Checkpoint: { } signed } || signed.Size != status.Size)
        {
            throw new RefusedException(new Refusal(
                LogRefusals.NotSignedYet, "Not everything is signed, and without a key nothing can be: sign a checkpoint first, or name --until."));
        }
    }

    private static Task<BundleManifest> WriteAsync(
        LedgerSession session, Terminal terminal, string option, string path, BundleScope scope, BundleKeys keys, CancellationToken cancellation) =>
        terminal.ProgressAsync(async addTask =>
        {
            var bar = addTask("exporting events");
            try
            {
                return await session.Ledger.Bundles.WriteAsync(
                    path,
                    scope,
                    keys,
                    progress =>
                    {
                        if (bar is null) return;
                        bar.MaxValue = progress.OfEvents;
                        bar.Value = progress.Events;
                    },
                    cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (
                failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new CliFailure(ExitCode.Failed, "output_unwritable", $"{option} '{path}' cannot be written: {failure.Message}");
            }
        });

    private static Answer AnswerOf(BundleManifest manifest, string path) => new(
        JsonObject.Of(
            ("status", "exported"),
            ("file", path),
            ("scope", manifest.Scope.ToJson()),
            ("origin", manifest.Origin),
            ("tree_size", manifest.TreeSize),
            ("root", manifest.Root),
            ("events", manifest.Events),
            ("decisions", manifest.Decisions),
            ("statements", manifest.Statements),
            ("files", manifest.Files.Length + 1),
            ("absent_content", manifest.AbsentContent.Length)),
        console => console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{manifest.Events} events under the checkpoint of {manifest.TreeSize} of {manifest.Origin} are in {path}, with {manifest.Decisions} decisions and {manifest.Statements} statements.")));
}
