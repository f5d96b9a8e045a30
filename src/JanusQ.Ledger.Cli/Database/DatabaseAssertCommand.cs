using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
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
            var document = await AskAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            var isEqual = RemoteDocuments.Boolean(document, "equal");
            var differences = RemoteDocuments.ObjectsOf(document, "differences").ToArray();
            return new Answer(
                document,
                console =>
                {
                    foreach (var one in differences)
                        console.WriteLine($"{RemoteDocuments.Text(one, "kind")}: {RemoteDocuments.Text(one, "what")}");
                    console.WriteLine(isEqual ? "The database is what the program expects." : $"{differences.Length} differences.");
                })
            {
                ExitCode = isEqual ? ExitCode.Done : ExitCode.IntegrityViolation,
            };
        });
        return command;
    }

    private static async Task<JsonObject> AskAsync(
        GlobalOptions options, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = RemoteLedger.Find(options, parsed);
        if (server is not null) return await server.Maintenance.SchemaDifferencesAsync(cancellation).ConfigureAwait(false);
        var lease = await DatabaseConnection.AcquireAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        return SchemaAssertion.DocumentOf(
            await SchemaAssertion.FindDifferencesAsync(lease.ConnectionString, cancellation).ConfigureAwait(false));
    }
}
