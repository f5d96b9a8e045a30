using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Agrees to one promotion, bound to run, target, policy and artifact set. It expires by one of two members.</summary>
public sealed record ApprovePromotionRequest
{
    /// <summary>An example.</summary>
    public static ApprovePromotionRequest Example { get; } = new()
    {
        Target = "paper",
        ExpiresInSeconds = 604_800,
        Reason = "evidence reviewed",
    };

    /// <summary>The evaluation that it unlocks; the latest that is complete without it.</summary>
    [Description("The evaluation that it unlocks; null for the latest that is complete.")]
    [RegularExpression(Forms.Id)]
    public string? EvaluationId { get; init; }

    /// <summary>The target that it unlocks.</summary>
    [Description("The target that it unlocks: shadow, paper or live.")]
    [AllowedValues("shadow", "paper", "live")]
    public required string Target { get; init; }

    /// <summary>From when on it no longer counts; this or <see cref="ExpiresInSeconds"/>.</summary>
    [Description("From when on it no longer counts; exactly one of this and expires_in_seconds.")]
    [RegularExpression(Forms.Instant)]
    public string? ExpiresAt { get; init; }

    /// <summary>How many seconds it counts; this or <see cref="ExpiresAt"/>.</summary>
    [Description("How many seconds it counts; exactly one of this and expires_at.")]
    [Range(1, LongestSeconds)]
    public long? ExpiresInSeconds { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }

    /// <summary>Seconds at most: ten years.</summary>
    public const int LongestSeconds = 10 * 365 * 24 * 3600;
}
