using System.Numerics;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// Verifies proofs with nothing but hashes (RFC 9162 sections 2.1.3.2 and 2.1.4.2). Total: any numbers and hashes get an answer, none means
/// that the proof holds.
/// </summary>
public static class MerkleVerification
{
    /// <summary>Verifies that a leaf is at an index of the tree with a size and a root.</summary>
    /// <returns>
    /// Null where the proof holds; else <c>inclusion_index_outside_tree</c>, <c>inclusion_proof_too_long</c>,
    /// <c>inclusion_proof_too_short</c> or <c>inclusion_root_mismatch</c>.
    /// </returns>
    public static Refusal? Inclusion(in Sha256Hash leafHash, long index, long size, ReadOnlySpan<Sha256Hash> proof, in Sha256Hash root)
    {
        if (index < 0 || index >= size)
            return new Refusal("inclusion_index_outside_tree", $"There is no leaf {index} in a tree of {size}.");
        var (node, last) = (index, size - 1);
        var hash = leafHash;
        foreach (ref readonly var sibling in proof)
        {
            if (last == 0)
                return new Refusal("inclusion_proof_too_long", $"{proof.Length} hashes are more than lead from leaf {index} to the root.");
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                Ascend(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        if (last != 0) return new Refusal("inclusion_proof_too_short", $"{proof.Length} hashes do not lead from leaf {index} to the root.");
        return hash == root ? null : new Refusal("inclusion_root_mismatch", $"The proof leads to {hash}, the root is {root}.");
    }

    /// <summary>Verifies that one tree is the beginning of another.</summary>
    /// <returns>
    /// Null where the proof holds; else <c>consistency_sizes_shrink</c>, <c>consistency_proof_too_long</c>,
    /// <c>consistency_proof_too_short</c>, <c>consistency_old_root_mismatch</c> or <c>consistency_new_root_mismatch</c>.
    /// </returns>
    public static Refusal? Consistency(long from, in Sha256Hash fromRoot, long to, in Sha256Hash toRoot, ReadOnlySpan<Sha256Hash> proof)
    {
        if (from < 0 || to < from)
            return new Refusal("consistency_sizes_shrink", $"A tree of {from} leaves is not the beginning of one of {to}.");
        if (from == 0 || from == to) return WithoutProof(from, fromRoot, to, toRoot, proof.Length);
        if (proof.IsEmpty) return TooShort(0);

        var (node, last) = (from - 1, to - 1);
        var level = BitOperations.TrailingZeroCount(~node);
        node >>= level;
        last >>= level;

        // The root of the smaller tree stands for itself where it is a node of the larger one.
        var givenFirst = node != 0;
        var oldHash = givenFirst ? proof[0] : fromRoot;
        var newHash = oldHash;
        foreach (ref readonly var sibling in givenFirst ? proof[1..] : proof)
        {
            if (last == 0) return TooLong(proof.Length);
            if ((node & 1) == 1 || node == last)
            {
                oldHash = MerkleHash.Node(sibling, oldHash);
                newHash = MerkleHash.Node(sibling, newHash);
                Ascend(ref node, ref last);
            }
            else
            {
                newHash = MerkleHash.Node(newHash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        if (last != 0) return TooShort(proof.Length);
        return oldHash != fromRoot ? OldRoot(oldHash, fromRoot) : newHash != toRoot ? NewRoot(newHash, toRoot) : null;
    }

    /// <summary>Passes the levels on which the last node of the tree has no sibling.</summary>
    private static void Ascend(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }

    private static Refusal? WithoutProof(long from, in Sha256Hash fromRoot, long to, in Sha256Hash toRoot, int length)
    {
        if (length > 0) return TooLong(length);
        if (from == 0 && fromRoot != MerkleHash.EmptyTree) return OldRoot(MerkleHash.EmptyTree, fromRoot);
        if (to == 0 && toRoot != MerkleHash.EmptyTree) return NewRoot(MerkleHash.EmptyTree, toRoot);
        return from == to && fromRoot != toRoot ? NewRoot(fromRoot, toRoot) : null;
    }

    private static Refusal TooLong(int length) =>
        new("consistency_proof_too_long", $"{length} hashes are more than lead to the larger tree.");

    private static Refusal TooShort(int length) => new("consistency_proof_too_short", $"{length} hashes do not lead to the larger tree.");

    private static Refusal OldRoot(in Sha256Hash hash, in Sha256Hash root) =>
        new("consistency_old_root_mismatch", $"The proof leads to {hash}, the root of the smaller tree is {root}.");

    private static Refusal NewRoot(in Sha256Hash hash, in Sha256Hash root) =>
        new("consistency_new_root_mismatch", $"The proof leads to {hash}, the root of the larger tree is {root}.");
}
