using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Store;

/// <summary>How a ledger is reached and what it allows.</summary>
public sealed record LedgerOptions
{
    /// <summary>Bytes of one document at most, unless said otherwise: 256 MiB.</summary>
    public const long DefaultLargestContent = 256L * 1024 * 1024;

    /// <summary>The PostgreSQL database.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Whether the program may create and change tables. True suits a private database; where several people depend on one, migrations
    /// apply
    /// the schema and this is false: a table that is missing is then an error.
    /// </summary>
    public bool CreateSchema { get; init; }

    /// <summary>Bytes of one document at most, before compression.</summary>
    public long LargestContent { get; init; } = DefaultLargestContent;

    /// <summary>Where "now" comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether the asynchronous projections run in this program (one of several takes the lead). A command line catches up when it asks.
    /// </summary>
    public bool RunProjections { get; init; }

    /// <summary>How the transparency log is kept; none where this program has no key for it and only reads it.</summary>
    public LogOptions? Log { get; init; }

    /// <summary>
    /// Whether this program writes the transparency log in the background (one of several does). A command line catches up when it asks.
    /// </summary>
    public bool RunLog { get; init; }
}
