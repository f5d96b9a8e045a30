using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Compliance;

/// <summary>Which decisions are asked for: those that are all of what is said.</summary>
public sealed record DecisionFilter
{
    /// <summary>Every decision.</summary>
    public static readonly DecisionFilter None = new();

    /// <summary>About this candidate.</summary>
    public string? CandidateId { get; init; }

    /// <summary>For this target.</summary>
    public PromotionTarget? Target { get; init; }

    /// <summary>With this verdict.</summary>
    public PromotionAction? Action { get; init; }

    /// <summary>Giving this reason, among others perhaps.</summary>
    public string? Reason { get; init; }

    /// <summary>Made then or later.</summary>
    public Instant? Since { get; init; }

    /// <summary>Made before.</summary>
    public Instant? Until { get; init; }
}
