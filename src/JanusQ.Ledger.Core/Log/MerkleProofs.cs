using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// Roots and proofs of any tree that a log ever was, from its stored tiles (RFC 6962 sections 2.1.1 and 2.1.2). Which tiles a proof needs
/// is known before any is read, so that they can be fetched at once.
/// </summary>
public static class MerkleProofs
{
    /// <summary>Root of the tree of the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="RefusedException"><c>log_tile_missing</c> or <c>log_tile_malformed</c>.</exception>
    public static Sha256Hash Root(long size, ITileSource tiles) => new MerkleProver(size, tiles).Root();

    /// <summary>Proof that the leaf at an index is in the tree of a size: from the leaf's sibling up to the root's child.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the tree.</exception>
    /// <exception cref="RefusedException"><c>log_tile_missing</c> or <c>log_tile_malformed</c>.</exception>
    public static ImmutableArray<Sha256Hash> Inclusion(long index, long size, ITileSource tiles) =>
        new MerkleProver(size, tiles).Inclusion(index);

    /// <summary>
    /// Proof that the tree of the smaller size is the beginning of the one of the larger size; empty where one of them is empty or both are
    /// the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes do not grow from 0 or more.</exception>
    /// <exception cref="RefusedException"><c>log_tile_missing</c> or <c>log_tile_malformed</c>.</exception>
    public static ImmutableArray<Sha256Hash> Consistency(long from, long to, ITileSource tiles) =>
        new MerkleProver(to, tiles).Consistency(from);

    /// <summary>The tiles that <see cref="Root"/> reads, each once.</summary>
    public static IReadOnlyList<TilePath> TilesOfRoot(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return TilesOf(size == 0 ? [] : [(0, size)], size);
    }

    /// <summary>The tiles that <see cref="Inclusion"/> reads, each once.</summary>
    public static IReadOnlyList<TilePath> TilesOfInclusion(long index, long size) => TilesOf(InclusionRanges(index, size), size);

    /// <summary>The tiles that <see cref="Consistency"/> reads, each once.</summary>
    public static IReadOnlyList<TilePath> TilesOfConsistency(long from, long to) => TilesOf(ConsistencyRanges(from, to), to);

    internal static List<(long Start, long End)> InclusionRanges(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<(long, long)>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = Middle(start, end);
            if (index < middle)
            {
                ranges.Add((middle, end));
                end = middle;
            }
            else
            {
                ranges.Add((start, middle));
                start = middle;
            }
        }

        ranges.Reverse();
        return ranges;
    }

    internal static List<(long Start, long End)> ConsistencyRanges(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        var ranges = new List<(long, long)>();
        if (from == 0) return ranges;
        var (start, end) = (0L, to);
        while (from != end)
        {
            var middle = Middle(start, end);
            if (from <= middle)
            {
                ranges.Add((middle, end));
                end = middle;
            }
            else
            {
                ranges.Add((start, middle));
                start = middle;
            }
        }

        // Who asks knows the root of the smaller tree: it is left out where it is a node of the larger one.
        if (start > 0) ranges.Add((start, end));
        ranges.Reverse();
        return ranges;
    }

    /// <summary>Where a tree divides: behind the largest power of two that is smaller than the number of its leaves.</summary>
    private static long Middle(long start, long end) => start + (1L << TileHashes.HeightOfFirst(start, end - 1));

    private static List<TilePath> TilesOf(List<(long Start, long End)> ranges, long size)
    {
        var seen = new HashSet<TilePath>();
        var tiles = new List<TilePath>();
        foreach (var (first, end) in ranges)
        {
            for (var start = first; start < end;)
            {
                var height = TileHashes.HeightOfFirst(start, end);
                var tile = TileHashes.TileOf(height, start >> height, size);
                if (seen.Add(tile)) tiles.Add(tile);
                start += 1L << height;
            }
        }

        return tiles;
    }
}
