using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary><c>janusq candidate history</c>: every event of one candidate in order.</summary>
internal static class CandidateHistoryCommand
{
    public static Command Create(GlobalOptions options)
    {
        var id = new Argument<string>("candidate-id") { Description = "The candidate, for instance cand-0123456789ab." };
        var command = new Command("history", "Lists everything that happened to one candidate, with who and when.") { id };
        var then = new PastOptions();
        then.AddTo(command);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var candidateId = parsed.GetRequiredValue(id);
            var all = await session.Questions.HistoryAsync(candidateId, cancellation).ConfigureAwait(false);
            var (version, at) = (then.Version(parsed), then.At(parsed));
            RecordedEvent[] events =
                [.. all.TakeWhile(
                    recorded => (version is null || recorded.Version <= version) && (at is null || recorded.Happened.At <= at))];
            if (events.Length == 0) throw CandidatePoint.NotFound(candidateId);
            return new Answer(CandidateDocument.History(candidateId, events), console => Show(console, events));
        });
        return command;
    }

    /// <summary>Writes a history for people.</summary>
    public static void Show(IAnsiConsole console, IReadOnlyList<RecordedEvent> events)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("version", "sequence", "when", "who", "event", "what");
        foreach (var recorded in events)
        {
            table.AddRow(
                recorded.Version.ToString(CultureInfo.InvariantCulture),
                recorded.Sequence.ToString(CultureInfo.InvariantCulture),
                recorded.Happened.At.ToString(),
                Markup.Escape($"{recorded.Happened.Actor} ({recorded.Happened.Role})"),
                recorded.Type,
                Markup.Escape(EventText.Of(recorded.Happened)));
        }

        console.Write(table);
    }
}
