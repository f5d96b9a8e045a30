using System.Text;
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
        var document = RemoteAnswer.ObjectOf(
            await RemoteAnswer.AskAsync(client.GetProofAsync(sequence, cancellation)).ConfigureAwait(false));
        var file = Encoding.UTF8.GetBytes(RemoteDocuments.Text(document, "tlog_proof"));
        if (!InclusionProofFile.TryParse(file, out var proof, out var refusal)) throw new LogStoppedException(refusal);
        var checkpoint = proof.Checkpoint.Checkpoint;
        refusal = MerkleVerification.Inclusion(
            MerkleHash.Leaf(proof.Extra.AsSpan()), proof.Index, checkpoint.Size, proof.Hashes.AsSpan(), checkpoint.Root);
        if (refusal is not null || !LogLeaf.TryParse(proof.Extra.AsSpan(), out var leaf, out refusal)) throw new LogStoppedException(refusal);
        return leaf.Sequence == sequence
            ? new EventProof(proof.Index, leaf.Sequence, leaf.Id, proof.Extra, proof)
            : throw new LogStoppedException(new Refusal(
                LogRefusals.LeafMismatch, $"The server proves event {leaf.Sequence}, and not {sequence}.").With("sequence", leaf.Sequence));
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
}
