namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>
/// The time of day, on the day after the known runs were evaluated: it runs, in all processes alike, and rehearsals of that day are fresh.
/// </summary>
public sealed class RunningClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => PromotableRun.Now + System.GetUtcNow().TimeOfDay;
}
