using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Migrations;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary><c>janusq db assert</c>: compares the database's schema with what the program expects.</summary>
internal static class DatabaseAssertCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("assert", "Compares the whole schema, rights and triggers included, with what the program expects.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var lease = await DatabaseConnection.AcquireAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = lease.ConfigureAwait(false);
            var differences = await SchemaAssertion.FindDifferencesAsync(lease.ConnectionString, cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(
                    ("equal", differences.IsEmpty),
                    ("differences", new JsonArray(differences.Select(one => JsonObject.Of(("kind", one.Kind), ("what", one.What)))))),
                console =>
                {
                    foreach (var one in differences) console.WriteLine($"{one.Kind}: {one.What}");
                    console.WriteLine(
                        differences.IsEmpty ? "The database is what the program expects." : $"{differences.Length} differences.");
                })
            {
                ExitCode = differences.IsEmpty ? ExitCode.Done : ExitCode.IntegrityViolation,
            };
        });
        return command;
    }
}
