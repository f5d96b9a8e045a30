using System.Collections.Immutable;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>Where a document is not as its contract says.</summary>
/// <param name="Field">
/// The member, as JSON names it: <c>documents.tca_metrics</c>, <c>kept[3].note</c>; <see cref="WholeBody"/> where it is none.
/// </param>
/// <param name="Expectation">What is expected there.</param>
internal sealed record ContractFault(string Field, string Expectation)
{
    /// <summary>The field of what is wrong with a body as a whole.</summary>
    public const string WholeBody = "body";

    /// <summary>All members that are missing beside each other; none where something else is wrong.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}
