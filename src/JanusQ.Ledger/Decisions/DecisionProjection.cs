using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Projections;

namespace JanusQ.Ledger.Decisions;

/// <summary>Keeps one <see cref="Decision"/> a decision, behind the events.</summary>
public sealed partial class DecisionProjection : MultiStreamProjection<Decision, string>
{
    /// <summary>Says which decision each event is about.</summary>
    public DecisionProjection()
    {
        Name = nameof(Decision);
        IncludeType<LedgerEvent>();
        Identity<IEvent<GateMatrixEvaluated>>(e => KeyOf(e, e.Data.DecisionId));
        Identity<IEvent<PrerequisitesEvaluated>>(e => KeyOf(e, e.Data.DecisionId));
        Identity<IEvent<RollbackReadinessEvaluated>>(e => KeyOf(e, e.Data.DecisionId));
        Identity<IEvent<PromotionDecided>>(e => KeyOf(e, e.Data.DecisionId));
    }

    /// <summary>The decision that an event is about, or none.</summary>
    public static IReadOnlyList<string> KeysOf(IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var decision = e.Data switch
        {
            GateMatrixEvaluated evaluated => evaluated.DecisionId,
            PrerequisitesEvaluated evaluated => evaluated.DecisionId,
            RollbackReadinessEvaluated evaluated => evaluated.DecisionId,
            PromotionDecided decided => decided.DecisionId,
            _ => null,
        };
        return decision is null ? [] : [KeyOf(e, decision)];
    }

    /// <inheritdoc />
    public override Decision Evolve(Decision? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not CandidateEvent happened)
            throw new UnknownCandidateEventException($"The stream {e.StreamKey} holds a {e.EventTypeName}, which is no candidate's event.");
        var decision = snapshot ?? new Decision
        {
            Id = id,
            CandidateId = CandidateIdentity.CandidateOfStream(e.StreamKey!),
            DecisionId = id[(id.LastIndexOf('/') + 1)..],
        };
        return decision.After(happened, e.Sequence);
    }

    private static string KeyOf(IEvent e, string decisionId) =>
        Decision.KeyOf(CandidateIdentity.CandidateOfStream(e.StreamKey!), decisionId);
}
