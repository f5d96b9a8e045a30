using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary><c>janusq audit keygen</c>: makes the key that signs the log's checkpoints, or replaces it.</summary>
internal static class AuditKeygenCommand
{
    public static Command Create(GlobalOptions options)
    {
        var file = new Option<string>("--out") { Description = "The key file to write; only its owner can read it.", Required = true };
        var origin = new Option<string?>("--origin")
        {
            Description = "Name of the log, for instance ledger.example/janusq: the key's name and the first line of every checkpoint.",
        };
        var rotate = new Option<bool>("--rotate")
        {
            Description = "Replaces the key in the file by a new one of the same name; the old one stays known and is kept beside it.",
        };
        var command = new Command("keygen", "Makes the Ed25519 key that signs the log's checkpoints.") { file, origin, rotate };
        command.Validators.Add(result =>
        {
            if (result.GetValue(origin) is null != result.GetValue(rotate)) result.AddError("Name the --origin, or ask for --rotate.");
        });
        command.Runs(options, async (parsed, _, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            using var keys = parsed.GetValue(origin) is { } name
                ? await LogKeyFile.CreateAsync(path, name, cancellation).ConfigureAwait(false)
                : await LogKeyFile.RotateAsync(path, cancellation).ConfigureAwait(false);
            var key = keys.Signer.Verifier;
            return new Answer(
                JsonObject.Of(
                    ("status", parsed.GetValue(rotate) ? "rotated" : "created"),
                    ("origin", key.Name),
                    ("key_id", key.KeyId.ToString("x8", CultureInfo.InvariantCulture)),
                    ("verifier_key", key.ToString()),
                    ("known_verifier_keys", JsonArray.OfTexts(keys.Known.Select(known => known.ToString()))),
                    ("key_file", path),
                    ("verifiers_file", LogKeyFile.VerifiersOf(path))),
                console => Show(console, path, key));
        });
        return command;
    }

    private static void Show(IAnsiConsole console, string path, VerifierKey key)
    {
        console.WriteLine($"The key is in {path}: keep it secret.");
        console.WriteLine($"Whoever is to verify the log needs {LogKeyFile.VerifiersOf(path)}, or this verifier key:");
        console.WriteLine(key.ToString());
    }
}
