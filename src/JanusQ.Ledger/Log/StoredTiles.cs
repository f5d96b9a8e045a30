using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>
/// Reads tiles of hashes from the tables: full ones as they are stored, partial ones as they follow from the leaves (level 0) or from the
/// full tiles below (above it).
/// </summary>
/// <param name="connection">The connection to read with.</param>
internal sealed class StoredTiles(NpgsqlConnection connection)
{
    private const int TileBytes = TilePath.FullWidth * Sha256Hash.Size;

    /// <summary>Reads tiles; those that are not there are left out.</summary>
    public async Task<FetchedTiles> FetchAsync(IEnumerable<TilePath> paths, CancellationToken cancellation)
    {
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        foreach (var path in paths)
            if (!tiles.ContainsKey(path) && await ReadAsync(path, cancellation) is { } bytes) tiles.Add(path, bytes);
        return new FetchedTiles(tiles);
    }

    /// <summary>The bytes of one tile, exactly as wide as it is asked for; none where it is not there.</summary>
    public async Task<byte[]?> ReadAsync(TilePath path, CancellationToken cancellation)
    {
        if (await ReadFullAsync(path, cancellation) is { } full)
            return full.Length == TileBytes ? full[..(path.Width * Sha256Hash.Size)] : full;
        if (!path.IsPartial) return null;
        return path.Level == 0 ? await ReadLeavesAsync(path, cancellation) : await ReadRootsAsync(path, cancellation);
    }

    private async Task<byte[]?> ReadFullAsync(TilePath path, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select hashes from {LedgerStore.Schema}.log_tile where level = $1 and number = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)path.Level });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = path.Index });
        return await command.ExecuteScalarAsync(cancellation) as byte[];
    }

    private async Task<byte[]?> ReadLeavesAsync(TilePath path, CancellationToken cancellation)
    {
        var first = path.Index * TilePath.FullWidth;
        await using var command = Range(
            $"select leaf_hash from {LedgerStore.Schema}.log_leaf where log_index >= $1 and log_index < $2 order by log_index",
            first, first + path.Width);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var bytes = new byte[path.Width * Sha256Hash.Size];
        var count = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var hash = reader.GetFieldValue<byte[]>(0);
            if (hash.Length != Sha256Hash.Size) return null;
            hash.CopyTo(bytes, count++ * Sha256Hash.Size);
        }

        return count == path.Width ? bytes : null;
    }

    private async Task<byte[]?> ReadRootsAsync(TilePath path, CancellationToken cancellation)
    {
        var first = path.Index * TilePath.FullWidth;
        await using var command = Range(
            $"""
            select hashes from {LedgerStore.Schema}.log_tile
            where level = {path.Level - 1} and number >= $1 and number < $2 order by number
            """,
            first,
            first + path.Width);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var bytes = new byte[path.Width * Sha256Hash.Size];
        var count = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var hashes = reader.GetFieldValue<byte[]>(0);
            if (hashes.Length != TileBytes) return null;
            var frontier = new MerkleFrontier();
            frontier.Append(MemoryMarshal.Cast<byte, Sha256Hash>(hashes));
            frontier.Root().Bytes.CopyTo(bytes.AsSpan(count++ * Sha256Hash.Size));
        }

        return count == path.Width ? bytes : null;
    }

    private NpgsqlCommand Range(string sql, long first, long end)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = end });
        return command;
    }
}
