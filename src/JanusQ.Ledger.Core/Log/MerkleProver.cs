using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// Makes many proofs of one tree: tiles that were read and nodes that were computed for one serve the next (<see cref="MerkleProofs"/>).
/// </summary>
public sealed class MerkleProver
{
    private readonly TileHashes _hashes;

    /// <summary>Proofs of the tree of the first <paramref name="size"/> leaves.</summary>
    public MerkleProver(long size, ITileSource tiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(tiles);
        Size = size;
        _hashes = new TileHashes(tiles, size);
    }

    /// <summary>Number of leaves.</summary>
    public long Size { get; }

    /// <summary>As <see cref="MerkleProofs.Root"/>.</summary>
    public Sha256Hash Root() => Size == 0 ? MerkleHash.EmptyTree : _hashes.Range(0, Size);

    /// <summary>As <see cref="MerkleProofs.Inclusion"/>.</summary>
    public ImmutableArray<Sha256Hash> Inclusion(long index) => Hashes(MerkleProofs.InclusionRanges(index, Size));

    /// <summary>As <see cref="MerkleProofs.Consistency"/>, from the tree of a smaller size to this one.</summary>
    public ImmutableArray<Sha256Hash> Consistency(long from) => Hashes(MerkleProofs.ConsistencyRanges(from, Size));

    private ImmutableArray<Sha256Hash> Hashes(List<(long Start, long End)> ranges)
    {
        var proof = ImmutableArray.CreateBuilder<Sha256Hash>(ranges.Count);
        foreach (var (start, end) in ranges) proof.Add(_hashes.Range(start, end));
        return proof.MoveToImmutable();
    }
}
