using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of the place of a target's champion.</summary>
public sealed record PlaceResponse
{
    /// <summary>An example.</summary>
    public static PlaceResponse Example { get; } = new()
    {
        Outcome = RecordingResponse.Recorded,
        CandidateId = "cand-0123456789ab",
        Target = "paper",
        Champion = "cand-ba9876543210",
        PlaceVersion = 5,
        Appended = 4,
    };

    /// <summary><c>recorded</c>, or <c>unchanged</c> where the same was done before: then the answer is that of then.</summary>
    [Description("recorded, or unchanged where the same was done before: then the answer is that of then.")]
    public required string Outcome { get; init; }

    /// <summary>The candidate that left the place.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>Who is champion after it; none if nobody is.</summary>
    public string? Champion { get; init; }

    /// <summary>Why the predecessor did not come back on a roll back; none if it did, or there was none.</summary>
    public string? NotReinstated { get; init; }

    /// <summary>Number of events in the place's stream after it: its version.</summary>
    public required long PlaceVersion { get; init; }

    /// <summary>Number of events that were appended now, to all streams together.</summary>
    public required int Appended { get; init; }
}
