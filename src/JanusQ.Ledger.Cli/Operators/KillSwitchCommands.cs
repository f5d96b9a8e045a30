using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Safety;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Operators;

/// <summary><c>janusq kill-switch engage</c>, <c>release</c> and <c>status</c>: while it is engaged every promotion is denied.</summary>
internal static class KillSwitchCommands
{
    public static Command Create(GlobalOptions options) => new(
        "kill-switch", "The kill switch: while it is engaged every promotion is denied.")
    {
        Change(
            options,
            "engage",
            "Engages the kill switch.",
            "Nothing changed: the kill switch is engaged already.",
            (ledger, by, reason, cancellation) => ledger.SendAsync(new EngageKillSwitch { By = by, Reason = reason }, cancellation)),
        Change(
            options,
            "release",
            "Releases the kill switch.",
            "Nothing changed: the kill switch is not engaged.",
            (ledger, by, reason, cancellation) => ledger.SendAsync(new ReleaseKillSwitch { By = by, Reason = reason }, cancellation)),
        Status(options),
    };

    private static Command Change(
        GlobalOptions options,
        string verb,
        string description,
        string already,
        Func<ILedgerCommands, Submitter, string, CancellationToken, Task<SafetyRecording>> send)
    {
        var reason = new Option<string>("--reason") { Description = "Why, for people.", Required = true };
        var command = new Command(verb, description) { reason };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var recording = await send(
                session.Commands, session.As(Roles.Operator), parsed.GetRequiredValue(reason), cancellation).ConfigureAwait(false);
            var word = recording.KillSwitchEngaged ? "engaged" : "released";
            return recording.ToAnswer($"Recorded: the kill switch is {word}.", already, ("engaged", recording.KillSwitchEngaged));
        });
        return command;
    }

    private static Command Status(GlobalOptions options)
    {
        var command = new Command("status", "Says whether the kill switch is engaged, since when and why.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var controls = await session.Questions.SafetyAsync(cancellation).ConfigureAwait(false);
            return new Answer(SafetyDocument.KillSwitch(controls), console => console.MarkupLine(controls.KillSwitch is { } engaged
                ? $"The kill switch is [red]engaged[/] since {engaged.At} by {Printable.Text(engaged.By)}: {Printable.Text(engaged.Reason)}"
                : "The kill switch is not engaged."));
        });
        return command;
    }
}
