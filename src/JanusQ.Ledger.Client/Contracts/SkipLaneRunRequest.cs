using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Records a window without signals.</summary>
public sealed record SkipLaneRunRequest
{
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
