using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Policies;

/// <summary>The policies of one name as they stand.</summary>
public sealed partial class PolicyProjection : StreamProjection<PolicyBook, PolicyEvent>
{
    /// <inheritdoc />
    protected override PolicyBook After(PolicyBook? state, string stream, PolicyEvent happened) =>
        (state ?? PolicyBook.Empty(PolicyBook.NameOfStream(stream))).After(happened);
}
