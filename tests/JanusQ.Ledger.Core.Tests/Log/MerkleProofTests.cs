using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class MerkleProofTests
{
    private const int Largest = 260;

    private static readonly Sha256Hash[] Leaves = SmallTrees.Leaves(Largest);
    private static readonly Sha256Hash[] Roots =
        [.. Enumerable.Range(0, Largest + 1).Select(size => SmallTrees.Root(Leaves.AsSpan(0, size)))];
    private static readonly TilesInMemory Tiles = TilesInMemory.Of(Leaves);

    [Fact]
    public void every_leaf_of_every_tree_has_the_path_of_the_definition_and_it_holds()
    {
        for (var size = 1; size <= Largest; size++)
        {
            var prover = new MerkleProver(size, Tiles);
            for (var index = 0; index < size; index++)
            {
                var proof = prover.Inclusion(index);
                Assert.Null(MerkleVerification.Inclusion(Leaves[index], index, size, proof.AsSpan(), Roots[size]));
                if (size % 13 == 0 || size > 250) Assert.Equal(SmallTrees.Path(index, Leaves.AsSpan(0, size)), proof);
            }
        }
    }

    [Fact]
    public void every_tree_is_consistent_with_every_larger_one_by_the_proof_of_the_definition()
    {
        for (var to = 1; to <= Largest; to++)
        {
            var prover = new MerkleProver(to, Tiles);
            for (var from = 0; from <= to; from++)
            {
                var proof = prover.Consistency(from);
                Assert.Null(MerkleVerification.Consistency(from, Roots[from], to, Roots[to], proof.AsSpan()));
                if (from > 0 && (to % 13 == 0 || to > 250))
                    Assert.Equal(SmallTrees.Subproof(from, Leaves.AsSpan(0, to), known: true), proof);
            }
        }
    }

    [Fact]
    public void a_proof_reads_exactly_the_tiles_that_were_named_before()
    {
        var leaves = SmallTrees.Leaves(66_000);
        var stored = TilesInMemory.Of(leaves);
        Gen.Select(Gen.Int[1, 66_000], Gen.Int[0, 65_999]).Sample(
            (size, seed) =>
            {
                var other = seed % size;
                stored.Asked.Clear();
                var inclusion = MerkleProofs.Inclusion(other, size, stored);
                Assert.Equal(MerkleProofs.TilesOfInclusion(other, size), stored.Asked);
                stored.Asked.Clear();
                var consistency = MerkleProofs.Consistency(other, size, stored);
                Assert.Equal(MerkleProofs.TilesOfConsistency(other, size), stored.Asked);
                stored.Asked.Clear();
                var root = MerkleProofs.Root(size, stored);
                Assert.Equal(MerkleProofs.TilesOfRoot(size), stored.Asked);

                var fetched = new FetchedTiles(MerkleProofs.TilesOfRoot(size).ToDictionary(tile => tile, tile => stored.Read(tile)!.Value));
                Assert.Equal(root, MerkleProofs.Root(size, fetched));
                Assert.Null(MerkleVerification.Inclusion(leaves[other], other, size, inclusion.AsSpan(), root));
                Assert.Null(MerkleVerification.Consistency(other, MerkleProofs.Root(other, stored), size, root, consistency.AsSpan()));
            },
            iter: Iterations.Of(200),
            threads: 1);
    }

    [Fact]
    public void no_mutation_of_an_inclusion_proof_holds()
    {
        var refused = new HashSet<string>();
        foreach (var size in Sizes)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleProofs.Inclusion(index, size, Tiles).ToArray();
                void Refused(Sha256Hash leaf, long at, long of, Sha256Hash[] hashes, Sha256Hash root) => refused.Add(Assert.IsType<Refusal>(
                    MerkleVerification.Inclusion(leaf, at, of, hashes, root)).Code);
                foreach (var mutated in Mutations(proof, index)) Refused(Leaves[index], index, size, mutated, Roots[size]);
                Refused(Flipped(Leaves[index], index), index, size, proof, Roots[size]);
                Refused(Leaves[index], index, size, proof, Flipped(Roots[size], index));
                Refused(Leaves[index], index, size, proof, Roots[size - 1]);
                foreach (var other in Enumerable.Range(-1, size + 2).Where(other => other != index))
                    Refused(Leaves[index], other, size, proof, Roots[size]);
                Refused(Leaves[index], long.MinValue, size, proof, Roots[size]);
                Refused(Leaves[index], index, index, proof, Roots[size]);
                Refused(Leaves[index], index, -1, proof, Roots[size]);
            }
        }

        Assert.Equal(
            ["inclusion_index_outside_tree", "inclusion_proof_too_long", "inclusion_proof_too_short", "inclusion_root_mismatch"],
            refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void no_mutation_of_a_consistency_proof_holds()
    {
        var refused = new HashSet<string>();
        foreach (var to in Sizes)
        {
            for (var from = 0; from <= to; from++)
            {
                var proof = MerkleProofs.Consistency(from, to, Tiles).ToArray();
                void Refused(long old, Sha256Hash oldRoot, long size, Sha256Hash root, Sha256Hash[] hashes) =>
                    refused.Add(Assert.IsType<Refusal>(MerkleVerification.Consistency(old, oldRoot, size, root, hashes)).Code);
                foreach (var mutated in Mutations(proof, from)) Refused(from, Roots[from], to, Roots[to], mutated);
                Refused(from, Flipped(Roots[from], to), to, Roots[to], proof);
                if (from > 0) Refused(from, Roots[from], to, Flipped(Roots[to], from), proof);
                if (from > 0) Refused(from, Roots[from - 1], to, Roots[to], proof);
                if (from is > 0 && from < to) Refused(from, Roots[from], to, Roots[to - 1], proof);
                Refused(to + 1, Roots[from], to, Roots[to], proof);
                Refused(-1, Roots[from], to, Roots[to], proof);
                if (from > 0) Refused(from, Roots[from], from - 1, Roots[from - 1], proof);
                foreach (var other in Enumerable.Range(0, to + 1).Where(other => other != from))
                    Refused(other, Roots[from], to, Roots[to], proof);
            }
        }

        Assert.Equal(
            ["consistency_new_root_mismatch", "consistency_old_root_mismatch", "consistency_proof_too_long", "consistency_proof_too_short",
                "consistency_sizes_shrink"],
            refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void a_size_that_has_the_same_path_by_its_shape_still_needs_its_own_root()
    {
        // The size is no input of the hashes, so a proof may fit the shape of another size: only the root of that size makes it hold.
        for (var size = 2; size <= 64; size++)
        {
            for (var other = 1; other <= 64; other++)
            {
                if (other == size) continue;
                var proof = MerkleProofs.Inclusion(0, size, Tiles);
                Assert.NotNull(MerkleVerification.Inclusion(Leaves[0], 0, other, proof.AsSpan(), Roots[other]));
            }
        }
    }

    [Fact]
    public void proofs_outside_the_tree_are_not_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleProofs.Inclusion(5, 5, Tiles));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleProofs.Inclusion(-1, 5, Tiles));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleProofs.Consistency(6, 5, Tiles));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleProofs.Consistency(-1, 5, Tiles));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleProofs.Root(-1, Tiles));
    }

    [Fact]
    public void the_verifiers_answer_whatever_they_are_given() => Gen.Select(Gen.Long, Gen.Long, Gen.Int[0, 70], Gen.Int[0, 255]).Sample(
        (first, second, length, seed) =>
        {
            var hashes = Enumerable.Range(seed, length).Select(number => SmallTrees.Leaf(number)).ToArray();
            Assert.NotNull(MerkleVerification.Inclusion(Leaves[0], first, second, hashes, Leaves[1]));
            Assert.NotNull(MerkleVerification.Consistency(first, Leaves[0], second, Leaves[1], hashes));
        },
        iter: Iterations.Of(3_000));

    private static IEnumerable<int> Sizes => Enumerable.Range(1, 24).Concat([31, 32, 33, 63, 64, 65, 100]);

    private static IEnumerable<Sha256Hash[]> Mutations(Sha256Hash[] proof, int seed)
    {
        for (var i = 0; i < proof.Length; i++)
        {
            var flipped = proof.ToArray();
            flipped[i] = Flipped(proof[i], seed + i);
            yield return flipped;
            yield return [.. proof[..i], .. proof[(i + 1)..]];
            yield return [.. proof[..i], proof[i], .. proof[i..]];
            for (var j = i + 1; j < proof.Length; j++)
            {
                var swapped = proof.ToArray();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                yield return swapped;
            }
        }

        yield return [.. proof, SmallTrees.Leaf(seed)];
        yield return [SmallTrees.Leaf(seed), .. proof];
    }

    private static Sha256Hash Flipped(in Sha256Hash hash, int seed)
    {
        var bytes = hash.Bytes.ToArray();
        bytes[seed % bytes.Length] ^= (byte)(1 << (seed % 8));
        return new Sha256Hash(bytes);
    }
}
