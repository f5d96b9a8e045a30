namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>A clock that stands where it was put, until somebody advances it.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
