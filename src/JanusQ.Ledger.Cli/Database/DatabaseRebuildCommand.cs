using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
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
        var command = new Command("rebuild", "Makes projections anew from the events, and says what was not as the events say.") { name, compare };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var projections = session.Ledger.Projections;
            var wanted = parsed.GetValue(name);
            if (wanted is not null && !projections.Names.Contains(wanted, StringComparer.Ordinal))
                throw new CliFailure(
                    ExitCode.NotFound, "projection_not_found",
                    $"There is no projection '{wanted}'; there are {string.Join(", ", projections.Names)}.");
            var onlyCompare = parsed.GetValue(compare);
            if (!onlyCompare) await projections.CatchUpAsync(cancellation).ConfigureAwait(false);
            var compared = onlyCompare
                ? await projections.CompareAsync(wanted, cancellation).ConfigureAwait(false)
                : await projections.RebuildAsync(wanted, cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(("rebuilt", !onlyCompare), ("projections", new JsonArray(compared.Select(Json)))),
                console => Show(console, compared))
            {
                ExitCode = onlyCompare && compared.Any(one => !one.IsEqual) ? ExitCode.IntegrityViolation : ExitCode.Done,
            };
        });
        return command;
    }

    private static JsonObject Json(ProjectionComparison compared) => JsonObject.Of(
        ("name", compared.Name),
        ("sequence", compared.Sequence is { } sequence ? sequence : JsonValue.Null),
        ("rows", compared.Rows),
        ("missing", compared.Missing),
        ("superfluous", compared.Superfluous),
        ("different", compared.Different),
        ("equal", compared.IsEqual));

    private static void Show(IAnsiConsole console, IReadOnlyList<ProjectionComparison> compared)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("projection", "rows", "missing", "superfluous", "different");
        foreach (var one in compared)
        {
            static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
            table.AddRow(one.Name, Number(one.Rows), Number(one.Missing), Number(one.Superfluous), Number(one.Different));
        }

        console.Write(table);
    }
}
