using System.Globalization;
using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>How the server is watched: the section <c>Ledger:Watch</c> of the configuration (<c>Ledger__Watch__...</c>).</summary>
public sealed record WatchSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Ledger:Watch";

    /// <summary>How often lag is asked for; an answer that young is good enough for whoever asks whether the server is ready.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the database may take to say how far everything is.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Events that a projection may be behind while the server counts as ready.</summary>
    public long ProjectionLagEvents { get; init; } = 100_000;

    /// <summary>How old the oldest event may be that a projection has not taken in.</summary>
    public TimeSpan ProjectionLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Events that the transparency log may be behind.</summary>
    public long LogLagEvents { get; init; } = 100_000;

    /// <summary>How old the oldest event may be that is not in the log.</summary>
    public TimeSpan LogLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether anybody may read the metrics.</summary>
    public bool PublicMetrics { get; init; }

    /// <summary>Reads them.</summary>
    /// <exception cref="RefusedException"><c>settings_invalid</c>, with the setting.</exception>
    public static WatchSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var (section, usual) = (configuration.GetSection(Section), new WatchSettings());
        return new WatchSettings
        {
            Interval = Seconds(section, "IntervalSeconds", usual.Interval),
            Patience = Seconds(section, "PatienceSeconds", usual.Patience),
            ProjectionLagEvents = Number(section, nameof(ProjectionLagEvents), usual.ProjectionLagEvents),
            ProjectionLag = Seconds(section, "ProjectionLagSeconds", usual.ProjectionLag),
            LogLagEvents = Number(section, nameof(LogLagEvents), usual.LogLagEvents),
            LogLag = Seconds(section, "LogLagSeconds", usual.LogLag),
            PublicMetrics = Flag(section, nameof(PublicMetrics)),
        };
    }

    private static TimeSpan Seconds(IConfigurationSection section, string name, TimeSpan usual) => section[name] is not { } text
        ? usual
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(name, text, "seconds, above 0, at most a day");

    private static long Number(IConfigurationSection section, string name, long usual) => section[name] is not { } text
        ? usual
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Invalid(name, text, "a number");

    private static bool Flag(IConfigurationSection section, string name) => section[name] is { } text
        && (bool.TryParse(text, out var flag) ? flag : throw Invalid(name, text, "true or false"));

    private static RefusedException Invalid(string name, string text, string expected) => new(
        new Refusal("settings_invalid", $"{Section}:{name} is '{text}'; expected {expected}.").With("setting", $"{Section}:{name}"));
}
