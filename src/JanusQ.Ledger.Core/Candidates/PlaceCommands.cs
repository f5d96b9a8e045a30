using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Decide whether an evaluation's candidate may be promoted (ledger.md section 4).</summary>
public sealed record RequestPromotion : CandidateCommand
{
    /// <summary>The evaluation; the one that was completed last if none is named.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The target; the one that the run was made for if none is named.</summary>
    public PromotionTarget? Target { get; init; }
}

/// <summary>Take a champion from its place; nobody takes it. The version that it may expect is that of the place.</summary>
public sealed record DemoteChampion : CandidateCommand
{
    /// <summary>The target that it is champion of.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// Take a champion from its place, bring its predecessor back, and bar its evidence from being promoted again until an operator clears it.
/// The version that it may expect is that of the place.
/// </summary>
public sealed record RollBackChampion : CandidateCommand
{
    /// <summary>The target that it is champion of.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}
