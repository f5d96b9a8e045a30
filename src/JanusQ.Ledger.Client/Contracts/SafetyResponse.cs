using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of a command about safety controls.</summary>
public sealed record SafetyResponse
{
    /// <summary>An example.</summary>
    public static SafetyResponse Example { get; } = new()
    {
        Outcome = RecordingResponse.Recorded,
        KillSwitchEngaged = true,
        Version = 7,
        Appended = 1,
        LastSequence = 4711,
    };

    /// <summary><c>recorded</c>, or <c>unchanged</c> where it was so already.</summary>
    [Description("recorded, or unchanged where it was so already.")]
    public required string Outcome { get; init; }

    /// <summary>Whether the kill switch is engaged now.</summary>
    public required bool KillSwitchEngaged { get; init; }

    /// <summary>Number of events of the safety controls: their version.</summary>
    public required long Version { get; init; }

    /// <summary>Number of events that were appended now.</summary>
    public required int Appended { get; init; }

    /// <summary>Sequence of the event that was appended now.</summary>
    public long? LastSequence { get; init; }
}
