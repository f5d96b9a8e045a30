using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Cli.Demo;

/// <summary><c>janusq demo</c>: tells on a fresh, throw-away database what the ledger does.</summary>
internal static class DemoCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("demo", "Runs a lane over a bundled sample on a throw-away database and tells what is recorded.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            if (parsed.GetResult(options.Server) is { Implicit: false })
                throw DatabaseConnection.IsNeeded(
                    "The demo runs on a throw-away database of its own, never on a server's ledger: leave --server out.");

            // A demo never touches a ledger that is in use, so neither a connection string nor the lasting data folder counts here.
            var server = new PostgreSqlOptions
            {
                Order = [PostgreSqlOrigin.Embedded, PostgreSqlOrigin.Container],
                Ephemeral = true,
                Log = terminal.Notice,
            };
            var session = await terminal.ProgressAsync(async addTask =>
            {
                var task = addTask("starting a throw-away PostgreSQL");
                if (task is not null) task.IsIndeterminate = true;
                return await LedgerSession.OpenAsync(
                    server, parsed.GetRequiredValue(options.Actor), parsed.GetValue(options.Accept), cancellation).ConfigureAwait(false);
            }).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            return await new DemoStory(session, terminal).TellAsync(cancellation).ConfigureAwait(false);
        });
        return command;
    }
}
