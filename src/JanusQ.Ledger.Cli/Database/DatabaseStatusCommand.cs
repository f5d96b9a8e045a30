using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using Npgsql;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary>
/// <c>janusq db status</c>: which PostgreSQL is used, where its data are, and how far the ledger on it has come; of a server, what it says
/// of itself.
/// </summary>
internal static class DatabaseStatusCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("status", "Says which PostgreSQL is used, where its data are, and how far the ledger has come.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            using var server = RemoteLedger.Find(options, parsed);
            if (server is not null) return await server.StatusAsync(cancellation).ConfigureAwait(false);
            var lease = await DatabaseConnection.AcquireAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = lease.ConfigureAwait(false);
            var database = NpgsqlDataSource.Create(lease.ConnectionString);
            await using var closingDatabase = database.ConfigureAwait(false);
            var schema = await LedgerSchema.ReadAsync(lease.ConnectionString, cancellation).ConfigureAwait(false);
            var findings = await StartUpChecks.FindAsync(database, cancellation).ConfigureAwait(false);
            var accepted = parsed.GetValue(options.Accept);
            if (lease.Origin != PostgreSqlOrigin.Explicit) accepted |= AcceptedRisks.OwnerConnection;

            // Where the schema is another one there is nothing that can be asked.
            var (ledger, projections, log) = findings.Any(finding => finding.AcceptedAs == AcceptedRisks.None)
                ? (LedgerStatus.None, [], LogState.None)
                : await AskAsync(lease, cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(
                    ("server", ServerJson(lease.Facts)),
                    ("schema", SchemaJson(schema)),
                    ("warnings", new JsonArray(findings.Select(finding => FindingJson(finding, accepted)))),
                    ("ledger", LedgerJson(ledger)),
                    ("projections", new JsonArray(projections.Select(projection => ProjectionJson(projection, ledger.LastSequence)))),
                    ("log", log.ToJson())),
                console =>
                {
                    console.WriteLine(lease.Facts.ToString());
                    console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"migrated up to {schema.Number} of {schema.Shipped.Length}"));
                    foreach (var finding in findings)
                    {
                        var weight = finding.Refuses(accepted) ? "refused" : "warning";
                        console.WriteLine($"{weight} {finding.Refusal.Code}: {finding.Refusal.Explanation}");
                    }

                    Show(console, ledger);
                    if (ledger.Exists) Show(console, projections, ledger.LastSequence);
                    log.Show(console);
                });
        });
        return command;
    }

    private static async Task<(LedgerStatus Ledger, IReadOnlyList<ProjectionProgress> Projections, LogState Log)> AskAsync(
        PostgreSqlLease lease, CancellationToken cancellation)
    {
        var asking = new LedgerOptions
        {
            ConnectionString = lease.ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        };
        var ledger = await LedgerHost.OpenAsync(asking, cancellation: cancellation).ConfigureAwait(false);
        await using var closing = ledger.ConfigureAwait(false);
        return (
            await ledger.Queries.StatusAsync(cancellation).ConfigureAwait(false),
            await ledger.Projections.ProgressAsync(cancellation).ConfigureAwait(false),
            await LogState.AskAsync(ledger.Log.Reader, TimeProvider.System, cancellation).ConfigureAwait(false));
    }

    private static JsonObject SchemaJson(MigrationState schema) => JsonObject.Of(
        ("migration", schema.Number),
        ("migration_needed", schema.Shipped.Length),
        ("applied", new JsonArray(schema.Applied.Select(applied => JsonObject.Of(
            ("number", applied.Number),
            ("name", applied.Name),
            ("sha256", applied.Sha256),
            ("applied_at", Instant.Of(applied.AppliedAt).ToString()))))));

    private static JsonObject FindingJson(StartUpFinding finding, AcceptedRisks accepted) => JsonObject.Of(
        ("code", finding.Refusal.Code),
        ("message", finding.Refusal.Explanation),
        ("refused", finding.Refuses(accepted)),
        ("accepted_by", finding.AcceptedAs == AcceptedRisks.None ? JsonValue.Null : RiskOption.NameOf(finding.AcceptedAs)));

    private static JsonObject ServerJson(PostgreSqlServerFacts facts) => JsonObject.Of(
        ("origin", facts.Origin switch
        {
            PostgreSqlOrigin.Explicit => "explicit",
            PostgreSqlOrigin.Embedded => "embedded",
            _ => "container",
        }),
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
            console.WriteLine("There is no ledger yet that this program can ask.");
            return;
        }

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        console.WriteLine(
            $"{Number(ledger.Candidates)} candidates, {Number(ledger.Events)} events up to sequence {Number(ledger.LastSequence)}, "
            + $"{Number(ledger.Contents)} stored documents, {Number(ledger.Bytes)} bytes in the database");
    }
}
