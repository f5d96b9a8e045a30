using System.Diagnostics;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>The end of a wait, by the monotonic clock.</summary>
internal readonly struct Deadline
{
    private readonly long start;
    private readonly TimeSpan span;

    private Deadline(TimeSpan span)
    {
        start = Stopwatch.GetTimestamp();
        this.span = span;
    }

    public bool IsOver => Left <= TimeSpan.Zero;

    public TimeSpan Left => span - Stopwatch.GetElapsedTime(start);

    public static Deadline After(TimeSpan span) => new(span);
}
