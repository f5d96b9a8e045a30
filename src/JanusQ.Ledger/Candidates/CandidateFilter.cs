using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Candidates;

/// <summary>Which candidates are asked for: those that are all of what is said.</summary>
public sealed record CandidateFilter
{
    /// <summary>Every candidate.</summary>
    public static readonly CandidateFilter None = new();

    /// <summary>At this stage.</summary>
    public CandidateStage? Stage { get; init; }

    /// <summary>Evaluated last for this target.</summary>
    public PromotionTarget? Target { get; init; }

    /// <summary>The latest decision gives this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>An evaluation ran with the gate policy whose bytes have this hash.</summary>
    public Sha256Hash? GatePolicySha256 { get; init; }

    /// <summary>The latest event happened then or later.</summary>
    public Instant? ChangedSince { get; init; }

    /// <summary>The latest event happened before.</summary>
    public Instant? ChangedUntil { get; init; }
}
