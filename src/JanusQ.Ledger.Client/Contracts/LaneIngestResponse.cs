using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of a finished lane: the run as it was recorded, and the decision about it.</summary>
public sealed record LaneIngestResponse
{
    /// <summary>An example.</summary>
    public static LaneIngestResponse Example { get; } = new()
    {
        Run = RecordingResponse.Example,
        RunId = "0123456789abcdef01234567",
        Target = "paper",
        Promotion = PromotionResponse.Example,
    };

    /// <summary>What became of the run.</summary>
    [Description("What became of the run.")]
    public required RecordingResponse Run { get; init; }

    /// <summary>The run, which follows from its documents.</summary>
    public required string RunId { get; init; }

    /// <summary>The target that the run was made for.</summary>
    public required string Target { get; init; }

    /// <summary>What was decided.</summary>
    [Description("What was decided about it.")]
    public required PromotionResponse Promotion { get; init; }
}
