using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>Options that hold an instant or a duration, checked while the command line is read.</summary>
internal static class InstantOption
{
    private const int LongestDurationDays = 36_500;

    /// <summary>Refuses a text that is no timestamp.</summary>
    public static Option<string> HoldingAnInstant(this Option<string> option)
    {
        option.Validators.Add(result => Check(option.Name, result.GetValueOrDefault<string>(), result.AddError));
        return option;
    }

    /// <summary>Refuses a text that is no timestamp.</summary>
    public static Option<string?> HoldingAnInstantOrNothing(this Option<string?> option)
    {
        option.Validators.Add(result => Check(option.Name, result.GetValueOrDefault<string?>(), result.AddError));
        return option;
    }

    /// <summary>Refuses a text that is no duration.</summary>
    public static Option<string?> HoldingADuration(this Option<string?> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && DurationOf(text) is null)
                result.AddError($"{option.Name} '{text}' is not a duration such as 30m, 12h, 7d or 2w.");
        });
        return option;
    }

    /// <summary>A whole number with its unit: s, m, h, d or w. None for every other text, and for more than 100 years.</summary>
    public static TimeSpan? DurationOf(string text)
    {
        if (text.Length < 2
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var seconds = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => 0 } * number;
        return seconds > 0 && seconds <= LongestDurationDays * 86_400L ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static void Check(string name, string? text, Action<string> addError)
    {
        if (text is not null && !Instant.TryParse(text, out _))
            addError($"{name} '{text}' is not a timestamp such as 2026-02-25T06:00:00Z.");
    }
}
