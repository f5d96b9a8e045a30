using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace JanusQ.Ledger.Candidates;

/// <summary>
/// The candidate's current state, written with its events. An event that the fold does not know is an error, never passed over.
/// </summary>
public sealed partial class CandidateProjection : SingleStreamProjection<Candidate, string>
{
    /// <summary>Names the projection after what it keeps.</summary>
    public CandidateProjection() => Name = nameof(Candidate);

    /// <inheritdoc />
    public override Candidate Evolve(Candidate? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not CandidateEvent happened)
            throw new UnknownCandidateEventException($"The stream {id} holds a {e.EventTypeName}, which is no candidate's event.");
        return snapshot is null ? Candidate.From(CandidateIdentity.CandidateOfStream(id), happened) : snapshot.After(happened);
    }
}
