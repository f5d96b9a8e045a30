using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Candidates;

/// <summary>What became of a command, and where the candidate's stream stands.</summary>
public sealed record Recording
{
    /// <summary>Recorded, unchanged, conflict or refused.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The evaluation, where the command is about one.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>Number of events in the candidate's stream; 0 if there is none.</summary>
    public long CandidateVersion { get; init; }

    /// <summary>The sequence of the last event that was appended now; none if nothing was.</summary>
    public long? LastSequence { get; init; }

    /// <summary>Number of events that were appended now.</summary>
    public int Appended { get; init; }

    /// <summary>For a conflict everything that differs.</summary>
    public ImmutableArray<SubmissionDifference> Differences { get; init; } = [];

    /// <summary>For a refusal the reason.</summary>
    public Refusal? Refusal { get; init; }
}
