using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// What a log posts to a witness (C2SP tlog-witness, <c>add-checkpoint</c>): a checkpoint, and the proof that it continues the one that the
/// witness cosigned last.
/// </summary>
public sealed class AddCheckpointRequest
{
    /// <summary>Hashes of the proof at most.</summary>
    public const int MostHashes = 63;

    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 2 << 20;

    private const string OldPrefix = "old ";

    private AddCheckpointRequest(long oldSize, ImmutableArray<Sha256Hash> proof, SignedCheckpoint checkpoint)
    {
        OldSize = oldSize;
        Proof = proof;
        Checkpoint = checkpoint;
    }

    /// <summary>Size of the checkpoint that the witness cosigned last; 0 where there is none.</summary>
    public long OldSize { get; }

    /// <summary>Consistency proof from the old size; empty where that is 0 or the same size.</summary>
    public ImmutableArray<Sha256Hash> Proof { get; }

    /// <summary>What is to be cosigned.</summary>
    public SignedCheckpoint Checkpoint { get; }

    /// <summary>Makes a request.</summary>
    /// <exception cref="ArgumentException">As <see cref="TryParse"/> would refuse.</exception>
    public static AddCheckpointRequest Of(long oldSize, ImmutableArray<Sha256Hash> proof, SignedCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        return Wrong(oldSize, proof, checkpoint) is { } wrong
            ? throw new ArgumentException(wrong.Explanation, nameof(proof))
            : new AddCheckpointRequest(oldSize, proof, checkpoint);
    }

    /// <summary>Reads a request, as a witness does.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="request">The request.</param>
    /// <param name="refusal">
    /// <c>witness_request_malformed</c>, <c>consistency_sizes_shrink</c>, <c>consistency_proof_too_long</c>, or as
    /// <see cref="SignedCheckpoint.TryParse"/> refuses.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out AddCheckpointRequest? request, [NotNullWhen(false)] out Refusal? refusal)
    {
        request = null;
        if (bytes.Length > MostBytes) return Malformed($"more than {MostBytes} bytes", out refusal);
        var blank = bytes.IndexOf("\n\n"u8);
        if (blank < 0 || !LogText.TryUtf8(bytes[..(blank + 1)], out var head))
            return Malformed("no empty line before the checkpoint", out refusal);
        var rest = head.AsSpan();
        LogText.TryLine(ref rest, out var line);
        if (!line.StartsWith(OldPrefix, StringComparison.Ordinal) || !LogText.TrySize(line[OldPrefix.Length..], out var oldSize))
            return Malformed("the old size", out refusal);
        if (!ProofLines.TryRead(rest, MostHashes, out var proof)) return Malformed("the proof", out refusal);
        if (!SignedCheckpoint.TryParse(bytes[(blank + 2)..], out var checkpoint, out refusal)) return false;
        refusal = Wrong(oldSize, proof, checkpoint);
        if (refusal is null) request = new AddCheckpointRequest(oldSize, proof, checkpoint);
        return refusal is null;
    }

    /// <summary>Verifies that the checkpoint continues the one that the witness knows.</summary>
    /// <param name="oldRoot">Root of the tree of the old size, as the witness kept it.</param>
    /// <returns>As <see cref="MerkleVerification.Consistency"/>.</returns>
    public Refusal? Verify(in Sha256Hash oldRoot) =>
        MerkleVerification.Consistency(OldSize, oldRoot, Checkpoint.Checkpoint.Size, Checkpoint.Checkpoint.Root, Proof.AsSpan());

    /// <summary>The request's body.</summary>
    public byte[] ToBytes() => LogText.ToUtf8(ToString());

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder(OldPrefix).Append(LogText.Of(OldSize)).Append('\n');
        ProofLines.Append(text, Proof);
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static Refusal? Wrong(long oldSize, ImmutableArray<Sha256Hash> proof, SignedCheckpoint checkpoint)
    {
        var size = checkpoint.Checkpoint.Size;
        if (oldSize > size)
            return new Refusal("consistency_sizes_shrink", $"A tree of {oldSize} leaves is not the beginning of one of {size}.");
        return proof.Length > (oldSize == 0 || oldSize == size ? 0 : MostHashes)
            ? new Refusal("consistency_proof_too_long", $"{proof.Length} hashes are more than lead to the larger tree.")
            : null;
    }

    private static bool Malformed(string what, out Refusal refusal)
    {
        refusal = new Refusal("witness_request_malformed", $"A request to a witness: {what}.");
        return false;
    }
}
