using JanusQ.Ledger.Ingest;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>How many bytes the server takes at once. One document alone may have as many as the ledger stores.</summary>
public sealed record UploadLimits
{
    /// <summary>Bytes of one document up to which it is held in memory; a larger one is compressed and hashed while it arrives.</summary>
    public long InMemory { get; init; } = 1L << 20;

    /// <summary>
    /// Bytes of all larger bodies together at a time. While one is compressed and stored, each of its bytes takes up to two and a half in
    /// memory.
    /// </summary>
    public long AtOnce { get; init; } = 512L << 20;

    /// <summary>Bytes of a request with several artifacts at most.</summary>
    public long Batch { get; init; } = 64L << 20;

    /// <summary>How much an archive of a finished lane may hold.</summary>
    public LaneArchiveLimits LaneArchive { get; init; } = new();
}
