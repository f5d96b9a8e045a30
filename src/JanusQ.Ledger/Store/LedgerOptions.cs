using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Store;

/// <summary>What a ledger may be opened on all the same, if somebody says so.</summary>
[Flags]
public enum AcceptedRisks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// The connection's role could change recorded events: it owns the tables, is a superuser, or has rights that it should not have. So it
    /// is wherever one role does everything, as in the embedded cluster.
    /// </summary>
    OwnerConnection = 1,

    /// <summary>The server may lose what it said was committed when its machine stops. For tests.</summary>
    VolatileServer = 2,
}

/// <summary>How a ledger is reached and what it allows.</summary>
public sealed record LedgerOptions
{
    /// <summary>Bytes of one document at most, unless said otherwise: 256 MiB.</summary>
    public const long DefaultLargestContent = 256L * 1024 * 1024;

    /// <summary>The PostgreSQL database.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Whether opening the ledger applies the migrations that its database has not. That suits a private database: the program's own, a
    /// demo's, a test's. Where several people depend on one, <c>janusq db migrate</c> does it, as another role than the program connects
    /// as.
    /// </summary>
    public bool CreateSchema { get; init; }

    /// <summary>Risks that are known and taken, and for which opening the ledger is not refused.</summary>
    public AcceptedRisks Accept { get; init; }

    /// <summary>Bytes of one document at most, before compression.</summary>
    public long LargestContent { get; init; } = DefaultLargestContent;

    /// <summary>Where "now" comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether the asynchronous projections run in this program (one of several takes the lead). A command line catches up when it asks.
    /// </summary>
    public bool RunProjections { get; init; }

    /// <summary>How decisions are handed out as they are made.</summary>
    public DecisionFeedOptions Feed { get; init; } = new();

    /// <summary>How the transparency log is kept; none where this program has no key for it and only reads it.</summary>
    public LogOptions? Log { get; init; }

    /// <summary>
    /// Whether this program writes the transparency log in the background (one of several does). A command line catches up when it asks.
    /// </summary>
    public bool RunLog { get; init; }
}
