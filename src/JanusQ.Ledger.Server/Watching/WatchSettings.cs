using JanusQ.Ledger.Server.Hosting;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>How the server is watched.</summary>
public sealed record WatchSettings
{
    /// <summary>
    /// How often lag is asked for; an answer that young is good enough for whoever asks whether the server is ready.
    /// <c>Watch:IntervalSeconds</c>
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the database may take to say how far everything is. <c>Watch:PatienceSeconds</c></summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Events that a projection may be behind while the server counts as ready. <c>Watch:ProjectionLagEvents</c>
    /// </summary>
    public long ProjectionLagEvents { get; init; } = 100_000;

    /// <summary>
    /// How old the oldest event may be that a projection has not taken in. <c>Watch:ProjectionLagSeconds</c>
    /// </summary>
    public TimeSpan ProjectionLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Events that the transparency log may be behind. <c>Watch:LogLagEvents</c></summary>
    public long LogLagEvents { get; init; } = 100_000;

    /// <summary>How old the oldest event may be that is not in the log. <c>Watch:LogLagSeconds</c></summary>
    public TimeSpan LogLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether anybody may read the metrics. <c>Watch:PublicMetrics</c></summary>
    public bool PublicMetrics { get; init; }

    internal static WatchSettings Read(SettingsReader reader)
    {
        const long MostEvents = 1_000_000_000_000;
        var unless = new WatchSettings();
        var (least, most) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        return new WatchSettings
        {
            Interval = reader.Seconds("Watch:IntervalSeconds", unless.Interval, least, most),
            Patience = reader.Seconds("Watch:PatienceSeconds", unless.Patience, least, most),
            ProjectionLagEvents = reader.Number("Watch:ProjectionLagEvents", unless.ProjectionLagEvents, 0, MostEvents),
            ProjectionLag = reader.Seconds("Watch:ProjectionLagSeconds", unless.ProjectionLag, least, most),
            LogLagEvents = reader.Number("Watch:LogLagEvents", unless.LogLagEvents, 0, MostEvents),
            LogLag = reader.Seconds("Watch:LogLagSeconds", unless.LogLag, least, most),
            PublicMetrics = reader.Flag("Watch:PublicMetrics"),
        };
    }
}
