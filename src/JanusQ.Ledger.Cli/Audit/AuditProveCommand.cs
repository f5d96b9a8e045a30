using System.CommandLine;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit prove</c>: that an event is under the last checkpoint, as a C2SP tlog-proof, or that one tree continues another.
/// What a server gives is not believed but verified.
/// </summary>
internal static class AuditProveCommand
{
    public static Command Create(GlobalOptions options)
    {
        var id = new Option<Guid?>("--event") { Description = "The event, by its id." };
        var sequence = new Option<long?>("--sequence") { Description = "The event, by its sequence." };
        var consistency = new Option<long[]>("--consistency")
        {
            Description = "Proves instead that the tree of the first size is the beginning of the one of the second.",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var file = new Option<string?>("--out") { Description = "File to write the proof to, for instance event.tlog-proof." };
        var command = new Command("prove", "Proves that an event is in the log, or that the log was only continued.")
        {
            id, sequence, consistency, file,
        };
        command.Validators.Add(result =>
        {
            // Their values are read later: asking for one that is malformed would throw here.
            bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
            if (new Option[] { id, sequence, consistency }.Count(IsGiven) != 1)
                result.AddError("Exactly one of --event, --sequence and --consistency is needed.");
            if (IsGiven(consistency) && IsGiven(file)) result.AddError("--out takes a proof of an event.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var path = parsed.GetValue(file);
            var (remote, reader) = (session.RemoteLog, session.RemoteLog is null ? session.Ledger.Log.Reader : null);
            if (parsed.GetValue(consistency) is [var from, var to])
            {
                return AnswerOf(await (remote?.ProveConsistencyAsync(from, to, cancellation)
                    ?? reader!.ProveConsistencyAsync(from, to, cancellation)).ConfigureAwait(false));
            }

            if (parsed.GetValue(id) is { } eventId)
            {
                return await AnswerAsync(await (remote?.ProveAsync(eventId, cancellation)
                    ?? reader!.ProveAsync(eventId, cancellation)).ConfigureAwait(false)).ConfigureAwait(false);
            }

            var asked = parsed.GetValue(sequence)!.Value;
            return await AnswerAsync(await (remote?.ProveAsync(asked, cancellation)
                ?? reader!.ProveAsync(asked, cancellation)).ConfigureAwait(false)).ConfigureAwait(false);

            async Task<Answer> AnswerAsync(EventProof proof)
            {
                if (path is not null) await WriteAsync(file.Name, path, proof.Proof.ToBytes(), cancellation).ConfigureAwait(false);
                return AnswerOf(proof, path);
            }
        });
        return command;
    }

    private static Answer AnswerOf(EventProof proof, string? path) => new(
        proof.ToJson().With("written_to", path),
        console => console.Profile.Out.Writer.Write(path is null
            ? proof.Proof.ToString()
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Event {proof.Sequence} is leaf {proof.Index} of {proof.Proof.Checkpoint.Checkpoint.Size}; the proof is in {path}.\n")));

    private static Answer AnswerOf(ConsistencyProof proof) => new(
        JsonObject.Of(
            ("old_size", proof.From),
            ("old_root", proof.FromRoot),
            ("new_size", proof.To),
            ("new_root", proof.ToRoot),
            ("hashes", new JsonArray(proof.Hashes.Select(hash => (JsonValue)hash)))),
        console =>
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"old {proof.From} {proof.FromRoot}\nnew {proof.To} {proof.ToRoot}\n");
            foreach (var hash in proof.Hashes) text.Append(CultureInfo.InvariantCulture, $"{hash}\n");
            console.Profile.Out.Writer.Write(text.ToString());
        });

    private static async Task WriteAsync(string option, string path, byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllBytesAsync(path, bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliFailure(ExitCode.Failed, "output_unwritable", $"{option} '{path}' cannot be written: {failure.Message}");
        }
    }
}
