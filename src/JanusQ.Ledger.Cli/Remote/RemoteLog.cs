using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>The transparency log behind a server. Proofs are not believed but verified here.</summary>
internal sealed class RemoteLog(LedgerClient client)
{
    /// <summary>The proof that an event is under the checkpoint that it carries, whose signature the caller has no key for.</summary>
    /// <exception cref="LogStoppedException">The proof does not hold, or is of another event.</exception>
    public async Task<EventProof> ProveAsync(long sequence, CancellationToken cancellation)
    {
        var proof = await ReadAsync(client.GetProofAsync(sequence, cancellation)).ConfigureAwait(false);
        return proof.Sequence == sequence ? proof : throw Another(proof, $"{sequence}");
    }

    /// <summary>The proof that an event is under the checkpoint that it carries, whose signature the caller has no key for.</summary>
    /// <exception cref="LogStoppedException">The proof does not hold, or is of another event.</exception>
    public async Task<EventProof> ProveAsync(Guid eventId, CancellationToken cancellation)
    {
        var proof = await ReadAsync(client.GetProofAsync(eventId, cancellation)).ConfigureAwait(false);
        return proof.EventId == eventId ? proof : throw Another(proof, $"{eventId:D}");
    }

    /// <summary>The proof that one tree of the log is the beginning of another, made here from the server's tiles.</summary>
    /// <exception cref="RefusedException"><c>consistency_sizes_shrink</c>, <c>log_not_signed_yet</c></exception>
    /// <exception cref="LogStoppedException">The tiles do not fit each other, or do not lead to what is signed.</exception>
    public async Task<ConsistencyProof> ProveConsistencyAsync(long from, long to, CancellationToken cancellation)
    {
        if (from < 0 || from > to)
        {
            throw new RefusedException(new Refusal(
                "consistency_sizes_shrink", $"A tree of {from} leaves is not the beginning of one of {to}."));
        }

        var signed = (await LatestCheckpointAsync(cancellation).ConfigureAwait(false))?.Checkpoint;
        if (signed is null || to > signed.Size)
        {
            throw new RefusedException(new Refusal(
                LogRefusals.NotSignedYet, $"The last checkpoint speaks for {signed?.Size ?? 0} leaves, not for {to}."));
        }

        TilePath[] needed =
        [
            .. MerkleProofs.TilesOfRoot(to), .. MerkleProofs.TilesOfConsistency(from, to), .. MerkleProofs.TilesOfRoot(from),
            .. MerkleProofs.TilesOfConsistency(to, signed.Size),
        ];
        var tiles = await FetchAsync(needed, cancellation).ConfigureAwait(false);
        try
        {
            var proof = new ConsistencyProof(
                from, MerkleProofs.Root(from, tiles), to, MerkleProofs.Root(to, tiles), MerkleProofs.Consistency(from, to, tiles));
            var refusal = MerkleVerification.Consistency(from, proof.FromRoot, to, proof.ToRoot, proof.Hashes.AsSpan())
                ?? MerkleVerification.Consistency(
                    to, proof.ToRoot, signed.Size, signed.Root, MerkleProofs.Consistency(to, signed.Size, tiles).AsSpan());
            return refusal is null
                ? proof
                : throw new LogStoppedException(new Refusal(
                    LogRefusals.Inconsistent, $"The server's tiles do not lead to what it has signed: {refusal.Explanation}"));
        }
        catch (RefusedException refused)
        {
            throw new LogStoppedException(refused.Refusal, refused);
        }
    }

    /// <summary>The checkpoint that was signed last; none where there is none yet.</summary>
    public async Task<SignedCheckpoint?> LatestCheckpointAsync(CancellationToken cancellation)
    {
        var note = await RemoteAnswer.FindAsync(client.GetCheckpointAsync(cancellation), LogRefusals.NotSignedYet).ConfigureAwait(false);
        if (note is null) return null;
        return SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(note), out var signed, out var refusal)
            ? signed
            : throw new LogStoppedException(refusal);
    }

    private static async Task<EventProof> ReadAsync(Task<JsonElement> asked)
    {
        var document = RemoteAnswer.ObjectOf(await RemoteAnswer.AskAsync(asked).ConfigureAwait(false));
        var file = Encoding.UTF8.GetBytes(RemoteDocuments.Text(document, "tlog_proof"));
        if (!InclusionProofFile.TryParse(file, out var proof, out var refusal)) throw new LogStoppedException(refusal);
        var checkpoint = proof.Checkpoint.Checkpoint;
        refusal = MerkleVerification.Inclusion(
            MerkleHash.Leaf(proof.Extra.AsSpan()), proof.Index, checkpoint.Size, proof.Hashes.AsSpan(), checkpoint.Root);
        if (refusal is not null || !LogLeaf.TryParse(proof.Extra.AsSpan(), out var leaf, out refusal))
            throw new LogStoppedException(refusal);
        return new EventProof(proof.Index, leaf.Sequence, leaf.Id, proof.Extra, proof);
    }

    private async Task<FetchedTiles> FetchAsync(IEnumerable<TilePath> needed, CancellationToken cancellation)
    {
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        foreach (var path in needed.Distinct())
            tiles.Add(path, await RemoteAnswer.AskAsync(client.GetBytesAsync($"{path}", cancellation: cancellation)).ConfigureAwait(false));
        return new FetchedTiles(tiles);
    }

    private static LogStoppedException Another(EventProof proof, string asked) => new(new Refusal(
        LogRefusals.LeafMismatch, $"The server proves event {proof.Sequence}, and not {asked}.").With("sequence", proof.Sequence));
}
