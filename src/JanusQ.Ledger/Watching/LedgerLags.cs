namespace JanusQ.Ledger.Watching;

/// <summary>How far something is behind the events.</summary>
/// <param name="Events">
/// Events that it has not taken in. Where they are more than <see cref="MostCounted"/>, the numbers drawn since the last that it took:
/// somewhat more, for numbers that were drawn in vain.
/// </param>
/// <param name="Age">How long ago the oldest of them was recorded; zero where there is none.</param>
public sealed record Lag(long Events, TimeSpan Age)
{
    /// <summary>More events than these are not counted one by one: who looks every second must not slow what is behind already.</summary>
    public const int MostCounted = 10_000;

    /// <summary>Nothing is missing.</summary>
    public static readonly Lag Zero = new(0, TimeSpan.Zero);
}

/// <summary>How far everything that is kept behind the events is behind them.</summary>
/// <param name="Projections">Each asynchronous projection by name, sorted.</param>
/// <param name="ProjectionsKept">Whether this program keeps the projections in the background, or stands by to.</param>
/// <param name="Log">The transparency log; none where its tables are not there.</param>
/// <param name="LogKept">Whether this program writes the log in the background, or stands by to.</param>
/// <param name="CheckpointAge">How old the checkpoint is that was signed last; none where there is none.</param>
public sealed record LedgerLags(
    IReadOnlyList<KeyValuePair<string, Lag>> Projections, bool ProjectionsKept, Lag? Log, bool LogKept, TimeSpan? CheckpointAge);
