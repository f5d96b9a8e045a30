using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// That a leaf is in a log, in one text that can be verified anywhere (C2SP tlog-proof, files <c>.tlog-proof</c>): the leaf's index, the
/// path to the root, and the signed checkpoint.
/// </summary>
public sealed class InclusionProofFile
{
    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 2 << 20;

    /// <summary>Hashes of a path at most: a tree has fewer than 2^63 leaves.</summary>
    public const int MostHashes = 63;

    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraPrefix = "extra ";
    private const string IndexPrefix = "index ";

    private InclusionProofFile(long index, ImmutableArray<Sha256Hash> hashes, SignedCheckpoint checkpoint, ImmutableArray<byte> extra)
    {
        Index = index;
        Hashes = hashes;
        Checkpoint = checkpoint;
        Extra = extra;
    }

    /// <summary>Index of the leaf.</summary>
    public long Index { get; }

    /// <summary>The path, from the leaf's sibling up to the root's child.</summary>
    public ImmutableArray<Sha256Hash> Hashes { get; }

    /// <summary>The checkpoint of the tree that the leaf is in, with the signatures that it was handed out with.</summary>
    public SignedCheckpoint Checkpoint { get; }

    /// <summary>
    /// What else is handed along, empty where nothing is; here the leaf itself. Nobody vouches for it: only a leaf that hashes to the
    /// proof is one.
    /// </summary>
    public ImmutableArray<byte> Extra { get; }

    /// <summary>Makes a proof.</summary>
    /// <param name="index">Index of the leaf.</param>
    /// <param name="hashes">The path, as <see cref="MerkleProofs.Inclusion"/> makes it for the checkpoint's size.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="extra">What is handed along, or nothing.</param>
    /// <exception cref="ArgumentException">The index is not in the checkpoint's tree, or the path is longer than any.</exception>
    public static InclusionProofFile Of(
        long index, ImmutableArray<Sha256Hash> hashes, SignedCheckpoint checkpoint, ReadOnlySpan<byte> extra = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, checkpoint.Checkpoint.Size);
        if (hashes.Length > MostHashes) throw new ArgumentException($"A path has at most {MostHashes} hashes.", nameof(hashes));
        return new InclusionProofFile(index, hashes, checkpoint, [.. extra]);
    }

    /// <summary>Reads a proof.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="refusal">
    /// <c>proof_file_malformed</c>, <c>inclusion_index_outside_tree</c>, or as <see cref="SignedCheckpoint.TryParse"/> refuses.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out InclusionProofFile? proof, [NotNullWhen(false)] out Refusal? refusal)
    {
        proof = null;
        if (bytes.Length > MostBytes) return Malformed($"more than {MostBytes} bytes", out refusal);
        var blank = bytes.IndexOf("\n\n"u8);
        if (blank < 0 || !LogText.TryUtf8(bytes[..(blank + 1)], out var head))
            return Malformed("no empty line before the checkpoint", out refusal);
        if (!SignedCheckpoint.TryParse(bytes[(blank + 2)..], out var checkpoint, out refusal)) return false;

        var rest = head.AsSpan();
        LogText.TryLine(ref rest, out var line);
        if (!line.SequenceEqual(Header)) return Malformed($"the first line is not {Header}", out refusal);
        byte[]? extra = [];
        LogText.TryLine(ref rest, out line);
        if (line.StartsWith(ExtraPrefix, StringComparison.Ordinal))
        {
            if (!LogText.TryBase64(line[ExtraPrefix.Length..], out extra) || extra.Length == 0) return Malformed("extra data", out refusal);
            LogText.TryLine(ref rest, out line);
        }

        if (!line.StartsWith(IndexPrefix, StringComparison.Ordinal) || !LogText.TrySize(line[IndexPrefix.Length..], out var index))
            return Malformed("the index", out refusal);
        if (!ProofLines.TryRead(rest, MostHashes, out var hashes)) return Malformed("the hashes", out refusal);
        refusal = index >= checkpoint.Checkpoint.Size
            ? new Refusal("inclusion_index_outside_tree", $"There is no leaf {index} in a tree of {checkpoint.Checkpoint.Size}.")
            : null;
        if (refusal is null) proof = new InclusionProofFile(index, hashes, checkpoint, [.. extra]);
        return refusal is null;
    }

    /// <summary>Verifies that a leaf is in a log that a policy accepts.</summary>
    /// <param name="leafHash">Hash of the leaf, computed by who wants to know.</param>
    /// <param name="policy">Which logs, and whose cosignatures are asked for.</param>
    /// <param name="satisfaction">Who signed and cosigned the checkpoint.</param>
    /// <param name="refusal">As <see cref="WitnessPolicy.TryVerify"/> or <see cref="MerkleVerification.Inclusion"/> refuses.</param>
    public bool TryVerify(
        in Sha256Hash leafHash,
        WitnessPolicy policy,
        [NotNullWhen(true)] out PolicySatisfaction? satisfaction,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.TryVerify(Checkpoint, out satisfaction, out refusal)) return false;
        refusal = MerkleVerification.Inclusion(leafHash, Index, Checkpoint.Checkpoint.Size, Hashes.AsSpan(), Checkpoint.Checkpoint.Root);
        if (refusal is not null) satisfaction = null;
        return refusal is null;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => LogText.ToUtf8(ToString());

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (!Extra.IsEmpty) text.Append(ExtraPrefix).Append(Convert.ToBase64String(Extra.AsSpan())).Append('\n');
        text.Append(IndexPrefix).Append(LogText.Of(Index)).Append('\n');
        ProofLines.Append(text, Hashes);
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static bool Malformed(string what, out Refusal refusal)
    {
        refusal = new Refusal("proof_file_malformed", $"A proof file: {what}.");
        return false;
    }
}
