using System.Collections.Concurrent;
using System.Diagnostics;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>
/// Runs that begin when they are due, however slow the answers are, at random moments of a fixed average rate. So do the requests of a run,
/// and the latency of each is counted from the moment when it was due: one that has to wait for a slow one before it is slow itself.
/// </summary>
internal sealed class OpenLoop(IAppends appends, bool batch, TimeSpan apart)
{
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentQueue<Exception> _failures = new();

    /// <summary>Requests that were not answered as they should.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Runs that were recorded.</summary>
    public int Recorded { get; private set; }

    /// <summary>Requests that were answered.</summary>
    public int Requests => _answers.Count;

    /// <summary>The answers with the moments when they were due and when they came.</summary>
    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <summary>Begins runs for a while and waits until all have ended.</summary>
    /// <param name="runsPerSecond">How many on average.</param>
    /// <param name="time">For how long.</param>
    /// <param name="next">Makes the next run.</param>
    public async Task RunAsync(double runsPerSecond, TimeSpan time, Func<WorkersRun> next)
    {
        var random = new Random(20260225);
        var (begun, due, runs) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, new List<Task<bool>>());
        while (true)
        {
            due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / runsPerSecond);
            if (due > time) break;
            await UntilAsync(begun, due);
            var (run, at) = (next(), due);
            runs.Add(Task.Run(() => RecordAsync(run, begun, at)));
        }

        Recorded = (await Task.WhenAll(runs)).Count(recorded => recorded);
    }

    private async Task<bool> RecordAsync(WorkersRun run, long begun, TimeSpan due)
    {
        try
        {
            await appends.RecordAsync(run, batch, async request =>
            {
                await UntilAsync(begun, due);
                await request();
                _answers.Enqueue(new Answer(begun + (long)(due.TotalSeconds * Stopwatch.Frequency), Stopwatch.GetTimestamp()));
                due += apart;
            });
            return true;
        }
        catch (Exception failure)
        {
            _failures.Enqueue(failure);
            return false;
        }
    }

    private static async Task UntilAsync(long begun, TimeSpan due)
    {
        if (due - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } left) await Task.Delay(left);
    }

    /// <summary>When an answer was due and when it came, in ticks of the stopwatch.</summary>
    /// <param name="Due">When its request was due.</param>
    /// <param name="Came">When it came.</param>
    internal readonly record struct Answer(long Due, long Came)
    {
        /// <summary>How long it took from when it was due.</summary>
        public double Milliseconds => Stopwatch.GetElapsedTime(Due, Came).TotalMilliseconds;
    }
}
