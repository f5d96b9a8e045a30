using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Says that a lane run ended without a result.</summary>
public sealed record FailLaneRunRequest
{
    /// <summary>An example.</summary>
    public static FailLaneRunRequest Example { get; } = new()
    {
        RunId = "0123456789abcdef01234567",
        ErrorCode = "plugin_not_found",
        Message = "no enabled strategy has a plugin that exists",
    };

    /// <summary>The run.</summary>
    [Description("The run, 24 lower-case hex digits.")]
    [RegularExpression(Forms.Id)]
    public required string RunId { get; init; }

    /// <summary>The evaluation; none if the run was refused before one was started.</summary>
    [Description("The evaluation; null if the run was refused before one was started.")]
    [RegularExpression(Forms.Id)]
    public string? EvaluationId { get; init; }

    /// <summary>A code.</summary>
    [Description("A code: 1 to 100 of a-z 0-9 _.")]
    [RegularExpression("^[a-z0-9_]{1,100}$")]
    public required string ErrorCode { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("A sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Message { get; init; }
}
