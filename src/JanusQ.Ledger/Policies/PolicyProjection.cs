using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace JanusQ.Ledger.Policies;

/// <summary>
/// The policies of one name as they stand, written with their events. An event that the fold does not know is an error, never passed over.
/// </summary>
public sealed partial class PolicyProjection : SingleStreamProjection<PolicyBook, string>
{
    /// <summary>Names the projection after what it keeps.</summary>
    public PolicyProjection() => Name = nameof(PolicyBook);

    /// <inheritdoc />
    public override PolicyBook Evolve(PolicyBook? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not PolicyEvent happened)
            throw new UnknownCandidateEventException($"The stream {id} holds a {e.EventTypeName}, which is no event of policies.");
        return (snapshot ?? PolicyBook.Empty(PolicyBook.NameOfStream(id))).After(happened);
    }
}
