using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit export</c>: a candidate, a decision or everything in one file that proves itself. What is not signed yet is signed
/// first. Of a server it gets the same bytes, and verifies them where the log's keys are named.
/// </summary>
internal static class AuditExportCommand
{
    public static Command Create(GlobalOptions options)
    {
        var candidate = new Option<string?>("--candidate")
        {
            Description = "Everything about a candidate, and what its decisions rest on.",
        };
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
        var policy = new Option<string?>("--policy")
        {
            Description = "C2SP tlog-policy to put into the bundle, instead of one that asks for no witness.",
        };
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
            var order = new ExportOrder
            {
                CandidateId = parsed.GetValue(candidate),
                DecisionId = parsed.GetValue(decision),
                Until = parsed.GetValue(until) is { } text ? Instant.Parse(text) : null,
                WithStatements = !parsed.GetValue(unsigned),
                Policy = witnesses,
                Patience = InstantOption.DurationOf(parsed.GetValue(patience)!)!.Value,
            };
            var session = await LedgerSession.OpenAsync(
                options, parsed, terminal, cancellation,
                order.WithStatements ? server => keys.ReadAsync(parsed, terminal, server, cancellation) : null).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var path = parsed.GetRequiredValue(file);
            if (session.RemoteAudits is { } remote)
            {
                RemoteCheckpoint.Refuse(parsed, keys.Key);
                var trusted = await keys.FindVerifiersAsync(parsed, cancellation).ConfigureAwait(false);
                var received = await WriteAsync(file.Name, path, () => ReceiveAsync(remote, terminal, order, path, trusted, cancellation))
                    .ConfigureAwait(false);
                return AnswerOf(received, path, trusted is not null);
            }

            return AnswerOf(await WriteAsync(file.Name, path, () => ExportAsync(session, terminal, order, path, Verifiers, cancellation))
                .ConfigureAwait(false), path, null);

            Task<ImmutableArray<VerifierKey>> Verifiers() => keys.ReadVerifiersAsync(parsed, session.Facts, cancellation);
        });
        return command;
    }

    private static Task<BundleManifest> ExportAsync(
        LedgerSession session,
        Terminal terminal,
        ExportOrder order,
        string path,
        Func<Task<ImmutableArray<VerifierKey>>> verifiers,
        CancellationToken cancellation) => terminal.ProgressAsync(addTask =>
        {
            var bar = addTask("exporting events");
            return order.WriteAsync(
                session.Ledger,
                path,
                verifiers,
                progress =>
                {
                    if (bar is null) return;
                    bar.MaxValue = progress.OfEvents;
                    bar.Value = progress.Events;
                },
                cancellation);
        });

    /// <summary>Has a server export. Where the log's keys are named, what does not verify against them never stands at its place.</summary>
    private static async Task<BundleManifest> ReceiveAsync(
        RemoteAudits remote,
        Terminal terminal,
        ExportOrder order,
        string path,
        IReadOnlyList<VerifierKey>? trusted,
        CancellationToken cancellation)
    {
        BundleManifest? manifest = null;
        await remote.ExportAsync(order, path, InspectAsync, cancellation).ConfigureAwait(false);
        return manifest!;

        async Task InspectAsync(string received, CancellationToken ending)
        {
            manifest = BundleFile.ReadManifest(received);
            if (trusted is null) return;
            var trust = new BundleTrust([.. trusted], order.Policy);
            var verdict = await AuditVerifyBundleCommand.VerifyAsync(terminal, received, trust, ending).ConfigureAwait(false);
            if (verdict.IsVerified) return;
            throw new CliFailure(
                ExitCode.IntegrityViolation,
                "bundle_unverified",
                $"The server's bundle does not verify and is not kept: {string.Join("; ", verdict.Findings.Take(3))}.")
            {
                Details = JsonObject.Of(("verdict", verdict.ToJson())),
            };
        }
    }

    private static async Task<BundleManifest> WriteAsync(string option, string path, Func<Task<BundleManifest>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is (IOException and not HttpIOException) or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliFailure(ExitCode.Failed, "output_unwritable", $"{option} '{path}' cannot be written: {failure.Message}");
        }
    }

    private static Answer AnswerOf(BundleManifest manifest, string path, bool? isVerified) => new(
        new JsonObject(JsonObject.Of(
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
            ("absent_content", manifest.AbsentContent.Length)).Members.Concat(
            isVerified is { } verified ? [new KeyValuePair<string, JsonValue>("verified", verified)] : [])),
        console => console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{manifest.Events} events under the checkpoint of {manifest.TreeSize} of {manifest.Origin} are in {path}, "
            + $"with {manifest.Decisions} decisions and {manifest.Statements} statements")
            + isVerified switch
            {
                null => ".",
                true => "; verified.",
                false => "; not verified, for want of the log's keys (--log-verifiers).",
            }));
}
