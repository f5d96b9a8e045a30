using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Access;

/// <summary><c>janusq key log</c>: the requests that a server refused.</summary>
internal static class KeyLogCommand
{
    private const int Most = 10_000;

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
            var entries = await session.Ledger.SecurityLog.LatestAsync(parsed.GetValue(limit), cancellation).ConfigureAwait(false);
            return new Answer(JsonObject.Of(("entries", new JsonArray(entries.Select(one => (JsonValue)one.ToDocument())))), console =>
            {
                var table = new Table().Border(TableBorder.Rounded)
                    .AddColumns("refused", "status", "code", "actor", "role", "key", "address", "request", "correlation");
                foreach (var one in entries)
                {
                    table.AddRow(
                        Instant.Of(one.RefusedAt).ToString(), one.Status.ToString(CultureInfo.InvariantCulture), Printable.Text(one.Code),
                        Printable.Text(one.Actor ?? ""), Printable.Text(one.Role ?? ""), Printable.Text(one.KeyName ?? ""),
                        Printable.Text(one.Address ?? ""), Printable.Text($"{one.Method} {one.Path}"), Printable.Text(one.CorrelationId));
                }

                console.Write(table);
            });
        });
        return command;
    }
}
