using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// The right edge of a tree: the roots of its perfect subtrees, one for every bit that is set in its size. Leaves are appended and the root
/// is known with O(log n) hashes in memory, so that a whole log can be verified while it streams past.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly Sha256Hash[] _subtrees = new Sha256Hash[63];
    private int _count;

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>
    /// The roots of the perfect subtrees, from the largest to the smallest: with <see cref="Size"/> all that there is to keep.
    /// </summary>
    public ReadOnlySpan<Sha256Hash> Subtrees => _subtrees.AsSpan(0, _count);

    /// <summary>Takes up a tree where it was left.</summary>
    /// <param name="size">Number of leaves.</param>
    /// <param name="subtrees">The roots of the perfect subtrees, from the largest to the smallest.</param>
    /// <param name="frontier">The tree's edge.</param>
    /// <param name="refusal"><c>log_frontier_malformed</c>: a size below 0, or not one root for every bit set in it.</param>
    public static bool TryRestore(
        long size,
        ReadOnlySpan<Sha256Hash> subtrees,
        [NotNullWhen(true)] out MerkleFrontier? frontier,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        frontier = null;
        if (size < 0 || BitOperations.PopCount((ulong)size) != subtrees.Length)
        {
            refusal = new Refusal("log_frontier_malformed",
                $"A tree of size {size} has no {subtrees.Length} perfect subtrees at its edge.");
            return false;
        }

        frontier = new MerkleFrontier { Size = size, _count = subtrees.Length };
        subtrees.CopyTo(frontier._subtrees);
        refusal = null;
        return true;
    }

    /// <summary>Appends the hash of the next leaf.</summary>
    public void Append(in Sha256Hash leafHash)
    {
        var hash = leafHash;
        for (var bits = Size; (bits & 1) == 1; bits >>= 1) hash = MerkleHash.Node(_subtrees[--_count], hash);
        _subtrees[_count++] = hash;
        Size++;
    }

    /// <summary>Appends the hashes of the next leaves.</summary>
    public void Append(ReadOnlySpan<Sha256Hash> leafHashes)
    {
        foreach (ref readonly var hash in leafHashes) Append(hash);
    }

    /// <summary>Root of the tree as it is now.</summary>
    public Sha256Hash Root()
    {
        if (_count == 0) return MerkleHash.EmptyTree;
        var root = _subtrees[_count - 1];
        for (var i = _count - 2; i >= 0; i--) root = MerkleHash.Node(_subtrees[i], root);
        return root;
    }
}
