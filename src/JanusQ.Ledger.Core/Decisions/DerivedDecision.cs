using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>A document that a decision made and names by hash: it is stored with the events.</summary>
/// <param name="Sha256">SHA-256 of the bytes.</param>
/// <param name="Bytes">Canonical JSON.</param>
public sealed record DerivedDocument(Sha256Hash Sha256, byte[] Bytes)
{
    /// <summary>The canonical JSON of a value as a document.</summary>
    public static DerivedDocument Of(JsonValue value)
    {
        var bytes = CanonicalJson.Bytes(value);
        return new DerivedDocument(Sha256Hash.Of(bytes), bytes);
    }
}

/// <summary>A decision as it was derived: its four events, the documents that they name, and the recommendation behind them.</summary>
public sealed record DerivedDecision
{
    /// <summary>The decision, 24 lower-case hex digits.</summary>
    public string DecisionId => Decided.DecisionId;

    /// <summary>The gate matrix.</summary>
    public required GateMatrixEvaluated Gates { get; init; }

    /// <summary>The prerequisites.</summary>
    public required PrerequisitesEvaluated Prerequisites { get; init; }

    /// <summary>The rollback readiness.</summary>
    public required RollbackReadinessEvaluated Rollback { get; init; }

    /// <summary>The verdict.</summary>
    public required PromotionDecided Decided { get; init; }

    /// <summary>The recommendation that the verdict states.</summary>
    public required PromotionRecommendation Recommendation { get; init; }

    /// <summary>Policy, gate inputs and gate report, as far as there are any, each by the hash that the events name.</summary>
    public required ImmutableArray<DerivedDocument> Documents { get; init; }

    /// <summary>The four events in the order in which they are appended.</summary>
    public ImmutableArray<CandidateEvent> Events => [Gates, Prerequisites, Rollback, Decided];
}
