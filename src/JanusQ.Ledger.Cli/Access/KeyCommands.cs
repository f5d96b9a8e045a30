using System.CommandLine;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
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
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var (text, key) = await session.Ledger.Keys.CreateAsync(
                parsed.GetRequiredValue(name),
                parsed.GetRequiredValue(options.Role)!,
                parsed.GetValue(expiresIn) is { } duration ? InstantOption.DurationOf(duration) : null,
                session.Actor,
                cancellation).ConfigureAwait(false);
            terminal.Notice($"made {key.KeyId} of {key.Name} for the role {key.Role}; it is shown this once and kept nowhere");
            return new Answer(
                new JsonObject([new("key", text), .. key.ToDocument(TimeProvider.System.GetUtcNow()).Members]),
                console => console.WriteLine(text));
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
            var keys = await session.Ledger.Keys.ListAsync(cancellation).ConfigureAwait(false);
            var now = TimeProvider.System.GetUtcNow();
            return new Answer(JsonObject.Of(("keys", new JsonArray(keys.Select(key => (JsonValue)key.ToDocument(now))))), console =>
            {
                var table = new Table().Border(TableBorder.Rounded)
                    .AddColumns("key", "name", "role", "status", "created", "by", "expires", "revoked");
                foreach (var key in keys)
                {
                    table.AddRow(
                        key.KeyId, Printable.Text(key.Name), key.Role, key.StatusAt(now), Text(key.CreatedAt),
                        Printable.Text(key.CreatedBy), Text(key.ExpiresAt), Text(key.RevokedAt));
                }

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
            var (key, now) = await session.Ledger.Keys.RevokeAsync(parsed.GetRequiredValue(id), cancellation).ConfigureAwait(false);
            return new Answer(
                new JsonObject([new("outcome", now ? "revoked" : "unchanged"), .. key.ToDocument(TimeProvider.System.GetUtcNow()).Members]),
                console => console.WriteLine(now
                    ? $"{key.KeyId} of {key.Name} is revoked; a running server stops taking it within seconds."
                    : $"Nothing changed: {key.KeyId} of {key.Name} was revoked before."));
        });
        return command;
    }

    private static string Text(DateTimeOffset? instant) => instant is { } one ? Instant.Of(one).ToString() : "";
}
