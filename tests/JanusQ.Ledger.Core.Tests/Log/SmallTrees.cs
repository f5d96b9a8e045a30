using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

/// <summary>Trees as RFC 6962 defines them, by recursion over the leaves: slow, and nothing of it is shared with what is tested.</summary>
internal static class SmallTrees
{
    /// <summary>The leaves of the tree that implementations of RFC 6962 test with.</summary>
    public static readonly byte[][] WellKnownLeaves =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }
            .Select(Convert.FromHexString),
    ];

    /// <summary>The roots of that tree with 0 to 8 leaves.</summary>
    public static readonly Sha256Hash[] WellKnownRoots =
    [
        .. new[]
        {
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        }.Select(Sha256Hash.Parse),
    ];

    /// <summary>The hash of a leaf that says its own number.</summary>
    public static Sha256Hash Leaf(long number) =>
        MerkleHash.Leaf(Encoding.ASCII.GetBytes("leaf " + number.ToString(CultureInfo.InvariantCulture)));

    public static Sha256Hash[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(number => Leaf(number))];

    /// <summary>MTH of RFC 6962 section 2.1.</summary>
    public static Sha256Hash Root(ReadOnlySpan<Sha256Hash> leaves)
    {
        if (leaves.IsEmpty) return Sha256Hash.Of([]);
        if (leaves.Length == 1) return leaves[0];
        var half = Half(leaves.Length);
        var (left, right) = (Root(leaves[..half]), Root(leaves[half..]));
        return Sha256Hash.Of([1, .. left.Bytes, .. right.Bytes]);
    }

    /// <summary>PATH of RFC 6962 section 2.1.1.</summary>
    public static List<Sha256Hash> Path(int index, ReadOnlySpan<Sha256Hash> leaves)
    {
        if (leaves.Length == 1) return [];
        var half = Half(leaves.Length);
        var path = index < half ? Path(index, leaves[..half]) : Path(index - half, leaves[half..]);
        path.Add(index < half ? Root(leaves[half..]) : Root(leaves[..half]));
        return path;
    }

    /// <summary>SUBPROOF of RFC 6962 section 2.1.2.</summary>
    public static List<Sha256Hash> Subproof(int old, ReadOnlySpan<Sha256Hash> leaves, bool known)
    {
        if (old == leaves.Length) return known ? [] : [Root(leaves)];
        var half = Half(leaves.Length);
        var proof = old <= half ? Subproof(old, leaves[..half], known) : Subproof(old - half, leaves[half..], false);
        proof.Add(old <= half ? Root(leaves[half..]) : Root(leaves[..half]));
        return proof;
    }

    private static int Half(int count)
    {
        var half = 1;
        while (half * 2 < count) half *= 2;
        return half;
    }
}

/// <summary>
/// Tiles in memory, as a log stores them: full ones replace their partial ones, which stay where a checkpoint asked for them.
/// </summary>
internal sealed class TilesInMemory : ITileSource
{
    public Dictionary<TilePath, byte[]> Stored { get; } = [];

    /// <summary>What was read since it was last cleared, in order.</summary>
    public List<TilePath> Asked { get; } = [];

    public static TilesInMemory Of(IEnumerable<Sha256Hash> leaves)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves) tree.Append(leaf);
        var tiles = new TilesInMemory();
        tiles.Store(tree.TakeChanged());
        return tiles;
    }

    public void Store(IEnumerable<Tile> tiles)
    {
        foreach (var tile in tiles) Stored[tile.Path] = tile.Hashes.ToArray();
    }

    public ReadOnlyMemory<byte>? Read(TilePath tile)
    {
        Asked.Add(tile);
        if (Stored.TryGetValue(tile, out var exact)) return exact;
        var widest = Stored.Keys.Where(stored => stored.Level == tile.Level && stored.Index == tile.Index && stored.Width >= tile.Width)
            .Select(stored => (TilePath?)stored).FirstOrDefault();
        return widest is { } found ? Stored[found] : default(ReadOnlyMemory<byte>?);
    }
}
