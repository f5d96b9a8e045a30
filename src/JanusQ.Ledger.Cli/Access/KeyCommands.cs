using System.CommandLine;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Access;

/// <summary><c>janusq key create</c>, <c>list</c> and <c>revoke</c>: who may reach the server.</summary>
internal static class KeyCommands
{
    /// <summary><c>janusq key create</c>. Its standard output is the key alone, for scripts and secret stores.</summary>
    public static Command Make(GlobalOptions options)
    {
        var name = new Option<string>("--name") { Description = "Who will hold it: the actor of what comes in with it.", Required = true };
        var expiresIn = new Option<string?>("--expires-in")
        {
            Description = "How long it counts, for instance 12h or 90d. Without it until it is revoked.",
        }.HoldingADuration();
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !ApiKeys.IsName(text))
                result.AddError($"--name '{text}' is not {ApiKeys.NameForm}.");
        });
        var command = new Command("create", "Makes a key for the role that --role names, and shows it once.") { name, expiresIn };
        command.Validators.Add(result =>
        {
            if (result.GetValue(options.Role) is null) result.AddError("--role is needed: the role in which the holder of the key acts.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation, roleIsAsked: true).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var (text, key) = await session.AccessKeys.CreateAsync(
                parsed.GetRequiredValue(name),
                parsed.GetRequiredValue(options.Role)!,
                parsed.GetValue(expiresIn) is { } duration ? InstantOption.DurationOf(duration) : null,
                cancellation).ConfigureAwait(false);
            var role = RemoteDocuments.Text(key, "role");
            terminal.Notice($"made {NameOf(key)} for the role {role}; it is shown this once and kept nowhere");
            return new Answer(new JsonObject([new("key", text), .. key.Members]), console => console.WriteLine(text));
        });
        return command;
    }

    /// <summary><c>janusq key list</c>.</summary>
    public static Command List(GlobalOptions options)
    {
        var command = new Command("list", "Lists all keys that were ever made, revoked and expired ones too.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var keys = await session.AccessKeys.ListAsync(cancellation).ConfigureAwait(false);
            return new Answer(JsonObject.Of(("keys", new JsonArray(keys))), console =>
            {
                var table = new Table().Border(TableBorder.Rounded)
                    .AddColumns("key", "name", "role", "status", "created", "by", "expires", "revoked");
                string[] shown = ["key_id", "name", "role", "status", "created_at", "created_by", "expires_at", "revoked_at"];
                foreach (var key in keys)
                    table.AddRow([.. shown.Select(member => Printable.Text(RemoteDocuments.OptionalText(key, member) ?? ""))]);
                console.Write(table);
            });
        });
        return command;
    }

    /// <summary><c>janusq key revoke</c>.</summary>
    public static Command Revoke(GlobalOptions options)
    {
        var id = new Argument<string>("key-id") { Description = "The key, for instance key-0123456789ab; 'key list' says it." };
        var command = new Command("revoke", "Takes a key back for good. A running server stops taking it within seconds.") { id };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var (key, now, isOwn, adminKeysLeft) = await session.AccessKeys.RevokeAsync(parsed.GetRequiredValue(id), cancellation)
                .ConfigureAwait(false);
            if (isOwn) terminal.Notice("this is the key of this very call: the server takes it for seconds only");
            if (adminKeysLeft == 0)
                terminal.Notice(
                    "no key of the role admin is left: further keys are made and revoked on the database only, not over a server");
            var document = new JsonObject([new("outcome", now ? "revoked" : "unchanged"), .. key.Members]);
            return new Answer(
                document.With("own_key", isOwn).With("admin_keys_left", adminKeysLeft),
                console => console.WriteLine(now
                    ? $"{NameOf(key)} is revoked; a running server stops taking it within seconds."
                    : $"Nothing changed: {NameOf(key)} was revoked before."));
        });
        return command;
    }

    private static string NameOf(JsonObject key) => $"{RemoteDocuments.Text(key, "key_id")} of {RemoteDocuments.Text(key, "name")}";
}
