using JanusQ.Ledger.Core.Log;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>
/// A folder that holds the log as C2SP tlog-tiles serves it: <c>checkpoint</c>, <c>tile/L/N[.p/W]</c> and <c>tile/entries/N[.p/W]</c>.
/// Whoever keeps it has proof of everything up to its checkpoint, and can verify it from the files alone.
/// </summary>
/// <param name="path">The folder; made if it is not there.</param>
/// <param name="keys">Keys of the log: what stands in the folder must be signed by one of them.</param>
internal sealed class CheckpointFolder(string path, IReadOnlyCollection<VerifierKey> keys)
{
    private const string CheckpointFile = "checkpoint";
    private const string Aside = ".janusq-part";

    /// <summary>Brings the folder up to a checkpoint: new tiles first, the checkpoint last.</summary>
    /// <param name="connection">Where the tiles are.</param>
    /// <param name="checkpoint">The checkpoint, with its cosignatures.</param>
    /// <param name="cancellation">Ends it; the folder's checkpoint is then still the old one.</param>
    /// <returns>How many files were written.</returns>
    /// <exception cref="LogStoppedException">
    /// <c>log_inconsistent</c>: the folder's checkpoint is not the beginning of this one; <c>log_checkpoint_altered</c> or
    /// <c>log_key_unknown</c>: it is none of this log; or what is stored is not what the log has taken.
    /// </exception>
    public async Task<int> PublishAsync(NpgsqlConnection connection, SignedCheckpoint checkpoint, CancellationToken cancellation)
    {
        Directory.CreateDirectory(path);
        var size = checkpoint.Checkpoint.Size;
        var from = await DemandContinuesAsync(connection, checkpoint, cancellation);
        if (from > size) return 0;
        var written = 0;
        foreach (var tile in TileGrowth.Changed(from, size).Concat(TileGrowth.ChangedEntries(from, size)))
        {
            var bytes = await LogReader.ReadTileAsync(connection, tile, size, cancellation)
                ?? throw LogRefusals.Stop("log_tile_missing", $"There is no {tile}.");
            await WriteAsync(tile.ToString(), bytes, cancellation);
            written++;
        }

        await WriteAsync(CheckpointFile, checkpoint.ToBytes(), cancellation);
        return written + 1;
    }

    /// <summary>The size of the folder's checkpoint, 0 if there is none, once the new one is proven to continue it.</summary>
    private async Task<long> DemandContinuesAsync(NpgsqlConnection connection, SignedCheckpoint next, CancellationToken cancellation)
    {
        var file = PathOf(CheckpointFile);
        if (!File.Exists(file)) return 0;
        if (!SignedCheckpoint.TryParse(await File.ReadAllBytesAsync(file, cancellation), out var kept, out var refusal))
            throw LogRefusals.Stop(LogRefusals.CheckpointAltered, $"The checkpoint in {path} cannot be read: {refusal.Explanation}");
        if (!kept.TryVerify(keys, out refusal))
            throw LogRefusals.Stop(LogRefusals.KeyUnknown, $"The checkpoint in {path} is none of this log: {refusal.Explanation}");
        var (from, to) = (kept.Checkpoint, next.Checkpoint);
        var (smaller, larger) = from.Size <= to.Size ? (from, to) : (to, from);
        var latest = await new StoredCheckpoints(connection).LatestAsync(cancellation);
        if (latest is null || larger.Size > latest.Size)
        {
            throw LogRefusals.Stop(
                LogRefusals.TailMissing, $"The checkpoint in {path} speaks for {larger.Size} leaves, the log for {latest?.Size ?? 0}.");
        }

        var proof = await LogReader.ConsistencyAsync(connection, smaller.Size, larger.Size, cancellation);
        return MerkleVerification.Consistency(smaller.Size, smaller.Root, larger.Size, larger.Root, proof.Hashes.AsSpan()) is { } broken
            ? throw LogRefusals.Stop(
                LogRefusals.Inconsistent,
                $"The log of {to.Size} leaves does not continue the checkpoint of {from.Size} in {path}: {broken.Explanation}")
            : from.Size;
    }

    private async Task WriteAsync(string relative, byte[] bytes, CancellationToken cancellation)
    {
        var file = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file + Aside, bytes, cancellation);
        File.Move(file + Aside, file, overwrite: true);
    }

    private string PathOf(string relative) => Path.Combine(path, relative.Replace('/', Path.DirectorySeparatorChar));
}
