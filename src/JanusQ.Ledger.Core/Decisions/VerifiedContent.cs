using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>How content was found.</summary>
internal enum ContentState
{
    /// <summary>The bytes are there and hash to their key.</summary>
    Verified,

    /// <summary>There are no bytes.</summary>
    Missing,

    /// <summary>There are bytes that do not hash to their key.</summary>
    Corrupt,
}

/// <summary>Stored content that is believed only where its bytes hash to their key; each is fetched and hashed once.</summary>
internal sealed class VerifiedContent(FindContent find)
{
    private readonly Dictionary<Sha256Hash, (ContentState State, byte[]? Bytes)> _read = [];

    /// <summary>What was asked for and is not there, sorted.</summary>
    public ImmutableArray<Sha256Hash> Missing => In(ContentState.Missing);

    /// <summary>What was asked for and is not what its key says, sorted.</summary>
    public ImmutableArray<Sha256Hash> Corrupt => In(ContentState.Corrupt);

    /// <summary>How the content of a hash was found.</summary>
    /// <param name="sha256">The key.</param>
    /// <param name="bytes">The bytes if they are verified, else null.</param>
    public ContentState Read(Sha256Hash sha256, out byte[]? bytes)
    {
        if (!_read.TryGetValue(sha256, out var known))
        {
            var stored = find(sha256);
            known = stored is null ? (ContentState.Missing, null)
                : Sha256Hash.Of(stored) == sha256 ? (ContentState.Verified, stored)
                : (ContentState.Corrupt, stored);
            _read.Add(sha256, known);
        }

        bytes = known.State == ContentState.Verified ? known.Bytes : null;
        return known.State;
    }

    /// <summary>The bytes as they are stored, verified or not; for a derivation that verifies them itself.</summary>
    public byte[]? FindStored(Sha256Hash sha256)
    {
        Read(sha256, out _);
        return _read[sha256].Bytes;
    }

    /// <summary>The bytes if they are verified, else null.</summary>
    public byte[]? Find(Sha256Hash sha256)
    {
        Read(sha256, out var bytes);
        return bytes;
    }

    private ImmutableArray<Sha256Hash> In(ContentState state) =>
    [
        .. _read.Where(entry => entry.Value.State == state).Select(entry => entry.Key)
            .OrderBy(hash => hash.ToString(), StringComparer.Ordinal),
    ];
}
