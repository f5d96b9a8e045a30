using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Access;

/// <summary><c>janusq key log</c>: the requests that a server refused.</summary>
internal static class KeyLogCommand
{
    private const int Most = SecurityLog.MostEntries;

    public static Command Create(GlobalOptions options)
    {
        var limit = new Option<int>("--limit")
        {
            Description = $"Entries at most, 1 to {Most}; the newest come first.",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            // What is no number at all is said by the parser.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                && number is < 1 or > Most)
            {
                result.AddError($"--limit is a number from 1 to {Most}.");
            }
        });
        var command = new Command("log", "Shows the requests that a server refused: who asked for what, and why not.") { limit };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var entries = await session.AccessKeys.RefusedAsync(parsed.GetValue(limit), cancellation).ConfigureAwait(false);
            return new Answer(JsonObject.Of(("entries", new JsonArray(entries))), console =>
            {
                var table = new Table().Border(TableBorder.Rounded)
                    .AddColumns("refused", "status", "code", "actor", "role", "key", "address", "request", "correlation");
                foreach (var one in entries)
                {
                    string Text(string member) => Printable.Text(RemoteDocuments.OptionalText(one, member) ?? "");
                    table.AddRow(
                        Text("refused_at"), one["status"]?.ToString() ?? "", Text("code"), Text("actor"), Text("role"), Text("key_name"),
                        Text("address"), $"{Text("method")} {Text("path")}", Text("correlation_id"));
                }

                console.Write(table);
            });
        });
        return command;
    }
}
