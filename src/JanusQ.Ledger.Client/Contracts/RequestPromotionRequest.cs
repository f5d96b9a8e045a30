using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Asks whether a candidate may be promoted: the ledger decides from stored evidence and recorded facts alone.</summary>
public sealed record RequestPromotionRequest
{
    /// <summary>An example.</summary>
    public static RequestPromotionRequest Example { get; } = new()
    {
        EvaluationId = "89abcdef0123456789abcdef",
        Target = "paper",
    };

    /// <summary>The evaluation to decide about; the one completed last without it.</summary>
    [Description("The evaluation to decide about; null for the one completed last.")]
    [RegularExpression(Forms.Id)]
    public string? EvaluationId { get; init; }

    /// <summary>The target; the one that the run was made for without it.</summary>
    [Description("The target: shadow, paper or live; null for the one that the run was made for.")]
    [AllowedValues("shadow", "paper", "live", null)]
    public string? Target { get; init; }
}
