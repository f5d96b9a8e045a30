namespace JanusQ.Ledger.Core.Candidates;

/// <summary>What a candidate may be promoted to (ledger.md section 1). Ordered: shadow &lt; paper &lt; live.</summary>
public enum PromotionTarget
{
    /// <summary>Runs beside, trades nothing.</summary>
    Shadow,

    /// <summary>Trades on paper.</summary>
    Paper,

    /// <summary>Trades with money.</summary>
    Live,
}

/// <summary>The texts of targets.</summary>
public static class PromotionTargetText
{
    /// <summary>The text of a target in documents and events.</summary>
    public static string ToText(this PromotionTarget target) => target switch
    {
        PromotionTarget.Shadow => "shadow",
        PromotionTarget.Paper => "paper",
        PromotionTarget.Live => "live",
        _ => throw new ArgumentOutOfRangeException(nameof(target)),
    };

    /// <summary>Reads a target; false for any other text (D8: unknown targets are never taken for a known one).</summary>
    public static bool TryParse(string? text, out PromotionTarget target)
    {
        (var known, target) = text switch
        {
            "shadow" => (true, PromotionTarget.Shadow),
            "paper" => (true, PromotionTarget.Paper),
            "live" => (true, PromotionTarget.Live),
            _ => (false, default),
        };
        return known;
    }
}
