using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace JanusQ.Ledger.Safety;

/// <summary>
/// The safety controls as they stand, written with their events. An event that the fold does not know is an error, never passed over.
/// </summary>
public sealed partial class SafetyProjection : SingleStreamProjection<SafetyControls, string>
{
    /// <summary>Names the projection after what it keeps.</summary>
    public SafetyProjection() => Name = nameof(SafetyControls);

    /// <inheritdoc />
    public override SafetyControls Evolve(SafetyControls? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not SafetyEvent happened)
            throw new UnknownCandidateEventException($"The stream {id} holds a {e.EventTypeName}, which is no event of safety controls.");
        return (snapshot ?? SafetyControls.Unrehearsed).After(happened);
    }
}
