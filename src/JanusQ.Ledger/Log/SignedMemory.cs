using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Log;

/// <summary>
/// What the holder of a key remembers outside the database: the checkpoint that it signed last. Whoever rewrites the whole database, the
/// checkpoints included, cannot have the rest signed as well.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class SignedMemory(string path)
{
    /// <summary>What was signed last, or none.</summary>
    /// <exception cref="LogStoppedException">
    /// <c>log_checkpoint_altered</c> or <c>log_key_unknown</c>: the file is none of this log.
    /// </exception>
    public async Task<SignedCheckpoint?> ReadAsync(LogKeyRing keys, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return null;
        if (!SignedCheckpoint.TryParse(await File.ReadAllBytesAsync(path, cancellation), out var signed, out var refusal))
        {
            throw LogRefusals.Stop(
                LogRefusals.CheckpointAltered, $"What was signed last cannot be read from {path}: {refusal.Explanation}");
        }

        if (!signed.TryVerify(keys.Known, out refusal))
            throw LogRefusals.Stop(LogRefusals.KeyUnknown, $"What {path} says was signed last is none of this log: {refusal.Explanation}");
        return signed;
    }

    /// <summary>Remembers what was signed. Only what is stored: it must never be ahead of the database.</summary>
    public Task WriteAsync(SignedCheckpoint signed, CancellationToken cancellation) =>
        PrivateFile.WriteAsync(path, signed.ToString(), cancellation);
}
