using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Migrations;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary><c>janusq db migrate</c>: applies the migrations that the database has not.</summary>
internal static class DatabaseMigrateCommand
{
    private const string OnNoServer =
        "The role that a server has on its database may not change the schema, so a server cannot migrate: run 'janusq db migrate' with "
        + "--connection, as the role that shall own the tables, before the server is started.";

    public static Command Create(GlobalOptions options)
    {
        var command = new Command("migrate", "Applies the migrations that the database has not, as the role that shall own the tables.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            DatabaseConnection.Demand(options, parsed, OnNoServer);
            var lease = await DatabaseConnection.AcquireAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = lease.ConfigureAwait(false);
            var applied = await LedgerSchema.MigrateAsync(lease.ConnectionString, cancellation).ConfigureAwait(false);
            var state = await LedgerSchema.ReadAsync(lease.ConnectionString, cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(("migration", state.Number), ("applied", JsonArray.OfTexts(applied.Select(step => step.Name)))),
                console =>
                {
                    foreach (var step in applied) console.WriteLine($"applied {step.Name}");
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the database is migrated up to {state.Number}"));
                });
        });
        return command;
    }
}
