namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A request to change one stream of the ledger.</summary>
public abstract record LedgerCommand
{
    /// <summary>Who asks.</summary>
    public required Submitter By { get; init; }

    /// <summary>
    /// The key of the stream. One that cannot be named leads to a stream that never exists, so that the decider gets to refuse it.
    /// </summary>
    public abstract string Stream { get; }

    /// <summary>
    /// The version that the caller saw of what it changes (number of events); none where any will do. Where it is another by now, the
    /// command is refused as <c>version_changed</c>, unless what it asks for is so already.
    /// </summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Why a command that was made for another version is refused; none if it was made for this one, or for any.</summary>
    /// <param name="current">The version of what it changes.</param>
    public Refusal? CheckVersion(long current) =>
        ExpectedVersion is { } expected && expected != current ? CommandRefusals.VersionChanged(expected, current) : null;
}
