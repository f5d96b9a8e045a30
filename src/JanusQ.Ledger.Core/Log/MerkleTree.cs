using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A tile with its bytes, 32 a hash.</summary>
/// <param name="Path">Which.</param>
/// <param name="Hashes">Its bytes as they are stored and served.</param>
public sealed record Tile(TilePath Path, ReadOnlyMemory<byte> Hashes);

/// <summary>
/// A tree that leaves are appended to, and the tiles that come out of it (audit.md section 3). It holds only the partial tiles at its right
/// edge, at most 255 hashes a level, and costs one hash of a node for each leaf. For one writer.
/// </summary>
public sealed class MerkleTree
{
    private readonly List<Edge> _edges = [];
    private readonly List<Tile> _completed = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>The tiles that <see cref="Restore"/> reads.</summary>
    public static IReadOnlyList<TilePath> TilesToRestore(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var tiles = new List<TilePath>();
        for (var level = 0; TileGrowth.HashesAt(level, size) is var hashes and > 0; level++)
        {
            var width = (int)(hashes % TilePath.FullWidth);
            if (width > 0) tiles.Add(TilePath.Hashes(level, hashes / TilePath.FullWidth, width));
        }

        return tiles;
    }

    /// <summary>Takes up a tree where it was left, from its partial tiles.</summary>
    /// <exception cref="RefusedException"><c>log_tile_missing</c> or <c>log_tile_malformed</c>.</exception>
    public static MerkleTree Restore(long size, ITileSource tiles)
    {
        var tree = new MerkleTree { Size = size };
        var hashes = new TileHashes(tiles, size);
        foreach (var path in TilesToRestore(size))
        {
            var edge = tree.EdgeAt(path.Level);
            hashes.Tile(path).CopyTo(edge.Hashes);
            edge.Count = path.Width;
        }

        for (var level = 0; TileGrowth.HashesAt(level, size) is var all and > 0; level++)
            tree.EdgeAt(level).Index = all / TilePath.FullWidth;
        return tree;
    }

    /// <summary>Appends the hash of the next leaf.</summary>
    public void Append(in Sha256Hash leafHash)
    {
        Append(0, leafHash);
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
        Sha256Hash? root = null;
        foreach (var edge in _edges)
        {
            // The smallest perfect subtree is the rightmost: the bits of the count from the lowest, from the tile's end.
            for (var (end, size) = (edge.Count, 1); end > 0; size *= 2)
            {
                if ((end & size) == 0) continue;
                end -= size;
                var subtree = MerkleHash.Root(edge.Hashes.AsSpan(end, size));
                root = root is { } right ? MerkleHash.Node(subtree, right) : subtree;
            }
        }

        return root ?? MerkleHash.EmptyTree;
    }

    /// <summary>
    /// The tiles that are new or wider than when they were last taken, or since the tree was restored: what is to be stored before a
    /// checkpoint of this size is signed. The same as <see cref="TileGrowth.Changed"/> names, from the leaves upwards.
    /// </summary>
    public IReadOnlyList<Tile> TakeChanged()
    {
        foreach (var (level, edge) in _edges.Index())
        {
            if (!edge.Changed) continue;
            edge.Changed = false;
            if (edge.Count > 0)
                _completed.Add(new Tile(TilePath.Hashes(level, edge.Index, edge.Count), Bytes(edge.Hashes.AsSpan(0, edge.Count))));
        }

        var taken = _completed.OrderBy(tile => tile.Path.Level).ThenBy(tile => tile.Path.Index).ToArray();
        _completed.Clear();
        return taken;
    }

    private static byte[] Bytes(ReadOnlySpan<Sha256Hash> hashes) => MemoryMarshal.AsBytes(hashes).ToArray();

    private void Append(int level, in Sha256Hash hash)
    {
        var edge = EdgeAt(level);
        edge.Hashes[edge.Count++] = hash;
        edge.Changed = true;
        if (edge.Count < TilePath.FullWidth) return;
        _completed.Add(new Tile(TilePath.Hashes(level, edge.Index++), Bytes(edge.Hashes)));
        edge.Count = 0;
        Append(level + 1, MerkleHash.Root(edge.Hashes));
    }

    private Edge EdgeAt(int level)
    {
        while (_edges.Count <= level) _edges.Add(new Edge());
        return _edges[level];
    }

    /// <summary>The tile of a level that is not full yet.</summary>
    private sealed class Edge
    {
        public readonly Sha256Hash[] Hashes = new Sha256Hash[TilePath.FullWidth];
        public int Count;
        public long Index;
        public bool Changed;
    }
}
