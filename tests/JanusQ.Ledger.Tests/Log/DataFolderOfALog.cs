using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>A folder that a log is published to, and what an auditor does with it who has nothing else.</summary>
internal sealed class DataFolderOfALog : IDisposable, ITileSource
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-log-");

    public string Path => _folder.FullName;

    /// <summary>
    /// Verifies that the checkpoint is signed, that its root follows from the tiles and from the leaves in the bundles, and that every leaf
    /// is one.
    /// </summary>
    /// <returns>Number of leaves.</returns>
    public long Verify(VerifierKey key)
    {
        var note = File.ReadAllBytes(System.IO.Path.Combine(Path, "checkpoint"));
        Assert.True(SignedCheckpoint.TryParse(note, out var signed, out var refusal), refusal?.Explanation);
        Assert.True(signed.TryVerify([key], out refusal), refusal?.Explanation);
        var size = signed.Checkpoint.Size;
        Assert.Equal(signed.Checkpoint.Root, MerkleProofs.Root(size, this));
        var frontier = new MerkleFrontier();
        foreach (var bundle in TileGrowth.ChangedEntries(0, size))
        {
            Assert.True(EntryBundle.TryRead(Read(bundle)!.Value, bundle.Width, out var leaves, out refusal), refusal?.Explanation);
            foreach (var leaf in leaves)
            {
                Assert.True(LogLeaf.TryParse(leaf.Span, out _, out refusal), refusal?.Explanation);
                frontier.Append(MerkleHash.Leaf(leaf.Span));
            }
        }

        Assert.Equal(signed.Checkpoint.Root, frontier.Root());
        Assert.All(TileGrowth.Tiles(size), tile => Assert.Equal(tile.Width * Sha256Hash.Size, Read(tile)!.Value.Length));
        return size;
    }

    public ReadOnlyMemory<byte>? Read(TilePath tile)
    {
        var file = System.IO.Path.Combine(Path, tile.ToString());
        return File.Exists(file) ? File.ReadAllBytes(file) : default(ReadOnlyMemory<byte>?);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
