using System.Net;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Server.Tests.Reading;

namespace JanusQ.Ledger.Server.Tests.Log;

/// <summary>A client of a log that believes nothing but the log's key.</summary>
internal sealed class LogOverHttp(HttpClient client, VerifierKey key)
{
    /// <summary>The checkpoint, its signature verified.</summary>
    public async Task<SignedCheckpoint> CheckpointAsync()
    {
        var got = await Got.FromAsync(client, "/checkpoint");
        Assert.Equal((HttpStatusCode.OK, "text/plain; charset=utf-8"), (got.Status, got.Headers["Content-Type"]));
        Assert.True(SignedCheckpoint.TryParse(got.Bytes, out var signed, out var refusal), refusal?.Explanation);
        Assert.True(signed.TryVerify([key], out refusal), refusal?.Explanation);
        return signed;
    }

    /// <summary>The bytes of a tile.</summary>
    public async Task<byte[]> TileAsync(TilePath path)
    {
        var got = await Got.FromAsync(client, $"/{path}");
        Assert.Equal((HttpStatusCode.OK, "application/octet-stream"), (got.Status, got.Headers["Content-Type"]));
        return got.Bytes;
    }

    /// <summary>Tiles that were asked for.</summary>
    public async Task<FetchedTiles> TilesAsync(IEnumerable<TilePath> paths)
    {
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        foreach (var path in paths.Distinct()) tiles.Add(path, await TileAsync(path));
        return new FetchedTiles(tiles);
    }

    /// <summary>Every leaf that a checkpoint speaks for, in order; they and all tiles lead to its root.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> VerifyWholeAsync(Checkpoint checkpoint)
    {
        var (leaves, tree) = (new List<ReadOnlyMemory<byte>>(), new MerkleTree());
        for (var first = 0L; first < checkpoint.Size; first += TilePath.FullWidth)
        {
            var width = (int)Math.Min(TilePath.FullWidth, checkpoint.Size - first);
            var bundle = await TileAsync(TilePath.Entries(first / TilePath.FullWidth, width));
            Assert.True(EntryBundle.TryRead(bundle, width, out var read, out var refusal), refusal?.Explanation);
            leaves.AddRange(read);
            foreach (var leaf in read) tree.Append(MerkleHash.Leaf(leaf.Span));
        }

        Assert.Equal(checkpoint.Root, tree.Root());
        var made = tree.TakeChanged().ToDictionary(tile => tile.Path, tile => tile.Hashes);
        var paths = TileGrowth.Tiles(checkpoint.Size).ToArray();
        Assert.Equal(made.Keys.ToHashSet(), paths.ToHashSet());
        foreach (var path in paths) Assert.Equal(made[path].ToArray(), await TileAsync(path));
        Assert.Equal(checkpoint.Root, MerkleProofs.Root(checkpoint.Size, await TilesAsync(MerkleProofs.TilesOfRoot(checkpoint.Size))));
        return leaves;
    }
}
