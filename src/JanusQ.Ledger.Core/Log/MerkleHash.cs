using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// The hashes of the tree (audit.md section 3, RFC 6962 section 2.1): leaves and nodes can never be taken for each other.
/// </summary>
public static class MerkleHash
{
    /// <summary>Root of the tree without leaves: the SHA-256 of nothing.</summary>
    public static readonly Sha256Hash EmptyTree = Sha256Hash.Of([]);

    private const byte NodePrefix = 1;

    private static ReadOnlySpan<byte> LeafPrefix => [0];

    /// <summary>Hash of a leaf: <c>SHA-256(0x00 || leaf)</c>.</summary>
    public static Sha256Hash Leaf(ReadOnlySpan<byte> leaf)
    {
        // One call into the hash costs more than moving a small leaf behind its prefix.
        const int Small = 1024;
        if (leaf.Length >= Small) return Sha256Hash.Of(LeafPrefix, leaf);
        Span<byte> prefixed = stackalloc byte[Small];
        LeafPrefix.CopyTo(prefixed);
        leaf.CopyTo(prefixed[1..]);
        return Sha256Hash.Of(prefixed[..(1 + leaf.Length)]);
    }

    /// <summary>Hash of a node: <c>SHA-256(0x01 || left || right)</c>.</summary>
    public static Sha256Hash Node(in Sha256Hash left, in Sha256Hash right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * Sha256Hash.Size)];
        node[0] = NodePrefix;
        left.Bytes.CopyTo(node[1..]);
        right.Bytes.CopyTo(node[(1 + Sha256Hash.Size)..]);
        return Sha256Hash.Of(node);
    }

    /// <summary>Root over a row of 1, 2, 4, ... 256 hashes.</summary>
    internal static Sha256Hash Root(ReadOnlySpan<Sha256Hash> row)
    {
        if (row.Length == 1) return row[0];
        Span<Sha256Hash> above = stackalloc Sha256Hash[row.Length / 2];
        for (var i = 0; i < above.Length; i++) above[i] = Node(row[2 * i], row[(2 * i) + 1]);
        for (var length = above.Length / 2; length > 0; length /= 2)
            for (var i = 0; i < length; i++) above[i] = Node(above[2 * i], above[(2 * i) + 1]);
        return above[0];
    }
}
