namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A request to change one stream of the ledger.</summary>
public abstract record LedgerCommand
{
    /// <summary>Who asks.</summary>
    public required Submitter By { get; init; }

    /// <summary>The key of the stream. One that cannot be named leads to a stream that never exists, so that the decider gets to refuse it.</summary>
    public abstract string Stream { get; }
}
