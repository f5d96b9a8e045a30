using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit checkpoint</c> against a server: it signs by itself, and only what it signed last can be shown. The signature is
/// verified where the log's keys are named.
/// </summary>
internal static class RemoteCheckpoint
{
    /// <summary>Refuses options that only a program with the log's key can do something about.</summary>
    /// <exception cref="CliFailure"><c>needs_database</c>: one of them is given.</exception>
    public static void Refuse(ParseResult parsed, params IReadOnlyCollection<Option> needDatabase)
    {
        if (needDatabase.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is not { } given) return;
        throw new CliFailure(
            ExitCode.Usage,
            "needs_database",
            $"{given.Name} is for who signs the log, with its key and its database; a server signs by itself.");
    }

    /// <summary>Shows it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="keys">Where the log's verifier keys are.</param>
    /// <param name="needDatabase">Options that only a program with the log's key can do something about.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CliFailure"><c>needs_database</c>: one of those options is given.</exception>
    /// <exception cref="LogStoppedException">No named key has signed it.</exception>
    public static async Task<Answer> ShowAsync(
        RemoteLog log, ParseResult parsed, LogKeyOptions keys, IEnumerable<Option> needDatabase, CancellationToken cancellation)
    {
        Refuse(parsed, [.. needDatabase]);
        var trusted = await keys.FindVerifiersAsync(parsed, cancellation).ConfigureAwait(false);
        if (await log.LatestCheckpointAsync(cancellation).ConfigureAwait(false) is not { } signed)
        {
            return new Answer(
                JsonObject.Of(("status", "empty"), ("checkpoint", JsonValue.Null)), console => console.WriteLine("Nothing is signed yet."));
        }

        if (trusted is { } known && !signed.TryVerify(known, out var refusal)) throw new LogStoppedException(refusal);
        var checkpoint = signed.Checkpoint;
        return new Answer(
            JsonObject.Of(
                ("status", "shown"),
                ("verified", trusted is not null),
                ("checkpoint", JsonObject.Of(
                    ("origin", checkpoint.Origin),
                    ("size", checkpoint.Size),
                    ("root", checkpoint.Root),
                    ("note", signed.ToString())))),
            console => console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Signed last: {checkpoint.Size} events of {checkpoint.Origin}, root {checkpoint.Root}"
                + $"{(trusted is null ? "; not verified, for want of its keys (--log-verifiers)" : "; verified")}.")));
    }
}
