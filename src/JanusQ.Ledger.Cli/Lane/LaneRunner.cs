using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>
/// One <c>lane run</c>: inputs are read and checked before anything is opened, the run is recorded in one transaction, and only then are
/// its files written; so whatever fails leaves nothing half done, and the same command again completes it.
/// </summary>
internal sealed class LaneRunner(Terminal terminal, GlobalOptions options, ParseResult parsed)
{
    public required string SignalsPath { get; init; }

    public required string StrategyConfigPath { get; init; }

    public required string? GatePolicyPath { get; init; }

    public required string? OutputDirectory { get; init; }

    public required PromotionTarget Target { get; init; }

    public required string CodeVersion { get; init; }

    public required Instant? EvaluatedAt { get; init; }

    public required bool EvaluateAnew { get; init; }

    public required bool Record { get; init; }

    public Task<Answer> RunAsync(CancellationToken cancellation) => terminal.ProgressAsync(async addTask =>
    {
        var steps = addTask("reading signals and strategies");
        var inputs = await LaneInputs.ReadAsync(SignalsPath, StrategyConfigPath, GatePolicyPath, Target, cancellation).ConfigureAwait(false);
        steps?.Increment(20);
        var folder = OutputDirectory is null ? null : OutputFolder.Open("--output-dir", OutputDirectory);
        var submission = new LaneSubmission(inputs, Target, CodeVersion);
        if (!Record) return Write(submission.Derive(EvaluatedAt ?? Instant.Of(TimeProvider.System.GetUtcNow())), null, folder);

        Describe(steps, "opening the ledger");
        var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        steps?.Increment(10);
        Describe(steps, "deriving the evidence");
        var run = submission.Derive(await ChooseInstantAsync(session, inputs, cancellation).ConfigureAwait(false));
        steps?.Increment(40);
        Describe(steps, "recording the run");
        var recording = await session.SubmitAsync(submission.ToSubmission(run, session.Actor, session.As("worker")), cancellation).ConfigureAwait(false);
        steps?.Increment(20);
        Describe(steps, "writing the files");
        return Write(run, recording, recording.Outcome is CommandOutcome.Recorded or CommandOutcome.Unchanged ? folder : null);
    });

    private static void Describe(Spectre.Console.ProgressTask? task, string what)
    {
        if (task is not null) task.Description = what;
    }

    /// <summary>The instant given, else that of the same evaluation if one is recorded, else the present: the same command again changes nothing.</summary>
    private async Task<Instant> ChooseInstantAsync(LedgerSession session, LaneInputs inputs, CancellationToken cancellation)
    {
        if (EvaluatedAt is { } given) return given;
        var present = Instant.Of(TimeProvider.System.GetUtcNow());
        if (EvaluateAnew) return present;
        var earlier = await session.FindEvaluationAsync(inputs.Identity, CodeVersion, cancellation).ConfigureAwait(false);
        if (earlier is { } instant) terminal.Notice($"This run is recorded as evaluated at {instant}; --evaluated-at now evaluates it anew.");
        return earlier ?? present;
    }

    private Answer Write(DerivedRun run, Recording? recording, OutputFolder? folder)
    {
        if (folder is not null)
            foreach (var file in run.Evidence.Files) folder.Write(file.Path, file.Content);
        return new LaneRunReport(run, recording, folder is null ? null : Path.GetFullPath(OutputDirectory!), Target, CodeVersion).ToAnswer();
    }
}
