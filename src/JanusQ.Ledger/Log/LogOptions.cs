using System.Collections.Immutable;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Log;

/// <summary>How the transparency log is kept (audit.md section 3).</summary>
public sealed record LogOptions
{
    /// <summary>The keys; their name is the log's origin.</summary>
    public required LogKeyRing Keys { get; init; }

    /// <summary>
    /// File in which the holder of the key remembers what it signed last, beside the database; none remembers nothing. Each program that
    /// signs has one of its own.
    /// </summary>
    public string? MemoryFile { get; init; }

    /// <summary>A checkpoint is signed once so many events are new.</summary>
    public int CheckpointEvents { get; init; } = 10_000;

    /// <summary>A checkpoint is signed once anything is new and the last one is so old.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Events taken in one transaction at most.</summary>
    public int BatchEvents { get; init; } = 5_000;

    /// <summary>How often it is looked for new events.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is looked whether a transaction that holds up the log has ended.</summary>
    public TimeSpan GapInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long somebody waits before trying again to become the one who writes, or to reach the database.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where every new checkpoint is handed to: folders, and addresses that take it by HTTP.</summary>
    public ImmutableArray<string> PublishTo { get; init; } = [];

    /// <summary>The policy with the witnesses that are asked to cosign, and what counts as enough of them; none asks nobody.</summary>
    public WitnessPolicy? Policy { get; init; }
}
