namespace JanusQ.Ledger.Decisions;

/// <summary>How decisions are handed out as they are made.</summary>
public sealed record DecisionFeedOptions
{
    /// <summary>How often it is looked for new events, by one for all who follow.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it is looked whether a transaction that holds up the feed has ended.</summary>
    public TimeSpan GapInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Who follows hears from the feed that often at least, also where nothing was decided.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many may follow at once.</summary>
    public int MostFollowers { get; init; } = 64;

    /// <summary>Decisions that wait for one who follows, at most: who is further behind is dropped, and may resume.</summary>
    public int MostWaiting { get; init; } = 1024;
}
