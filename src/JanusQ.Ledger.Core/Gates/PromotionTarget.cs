using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>What a candidate may be promoted to; the number is the rank (gates-and-policy.md section 1).</summary>
public enum PromotionTarget
{
    /// <summary>Runs beside the champion without orders.</summary>
    Shadow = 1,

    /// <summary>Trades on paper.</summary>
    Paper = 2,

    /// <summary>Trades with money.</summary>
    Live = 3,
}

/// <summary>The names of targets. Nothing else is a target, of whatever type (D8).</summary>
public static class PromotionTargets
{
    /// <summary>All targets by rank.</summary>
    public static IReadOnlyList<PromotionTarget> All { get; } = [PromotionTarget.Shadow, PromotionTarget.Paper, PromotionTarget.Live];

    /// <summary><c>shadow</c>, <c>paper</c> or <c>live</c>.</summary>
    public static string Name(this PromotionTarget target) => target switch
    {
        PromotionTarget.Shadow => "shadow",
        PromotionTarget.Paper => "paper",
        PromotionTarget.Live => "live",
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "There are three targets."),
    };

    /// <summary>1 for shadow, 2 for paper, 3 for live; 0 for every other text.</summary>
    public static int RankOf(string? name) => name switch { "shadow" => 1, "paper" => 2, "live" => 3, _ => 0 };

    /// <summary>Reads a target by its exact name.</summary>
    public static bool TryParse(string? name, out PromotionTarget target)
    {
        target = (PromotionTarget)RankOf(name);
        return target != 0;
    }

    /// <summary>Reads a target from a JSON value; false for everything but the three texts.</summary>
    public static bool TryRead(JsonValue? value, out PromotionTarget target) => TryParse((value as JsonText)?.Value, out target);

    /// <summary>Reads a target from a JSON value.</summary>
    /// <exception cref="RefusedException"><c>unknown_promotion_target</c>.</exception>
    public static PromotionTarget Read(JsonValue? value) =>
        TryRead(value, out var target) ? target : throw new RefusedException(EvaluationDocuments.UnknownTarget(value));
}
