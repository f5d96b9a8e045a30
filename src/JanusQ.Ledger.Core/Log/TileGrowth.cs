namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// Which tiles a tree of a size consists of, and which of them appear or change when it grows (C2SP tlog-tiles, "Partial Tiles").
/// </summary>
public static class TileGrowth
{
    /// <summary>Levels that a tile spans.</summary>
    public const int Height = 8;

    /// <summary>The level above the highest that a tree of fewer than 2^63 leaves has.</summary>
    private const int Levels = 8;

    /// <summary>Hashes that a level of the tiles holds, in all its tiles.</summary>
    public static long HashesAt(int level, long size) => level is < 0 or >= Levels ? 0 : size >> (Height * level);

    /// <summary>Hashes that one tile holds: 0 to 256.</summary>
    public static int WidthOf(int level, long index, long size) =>
        (int)Math.Clamp(HashesAt(level, size) - (index * TilePath.FullWidth), 0, TilePath.FullWidth);

    /// <summary>The tiles of hashes that a tree consists of, from the leaves upwards.</summary>
    public static IEnumerable<TilePath> Tiles(long size) => Changed(0, size);

    /// <summary>
    /// The tiles of hashes that a tree of the larger size has and one of the smaller size has not, as wide as they then are: from the
    /// leaves upwards, and each level from the left. Those that are not partial are complete for good.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes do not grow from 0 or more.</exception>
    public static IEnumerable<TilePath> Changed(long from, long to)
    {
        Check(from, to);
        return ChangedAtAllLevels(from, to);
    }

    /// <summary>The same of the bundles of leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes do not grow from 0 or more.</exception>
    public static IEnumerable<TilePath> ChangedEntries(long from, long to)
    {
        Check(from, to);
        return ChangedBundles(from, to);
    }

    private static IEnumerable<TilePath> ChangedAtAllLevels(long from, long to)
    {
        for (var level = 0; level < Levels; level++)
        {
            var (had, has) = (HashesAt(level, from), HashesAt(level, to));
            if (had == has) yield break;
            for (var index = had / TilePath.FullWidth; index * TilePath.FullWidth < has; index++)
                yield return TilePath.Hashes(level, index, WidthOf(level, index, to));
        }
    }

    private static IEnumerable<TilePath> ChangedBundles(long from, long to)
    {
        if (from == to) yield break;
        for (var index = from / TilePath.FullWidth; index * TilePath.FullWidth < to; index++)
            yield return TilePath.Entries(index, WidthOf(0, index, to));
    }

    private static void Check(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
    }
}
