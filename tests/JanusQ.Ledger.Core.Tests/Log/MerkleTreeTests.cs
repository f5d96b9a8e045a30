using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class MerkleTreeTests
{
    [Fact]
    public void the_well_known_tree_has_its_well_known_roots()
    {
        var (tree, frontier) = (new MerkleTree(), new MerkleFrontier());
        for (var size = 0; size <= 8; size++)
        {
            Assert.Equal(SmallTrees.WellKnownRoots[size], tree.Root());
            Assert.Equal(SmallTrees.WellKnownRoots[size], frontier.Root());
            if (size == 8) break;
            tree.Append(MerkleHash.Leaf(SmallTrees.WellKnownLeaves[size]));
            frontier.Append(MerkleHash.Leaf(SmallTrees.WellKnownLeaves[size]));
        }
    }

    [Fact]
    public void a_leaf_is_never_a_node()
    {
        var (left, right) = (SmallTrees.Leaf(0), SmallTrees.Leaf(1));
        Assert.NotEqual(MerkleHash.Leaf([.. left.Bytes, .. right.Bytes]), MerkleHash.Node(left, right));
    }

    [Fact]
    public void the_root_that_grows_is_the_root_by_definition_at_every_size()
    {
        var leaves = SmallTrees.Leaves(530);
        var (tree, frontier) = (new MerkleTree(), new MerkleFrontier());
        for (var size = 0; size < leaves.Length; size++)
        {
            var expected = SmallTrees.Root(leaves.AsSpan(0, size));
            Assert.Equal(expected, tree.Root());
            Assert.Equal(expected, frontier.Root());
            tree.Append(leaves[size]);
            frontier.Append(leaves[size]);
        }
    }

    [Fact]
    public void a_tree_of_three_levels_of_tiles_has_the_root_by_definition()
    {
        var leaves = SmallTrees.Leaves((256 * 256) + 300);
        var tree = new MerkleTree();
        tree.Append(leaves.AsSpan());
        var tiles = new TilesInMemory();
        tiles.Store(tree.TakeChanged());
        Assert.Equal(SmallTrees.Root(leaves), tree.Root());
        Assert.Equal(SmallTrees.Root(leaves), MerkleProofs.Root(leaves.Length, tiles));
        Assert.Equal(SmallTrees.Root(leaves.AsSpan(0, 65_536)), MerkleProofs.Root(65_536, tiles));
        Assert.Equal(TileGrowth.Tiles(leaves.Length), tiles.Stored.Keys);
        Assert.All(tiles.Stored, tile => Assert.Equal(tile.Key.Width * 32, tile.Value.Length));
    }

    [Fact]
    public void the_tiles_that_come_out_are_those_that_changed_however_the_leaves_are_cut() => Gen.Int[0, 700].Array[0, 4].Sample(
        parts =>
        {
            var tree = new MerkleTree();
            var tiles = new TilesInMemory();
            var size = 0;
            foreach (var part in parts)
            {
                for (var i = 0; i < part; i++) tree.Append(SmallTrees.Leaf(size + i));
                var changed = tree.TakeChanged();
                Assert.Equal(TileGrowth.Changed(size, size + part), changed.Select(tile => tile.Path));
                tiles.Store(changed);
                size += part;
                Assert.Equal(size, tree.Size);
                Assert.Equal(tree.Root(), MerkleProofs.Root(size, tiles));

                // A writer that stops and starts again finds itself where it was.
                tree = MerkleTree.Restore(size, tiles);
                Assert.Empty(tree.TakeChanged());
                Assert.Equal(SmallTrees.Root(SmallTrees.Leaves(size)), tree.Root());
            }
        },
        iter: Iterations.Of(60));

    [Fact]
    public void a_frontier_taken_up_again_goes_on_as_if_it_had_never_stopped() => Gen.Select(Gen.Int[0, 600], Gen.Int[0, 600]).Sample(
        (first, second) =>
        {
            var leaves = SmallTrees.Leaves(first + second);
            var before = new MerkleFrontier();
            before.Append(leaves.AsSpan(0, first));
            Assert.True(MerkleFrontier.TryRestore(first, before.Subtrees, out var after, out _));
            after.Append(leaves.AsSpan(first));
            Assert.Equal(first + second, after.Size);
            Assert.Equal(SmallTrees.Root(leaves), after.Root());
        },
        iter: Iterations.Of(60));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(4, 0)]
    public void a_frontier_that_fits_no_size_is_refused(long size, int subtrees)
    {
        Assert.False(MerkleFrontier.TryRestore(size, new Sha256Hash[subtrees], out var frontier, out var refusal));
        Assert.Null(frontier);
        Assert.Equal("log_frontier_malformed", refusal.Code);
    }

    [Fact]
    public void a_tile_that_is_missing_or_cut_off_is_named()
    {
        var tiles = TilesInMemory.Of(SmallTrees.Leaves(300));
        var path = TilePath.Hashes(0, 1, 44);
        tiles.Stored[path] = tiles.Stored[path][..^1];
        var cut = Assert.Throws<RefusedException>(() => MerkleProofs.Root(300, tiles));
        Assert.Equal("log_tile_malformed", cut.Refusal.Code);
        tiles.Stored.Remove(path);
        var missing = Assert.Throws<RefusedException>(() => MerkleProofs.Root(300, tiles));
        Assert.Equal("log_tile_missing", missing.Refusal.Code);
        Assert.Contains("tile/0/001.p/44", missing.Refusal.Explanation, StringComparison.Ordinal);
        Assert.Equal("log_tile_missing", Assert.Throws<RefusedException>(() => MerkleTree.Restore(300, tiles)).Refusal.Code);
        var none = new FetchedTiles(new Dictionary<TilePath, ReadOnlyMemory<byte>>());
        Assert.Equal("log_tile_missing", Assert.Throws<RefusedException>(() => MerkleProofs.Root(1, none)).Refusal.Code);
    }
}
