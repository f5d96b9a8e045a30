using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Promotions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>
/// One <c>lane run</c>: inputs are read and checked before anything is opened, the run is recorded in one transaction, and only then are
/// its files written; so whatever fails leaves nothing half done, and the same command again completes it (docs/decisions/0002).
/// </summary>
internal sealed class LaneRunner(Terminal terminal, GlobalOptions options, ParseResult parsed)
{
    /// <summary>Refusals of documents that are sound: they say something about the run, and are recorded as its failure.</summary>
    private static readonly string[] RecordedFailures = ["signals_empty", "plugin_not_found", "arithmetic_out_of_range"];

    public required LaneFiles Files { get; init; }

    public required string? OutputDirectory { get; init; }

    public required PromotionTarget Target { get; init; }

    public required string CodeVersion { get; init; }

    public required string? ApprovalToken { get; init; }

    public required Instant? EvaluatedAt { get; init; }

    public required bool EvaluateAnew { get; init; }

    public required bool Record { get; init; }

    public required bool FailOnDeny { get; init; }

    public Task<Answer> RunAsync(CancellationToken cancellation) => terminal.ProgressAsync(async addTask =>
    {
        var bar = new Bar(addTask("reading the documents"));
        var submission = new LaneSubmission(await Files.ReadAsync(cancellation).ConfigureAwait(false), Target, CodeVersion);
        var present = Instant.Of(TimeProvider.System.GetUtcNow());
        try
        {
            RefuseIfNothingCanRun(LaneRun.Check(submission.Inputs, Arguments(EvaluatedAt ?? present)));
        }
        catch (RefusedException refused) when (Record && RecordedFailures.Contains(refused.Refusal.Code))
        {
            await RecordFailureAsync(submission, refused.Refusal, cancellation).ConfigureAwait(false);
            throw;
        }

        var folder = OutputDirectory is null ? null : OutputFolder.Open("--output-dir", OutputDirectory);
        if (!Record)
        {
            var instant = EvaluatedAt ?? present;
            return Write(submission, Execute(submission, instant, bar), instant, null, null, folder);
        }

        bar.Begin("opening the ledger");
        var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        var evaluatedAt = await ChooseInstantAsync(session, submission, present, cancellation).ConfigureAwait(false);
        var outcome = Execute(submission, evaluatedAt, bar);
        bar.Begin("recording the run");
        var recording = await session.Commands.SendAsync(
            submission.Of(outcome, evaluatedAt, session.As(Roles.Worker)), cancellation).ConfigureAwait(false);
        var recorded = recording.Outcome is CommandOutcome.Recorded or CommandOutcome.Unchanged;
        bar.Begin("deciding on the promotion");
        var decided = recorded
            ? await session.Commands.SendAsync(Request(recording, session.As(Roles.Worker)), cancellation).ConfigureAwait(false)
            : null;
        bar.Begin("writing the files");
        return Write(submission, outcome, evaluatedAt, recording, decided, recorded ? folder : null);
    });

    /// <summary>
    /// A strategy without a plugin is a runtime error of the run (lane.md 7.1). Where that is so for every enabled one, the configuration
    /// names nothing that this program could run, and the user is told at once.
    /// </summary>
    private void RefuseIfNothingCanRun(LaneContents contents)
    {
        var enabled = contents.Strategies.Where(strategy => strategy.Enabled).ToArray();
        if (enabled.Length == 0 || enabled.Any(StrategyRuntime.HasPlugin)) return;
        var first = enabled[0];
        throw new RefusedException(new Refusal(
            "plugin_not_found",
            $"'{Files.StrategyConfig}': strategy '{first.StrategyId.Value}' wants the plugin {first.StrategyType}@{first.Version}, "
            + "and no enabled strategy has one "
            + $"that exists. There are {string.Join(", ", StrategyRuntime.Plugins)}.").With("strategy_id", first.StrategyId.Value));
    }

    private async Task RecordFailureAsync(LaneSubmission submission, Refusal refusal, CancellationToken cancellation)
    {
        var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        await session.Commands.SendAsync(submission.Failed(refusal, session.As(Roles.Worker)), cancellation).ConfigureAwait(false);
    }

    private RequestPromotion Request(Recording recording, Submitter by) =>
        new() { CandidateId = recording.CandidateId, By = by, EvaluationId = recording.EvaluationId, Target = Target };

    private LaneArguments Arguments(Instant evaluatedAt) => new()
    {
        PromotionTarget = Target.Name(),
        EvaluatedAt = evaluatedAt.ToString(),
        CodeVersion = CodeVersion,
        ApprovalToken = ApprovalToken,
    };

    private LaneOutcome Execute(LaneSubmission submission, Instant evaluatedAt, Bar bar) =>
        LaneRun.Execute(submission.Inputs, Arguments(evaluatedAt), new LaneOptions { Progress = bar.Begin });

    /// <summary>
    /// The instant given, else that of the same evaluation if one is recorded, else the present: the same command again changes nothing.
    /// </summary>
    private async Task<Instant> ChooseInstantAsync(
        LedgerSession session, LaneSubmission submission, Instant present, CancellationToken cancellation)
    {
        if (EvaluatedAt is { } given) return given;
        if (EvaluateAnew) return present;
        var candidate = await session.Questions.CandidateAsync(submission.Identity.CandidateId, cancellation).ConfigureAwait(false);
        var earlier = candidate?.FindSame(submission.Identity.RunId, CodeVersion, submission.Documents);
        if (earlier is null) return present;
        terminal.Notice($"This run is recorded as evaluated at {earlier.Start.EvaluatedAt}; --evaluated-at now evaluates it anew.");
        return earlier.Start.EvaluatedAt;
    }

    private Answer Write(
        LaneSubmission submission, LaneOutcome outcome, Instant evaluatedAt, Recording? recording, PromotionAnswer? decided,
        OutputFolder? folder)
    {
        if (folder is not null)
        {
            // The gate report is the contract's last file: where it stands, the folder is complete.
            folder.Write(outcome.GateInputsFile.Path, outcome.GateInputsFile);
            foreach (var file in outcome.Files) folder.Write(file.Path, file);
            if (outcome.Files.All(file => file.Path != LanePaths.PaperPatch)) folder.Remove(LanePaths.PaperPatch);
        }

        return new LaneRunReport(outcome)
        {
            Recording = recording,
            Promotion = decided,
            EvaluatedAt = evaluatedAt,
            CodeVersion = submission.CodeVersion,
            Folder = folder is null ? null : Path.GetFullPath(OutputDirectory!),
            FailOnDeny = FailOnDeny,
        }.ToAnswer();
    }

    /// <summary>The progress bar of a run; without a terminal there is none.</summary>
    private sealed class Bar(ProgressTask? task)
    {
        private const int Steps = 12;

        public void Begin(LaneProgress progress) => Begin(progress.Step switch
        {
            LaneStep.Inputs => "reading signals",
            LaneStep.Decisions => "deciding",
            LaneStep.Reports => "reporting",
            LaneStep.JanusArtifacts => "building the Janus artifacts",
            LaneStep.Profitability => "weighing the evidence",
            LaneStep.Gates => "evaluating the gates",
            _ => "checking the promotion",
        });

        public void Begin(string step)
        {
            if (task is null) return;
            task.Description = step;
            task.Increment(100.0 / Steps);
        }
    }
}
