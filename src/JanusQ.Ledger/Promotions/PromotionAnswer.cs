using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Promotions;

/// <summary>What became of a promotion request.</summary>
public sealed record PromotionAnswer
{
    /// <summary>Recorded, unchanged (the same was decided before), or refused (there is nothing to decide about).</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The decision, recorded now or before; none if the request was refused.</summary>
    public PromotionDecided? Decision { get; init; }

    /// <summary>Number of events in the candidate's stream.</summary>
    public long CandidateVersion { get; init; }

    /// <summary>Number of events that were appended now, to all streams together.</summary>
    public int Appended { get; init; }

    /// <summary>The champion that the promotion demoted, or none.</summary>
    public string? Demoted { get; init; }

    /// <summary>For a refusal the reason.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>What became of a command about the place of a champion.</summary>
public sealed record PlaceAnswer
{
    /// <summary>Recorded, unchanged (the same was done before: the answer is that of then), or refused.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>The candidate that the command names.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The target.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>Who is champion after it, or instead where it was refused; none if nobody is.</summary>
    public string? Champion { get; init; }

    /// <summary>Number of events in the place's stream after it; 0 where the command was refused.</summary>
    public long PlaceVersion { get; init; }

    /// <summary>Why the predecessor did not come back on a roll back; none if it did or there was none.</summary>
    public string? NotReinstated { get; init; }

    /// <summary>Number of events that were appended now, to all streams together.</summary>
    public int Appended { get; init; }

    /// <summary>For a refusal the reason.</summary>
    public Refusal? Refusal { get; init; }
}
