namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A request to change the policies of one name.</summary>
public abstract record PolicyCommand : LedgerCommand
{
    /// <summary>The name, 1 to 60 of <c>a-z 0-9 -</c> beginning with a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>The key of the stream of the name.</summary>
    public sealed override string Stream => PolicyBook.IsName(Name) ? PolicyBook.StreamOf(Name) : PolicyBook.StreamPrefix;
}

/// <summary>Give a policy document a version.</summary>
public sealed record PublishPolicy : PolicyCommand
{
    /// <summary>The document's bytes (gates-and-policy.md section 2).</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Note { get; init; }
}

/// <summary>Make a version the one that decisions may rest on.</summary>
public sealed record ActivatePolicy : PolicyCommand
{
    /// <summary>The version; without it the latest.</summary>
    public int? Version { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Note { get; init; }
}

/// <summary>Agree to the activation of a version that enables live.</summary>
public sealed record ApprovePolicyActivation : PolicyCommand
{
    /// <summary>The version.</summary>
    public required int Version { get; init; }

    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}
