using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Records a window without signals.</summary>
public sealed record SkipLaneRunRequest
{
    /// <summary>An example.</summary>
    public static SkipLaneRunRequest Example { get; } = new()
    {
        RunId = "0123456789abcdef01234567",
        Reason = "no signals in the window",
        WindowStart = "2026-02-24T00:00:00Z",
        WindowEnd = "2026-02-25T00:00:00Z",
    };

    /// <summary>The run, whose id names window and reason (lane.md section 23).</summary>
    [Description("The run, 24 lower-case hex digits.")]
    [RegularExpression(Forms.Id)]
    public required string RunId { get; init; }

    /// <summary>Why there was nothing to evaluate.</summary>
    [Description("Why there was nothing to evaluate.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }

    /// <summary>Start of the window.</summary>
    [Description("Start of the window, with its offset.")]
    [RegularExpression(Forms.Instant)]
    public required string WindowStart { get; init; }

    /// <summary>End of the window, not before its start.</summary>
    [Description("End of the window, with its offset, not before its start.")]
    [RegularExpression(Forms.Instant)]
    public required string WindowEnd { get; init; }
}
