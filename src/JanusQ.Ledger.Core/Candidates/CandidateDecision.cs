using System.Collections.Immutable;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>What a command comes to.</summary>
public enum CommandOutcome
{
    /// <summary>It changes something: there are events to append.</summary>
    Recorded,

    /// <summary>All of it is recorded already: nothing to append.</summary>
    Unchanged,

    /// <summary>It contradicts what is recorded. There is an event to append only if this contradiction is new.</summary>
    Conflict,

    /// <summary>It is refused; nothing is recorded.</summary>
    Refused,
}

/// <summary>The candidate decider's answer.</summary>
public sealed record CandidateDecision : StreamDecision<CandidateEvent>
{
    /// <summary>Nothing to do.</summary>
    public static readonly CandidateDecision Unchanged = new() { Outcome = CommandOutcome.Unchanged };

    /// <summary>For a conflict everything that differs, recorded before or not.</summary>
    public ImmutableArray<SubmissionDifference> Differences { get; init; } = [];

    /// <summary>The approval that a command granted, found or took back, else none.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Something is to be appended.</summary>
    public static CandidateDecision Record(params ImmutableArray<CandidateEvent> events) =>
        new() { Outcome = CommandOutcome.Recorded, Events = events };

    /// <summary>Refused for a reason.</summary>
    public static CandidateDecision Refuse(Refusal refusal) => new() { Outcome = CommandOutcome.Refused, Refusal = refusal };
}
