using System.Numerics;
using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>Where the stored tiles of a tree are.</summary>
public interface ITileSource
{
    /// <summary>
    /// The bytes of a tile of hashes, 32 a hash. It may be wider than what was asked for, as a full tile stands in for its partial ones;
    /// none where there is no such tile.
    /// </summary>
    ReadOnlyMemory<byte>? Read(TilePath tile);
}

/// <summary>Tiles that were fetched before, by path.</summary>
/// <param name="tiles">The bytes of each tile.</param>
public sealed class FetchedTiles(IReadOnlyDictionary<TilePath, ReadOnlyMemory<byte>> tiles) : ITileSource
{
    /// <inheritdoc />
    public ReadOnlyMemory<byte>? Read(TilePath tile) => tiles.TryGetValue(tile, out var bytes) ? bytes : default(ReadOnlyMemory<byte>?);
}

/// <summary>
/// The hashes of subtrees of a tree of one size, computed from its tiles; each tile is read once, each node computed once.
/// </summary>
internal sealed class TileHashes(ITileSource source, long size)
{
    private readonly Dictionary<TilePath, ReadOnlyMemory<byte>> _read = [];
    private readonly Dictionary<(int Height, long Position), Sha256Hash> _nodes = [];

    /// <summary>The tile that the root of a perfect subtree of 2^height leaves is computed from.</summary>
    public static TilePath TileOf(int height, long position, long size)
    {
        var level = height / TileGrowth.Height;
        var index = (position << (height % TileGrowth.Height)) / TilePath.FullWidth;
        return TilePath.Hashes(level, index, TileGrowth.WidthOf(level, index, size));
    }

    /// <summary>The largest perfect subtree that begins at a leaf and ends before another: its height.</summary>
    public static int HeightOfFirst(long start, long end) => BitOperations.Log2((ulong)(end - start));

    /// <summary>
    /// Root over the leaves from start to before end, where start is a multiple of a power of two that is not below their number.
    /// </summary>
    public Sha256Hash Range(long start, long end)
    {
        Span<Sha256Hash> pieces = stackalloc Sha256Hash[64];
        var count = 0;
        while (start < end)
        {
            var height = HeightOfFirst(start, end);
            pieces[count++] = Perfect(height, start >> height);
            start += 1L << height;
        }

        var hash = pieces[count - 1];
        for (var i = count - 2; i >= 0; i--) hash = MerkleHash.Node(pieces[i], hash);
        return hash;
    }

    /// <summary>The hashes of a tile.</summary>
    /// <exception cref="RefusedException"><c>log_tile_missing</c> or <c>log_tile_malformed</c>.</exception>
    public ReadOnlySpan<Sha256Hash> Tile(TilePath path)
    {
        if (!_read.TryGetValue(path, out var bytes)) _read.Add(path, bytes = ReadTile(path));
        return MemoryMarshal.Cast<byte, Sha256Hash>(bytes.Span)[..path.Width];
    }

    private Sha256Hash Perfect(int height, long position)
    {
        if (height % TileGrowth.Height == 0)
            return Tile(TileOf(height, position, size))[(int)(position % TilePath.FullWidth)];
        if (_nodes.TryGetValue((height, position), out var known)) return known;
        var node = MerkleHash.Node(Perfect(height - 1, 2 * position), Perfect(height - 1, (2 * position) + 1));
        _nodes.Add((height, position), node);
        return node;
    }

    private ReadOnlyMemory<byte> ReadTile(TilePath path)
    {
        if (source.Read(path) is not { } bytes) throw new RefusedException(new Refusal("log_tile_missing", $"There is no {path}."));
        if (bytes.Length % Sha256Hash.Size != 0 || bytes.Length < path.Width * Sha256Hash.Size
            || bytes.Length > TilePath.FullWidth * Sha256Hash.Size)
        {
            throw new RefusedException(new Refusal("log_tile_malformed",
                $"{path}: expected {path.Width} hashes of {Sha256Hash.Size} bytes, found {bytes.Length} bytes."));
        }

        return bytes;
    }
}
