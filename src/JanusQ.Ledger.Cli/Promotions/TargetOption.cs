using System.CommandLine;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Cli.Promotions;

/// <summary>The option that names a target.</summary>
internal static class TargetOption
{
    private static readonly string[] Names = [.. PromotionTargets.All.Select(target => target.Name())];

    public static Option<string?> Optional(string description)
    {
        var option = new Option<string?>("--target") { Description = description };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    public static Option<string> Required(string description)
    {
        var option = new Option<string>("--target") { Description = description, Required = true };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    public static PromotionTarget? Read(ParseResult parsed, Option<string?> option) =>
        PromotionTargets.TryParse(parsed.GetValue(option), out var target) ? target : null;

    public static PromotionTarget ReadRequired(ParseResult parsed, Option<string> option) =>
        PromotionTargets.TryParse(parsed.GetRequiredValue(option), out var target)
            ? target
            : throw new ArgumentException("The parser lets only targets through.");
}
