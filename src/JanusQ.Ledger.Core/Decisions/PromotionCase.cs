using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// Stored content by its hash: the bytes as they are stored, null where there are none. Bytes that do not hash to the key are found and
/// count as corrupt.
/// </summary>
/// <param name="sha256">SHA-256 of the bytes asked for.</param>
public delegate byte[]? FindContent(Sha256Hash sha256);

/// <summary>What a decision is derived from (ledger.md section 4): recorded events, recorded facts, stored content.</summary>
public sealed record PromotionCase
{
    /// <summary>The candidate up to but without the events of the decision.</summary>
    public required Candidate Candidate { get; init; }

    /// <summary>The evaluation of that candidate that is decided about.</summary>
    public required Evaluation Evaluation { get; init; }

    /// <summary>The target asked for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>What the ledger's own events say; its instant is the instant of the decision.</summary>
    public required PromotionFacts Facts { get; init; }

    /// <summary>Who asks: actor and role of the events.</summary>
    public required Submitter By { get; init; }

    /// <summary>The content store.</summary>
    public required FindContent Content { get; init; }
}
