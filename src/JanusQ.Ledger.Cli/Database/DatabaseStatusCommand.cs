using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Projections;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary><c>janusq db status</c>: which PostgreSQL is used, where its data are, and how far the ledger on it has come.</summary>
internal static class DatabaseStatusCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("status", "Says which PostgreSQL is used, where its data are, and how far the ledger has come.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var ledger = await session.Ledger.Queries.StatusAsync(cancellation).ConfigureAwait(false);
            var projections = await session.Ledger.Projections.ProgressAsync(cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(
                    ("server", ServerJson(session.Facts)),
                    ("ledger", LedgerJson(ledger)),
                    ("projections", new JsonArray(projections.Select(projection => ProjectionJson(projection, ledger.LastSequence))))),
                console =>
                {
                    console.WriteLine(session.Facts.ToString());
                    Show(console, ledger);
                    if (ledger.Exists) Show(console, projections, ledger.LastSequence);
                });
        });
        return command;
    }

    private static JsonObject ServerJson(PostgreSqlServerFacts facts) => JsonObject.Of(
        ("origin", facts.Origin switch { PostgreSqlOrigin.Explicit => "explicit", PostgreSqlOrigin.Embedded => "embedded", _ => "container" }),
        ("version", facts.Version),
        ("host", facts.Host),
        ("port", facts.Port),
        ("database", facts.Database),
        ("user", facts.User),
        ("data_folder", facts.DataFolder),
        ("programs", facts.Programs),
        ("process_id", facts.ProcessId is { } process ? process : JsonValue.Null),
        ("runs_as", facts.RunsAs),
        ("container", facts.Container),
        ("image", facts.Image));

    private static JsonObject LedgerJson(LedgerStatus ledger) => JsonObject.Of(
        ("exists", ledger.Exists),
        ("event_count", ledger.Events),
        ("last_sequence", ledger.LastSequence),
        ("candidate_count", ledger.Candidates),
        ("content_count", ledger.Contents),
        ("database_bytes", ledger.Bytes));

    private static JsonObject ProjectionJson(ProjectionProgress projection, long lastSequence) => JsonObject.Of(
        ("name", projection.Name),
        ("lifecycle", projection.WithItsEvents ? "inline" : "async"),
        ("complete_up_to_sequence", projection.Sequence ?? lastSequence),
        ("events_behind", lastSequence - (projection.Sequence ?? lastSequence)));

    private static void Show(IAnsiConsole console, IReadOnlyList<ProjectionProgress> projections, long lastSequence)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("projection", "written", "complete up to", "behind");
        foreach (var projection in projections)
        {
            var sequence = projection.Sequence ?? lastSequence;
            table.AddRow(
                projection.Name,
                projection.WithItsEvents ? "with its events" : "behind the events",
                sequence.ToString("N0", CultureInfo.InvariantCulture),
                (lastSequence - sequence).ToString("N0", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }

    private static void Show(IAnsiConsole console, LedgerStatus ledger)
    {
        if (!ledger.Exists)
        {
            console.WriteLine("No ledger is there yet; the first recorded run makes it.");
            return;
        }

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        console.WriteLine($"{Number(ledger.Candidates)} candidates, {Number(ledger.Events)} events up to sequence {Number(ledger.LastSequence)}, "
            + $"{Number(ledger.Contents)} stored documents, {Number(ledger.Bytes)} bytes in the database");
    }
}
