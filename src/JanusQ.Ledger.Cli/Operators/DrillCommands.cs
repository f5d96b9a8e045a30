using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Safety;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Operators;

/// <summary><c>janusq drill record</c> and <c>drill list</c>: rehearsals of safety controls.</summary>
internal static class DrillCommands
{
    public static Command Create(GlobalOptions options) =>
        new("drill", "Rehearsals of safety controls.") { Record(options), List(options) };

    private static Command Record(GlobalOptions options)
    {
        var check = new Option<string>("--check")
        {
            Description = "What was rehearsed, for instance killSwitchDryRunPassed.",
            Required = true,
        };
        var passed = new Option<bool>("--passed") { Description = "It passed." };
        var failed = new Option<bool>("--failed") { Description = "It failed." };
        var performedAt = new Option<string>("--performed-at")
        {
            Description = "When it was performed, for instance 2026-02-25T06:00:00Z.",
            Required = true,
        }.HoldingAnInstant();
        var target = new Option<string?>("--rollback-target") { Description = "What a roll back would go back to." };
        var evidence = new Option<string?>("--evidence") { Description = "File with the evidence, which is stored." };
        var command = new Command(
            "record", "Records a rehearsal of a safety control.") { check, passed, failed, performedAt, target, evidence };
        command.Validators.Add(result =>
        {
            if (result.GetValue(passed) == result.GetValue(failed)) result.AddError("Exactly one of --passed and --failed is needed.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var file = parsed.GetValue(evidence) is { } path
                ? await InputFile.ReadAsync(evidence.Name, path, cancellation).ConfigureAwait(false)
                : null;
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var drill = new RecordDrill
            {
                By = session.As(Roles.Operator),
                Check = parsed.GetRequiredValue(check),
                Passed = parsed.GetValue(passed),
                PerformedAt = Instant.Parse(parsed.GetRequiredValue(performedAt)),
                RollbackTarget = parsed.GetValue(target),
            };
            var content = file is null ? null : new DocumentContent(file.Bytes);
            var recording = await session.Commands.SendAsync(new SubmitDrill(drill, content), cancellation).ConfigureAwait(false);
            return recording.ToAnswer(
                $"Recorded: {drill.Check} {(drill.Passed ? "passed" : "failed")} at {drill.PerformedAt}.",
                "Nothing changed: this rehearsal is recorded already.",
                ("check", drill.Check),
                ("passed", drill.Passed),
                ("performed_at", drill.PerformedAt.ToString()),
                ("rollback_target", drill.RollbackTarget),
                ("evidence_sha256", content is null ? JsonValue.Null : content.Sha256));
        });
        return command;
    }

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", "Lists the latest rehearsal of each check.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var controls = await session.Questions.SafetyAsync(cancellation).ConfigureAwait(false);
            return new Answer(SafetyDocument.Drills(controls), console => Show(console, controls));
        });
        return command;
    }

    private static void Show(IAnsiConsole console, SafetyControls controls)
    {
        if (controls.Drills.IsEmpty)
        {
            console.WriteLine("Nothing was rehearsed yet.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "check", "result", "performed", "recorded by", "rollback target", "evidence");
        foreach (var drill in controls.Drills)
        {
            table.AddRow(
                Markup.Escape(drill.Check),
                drill.Passed ? "[green]passed[/]" : "[red]failed[/]",
                drill.PerformedAt.ToString(),
                Printable.Text(drill.By),
                Printable.Text(drill.RollbackTarget ?? ""),
                drill.EvidenceSha256 is { } hash ? hash.ToString()[..16] + "…" : "");
        }

        console.Write(table);
    }
}
