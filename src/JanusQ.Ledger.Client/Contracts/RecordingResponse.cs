using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of a command about a candidate.</summary>
public sealed record RecordingResponse
{
    /// <summary>An example for the API's description.</summary>
    public static RecordingResponse Example { get; } = new()
    {
        Outcome = Recorded,
        CandidateId = "cand-4be1a7f0c2d9",
        EvaluationId = "5d41402abc4b2a76b9719d91",
        CandidateVersion = 1,
        Appended = 1,
        LastSequence = 4711,
    };

    /// <summary>The command added to the ledger.</summary>
    public const string Recorded = "recorded";

    /// <summary>The same was recorded before; nothing changed.</summary>
    public const string Unchanged = "unchanged";

    /// <summary><c>recorded</c>, or <c>unchanged</c> where the same was recorded before.</summary>
    [Description("recorded, or unchanged where the same was recorded before.")]
    public required string Outcome { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The evaluation that the command is about.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The approval that the command is about.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Number of events in the candidate's stream: its version.</summary>
    public required long CandidateVersion { get; init; }

    /// <summary>Number of events that were appended now.</summary>
    public required int Appended { get; init; }

    /// <summary>Sequence of the last event that was appended now.</summary>
    public long? LastSequence { get; init; }
}
