using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// Which tile, as C2SP tlog-tiles names it: <c>tile/L/N[.p/W]</c> for hashes, <c>tile/entries/N[.p/W]</c> for the leaves themselves.
/// </summary>
public readonly record struct TilePath
{
    /// <summary>Hashes, or leaves, of a full tile.</summary>
    public const int FullWidth = 256;

    /// <summary>The highest level that the format knows.</summary>
    public const int HighestLevel = 63;

    private const int OfEntries = -1;
    private const string Prefix = "tile/";
    private const string EntriesName = "entries";
    private const string Partial = ".p/";

    private readonly byte _missing;

    private TilePath(int level, long index, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, FullWidth);
        Level = level;
        Index = index;
        _missing = (byte)(FullWidth - width);
    }

    /// <summary>0 for leaf hashes, above it one hash for every full tile of the level below; -1 for the leaves themselves.</summary>
    public int Level { get; }

    /// <summary>Position among the tiles of the level, from 0.</summary>
    public long Index { get; }

    /// <summary>How many hashes or leaves it holds: 1 to 256.</summary>
    public int Width => FullWidth - _missing;

    /// <summary>Whether it holds fewer than 256.</summary>
    public bool IsPartial => _missing != 0;

    /// <summary>Whether it holds leaves rather than hashes.</summary>
    public bool IsEntries => Level == OfEntries;

    /// <summary>A tile of hashes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The level is not 0 to 63, the index is negative, or the width is not 1 to 256.
    /// </exception>
    public static TilePath Hashes(int level, long index, int width = FullWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, HighestLevel);
        return new TilePath(level, index, width);
    }

    /// <summary>A bundle of leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or the width is not 1 to 256.</exception>
    public static TilePath Entries(long index, int width = FullWidth) => new(OfEntries, index, width);

    /// <summary>Reads a path, without a slash before it.</summary>
    /// <param name="path">For instance <c>tile/0/x001/x234/067.p/8</c>.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="refusal"><c>tile_path_malformed</c>: anything that is not exactly how the tile is written.</param>
    public static bool TryParse(string? path, out TilePath tile, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (TryParse(path, out tile) && string.Equals(tile.ToString(), path, StringComparison.Ordinal))
        {
            refusal = null;
            return true;
        }

        tile = default;
        refusal = new Refusal("tile_path_malformed",
            "Expected tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>], N in groups of three digits.");
        return false;
    }

    /// <summary>The path, without a slash before it.</summary>
    public override string ToString()
    {
        var path = new StringBuilder(40).Append(Prefix);
        if (IsEntries) path.Append(EntriesName);
        else path.Append(CultureInfo.InvariantCulture, $"{Level}");
        path.Append('/');
        var digits = Index.ToString("000", CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var at = 0; at < digits.Length; at += 3)
        {
            if (at + 3 < digits.Length) path.Append('x').Append(digits, at, 3).Append('/');
            else path.Append(digits, at, 3);
        }

        if (IsPartial) path.Append(Partial).Append(CultureInfo.InvariantCulture, $"{Width}");
        return path.ToString();
    }

    // Takes too much on purpose: the caller compares with the one spelling that the tile has.
    private static bool TryParse(string? path, out TilePath tile)
    {
        const int LongestPath = 64;
        tile = default;
        if (path is null || path.Length > LongestPath || !path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var rest = path.AsSpan(Prefix.Length);
        var slash = rest.IndexOf('/');
        if (slash < 0) return false;
        var level = OfEntries;
        if (!rest[..slash].SequenceEqual(EntriesName) && (!TryNumber(rest[..slash], out level) || level > HighestLevel)) return false;
        rest = rest[(slash + 1)..];
        var width = FullWidth;
        var partial = rest.IndexOf(Partial, StringComparison.Ordinal);
        if (partial >= 0)
        {
            if (!TryNumber(rest[(partial + Partial.Length)..], out width) || width is < 1 or >= FullWidth) return false;
            rest = rest[..partial];
        }

        var index = 0L;
        foreach (var group in rest.Split('/'))
        {
            if (!TryNumber(rest[group].TrimStart('x'), out var three) || three > 999 || index > (long.MaxValue - three) / 1000)
                return false;
            index = (index * 1000) + three;
        }

        tile = new TilePath(level, index, width);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
