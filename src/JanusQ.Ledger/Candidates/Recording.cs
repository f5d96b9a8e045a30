using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Candidates;

/// <summary>What became of a command, and where its stream stands.</summary>
public abstract record StreamRecording
{
    /// <summary>Recorded, unchanged, conflict or refused.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>Number of events in the stream; 0 if there is none.</summary>
    public long StreamVersion { get; init; }

    /// <summary>The sequence of the last event that was appended now; none if nothing was.</summary>
    public long? LastSequence { get; init; }

    /// <summary>Number of events that were appended now.</summary>
    public int Appended { get; init; }

    /// <summary>For a refusal the reason.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>What became of a command about a candidate, and where the candidate's stream stands.</summary>
public sealed record Recording : StreamRecording
{
    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The evaluation, where the command is about one.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The approval, where the command is about one.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Number of events in the candidate's stream; 0 if there is none.</summary>
    public long CandidateVersion
    {
        get => StreamVersion;
        init => StreamVersion = value;
    }

    /// <summary>For a conflict everything that differs.</summary>
    public ImmutableArray<SubmissionDifference> Differences { get; init; } = [];
}
