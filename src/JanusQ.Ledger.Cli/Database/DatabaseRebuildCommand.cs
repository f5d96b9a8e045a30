using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Projections;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary><c>janusq db rebuild</c>: makes projections anew from the events, without holding up who reads them.</summary>
internal static class DatabaseRebuildCommand
{
    public static Command Create(GlobalOptions options)
    {
        var name = new Argument<string?>("name")
        {
            Description = "The projection, as db status lists it; all of them without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var compare = new Option<bool>("--compare") { Description = "Only says what differs from the events, and changes nothing." };
        var command = new Command("rebuild", "Makes projections anew from the events, and says what was not as the events say.")
        {
            name, compare,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var onlyCompare = parsed.GetValue(compare);
            var document = session.RemoteMaintenance is { } remote
                ? await remote.RebuildAsync(parsed.GetValue(name), onlyCompare, cancellation).ConfigureAwait(false)
                : ProjectionComparison.DocumentOf(
                    await session.Ledger.Projections.PutRightAsync(parsed.GetValue(name), onlyCompare, cancellation).ConfigureAwait(false),
                    !onlyCompare);
            var projections = RemoteDocuments.ObjectsOf(document, "projections").ToArray();
            var isEqual = projections.All(one => RemoteDocuments.Boolean(one, "equal"));
            return new Answer(document, console => Show(console, projections))
            {
                ExitCode = onlyCompare && !isEqual ? ExitCode.IntegrityViolation : ExitCode.Done,
            };
        });
        return command;
    }

    private static void Show(IAnsiConsole console, IEnumerable<JsonObject> projections)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("projection", "rows", "missing", "superfluous", "different");
        foreach (var one in projections)
        {
            string Number(string member) => RemoteDocuments.Integer(one, member).ToString("N0", CultureInfo.InvariantCulture);
            table.AddRow(
                Markup.Escape(RemoteDocuments.Text(one, "name")),
                Number("rows"),
                Number("missing"),
                Number("superfluous"),
                Number("different"));
        }

        console.Write(table);
    }
}
