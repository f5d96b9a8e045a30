using System.Diagnostics;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>
/// Beside what is measured, one page after another written to a file of its own and flushed to the disk, at a small fixed rate: when that
/// stalls, the disk itself does, and nothing that commits can be answered.
/// </summary>
internal sealed class DiskAlone : IAsyncDisposable
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"janusq-disk-{Guid.NewGuid():N}");
    private readonly List<Flush> _flushes = [];
    private readonly Task _writing;

    private DiskAlone() => _writing = Task.Factory.StartNew(Write, TaskCreationOptions.LongRunning);

    /// <summary>Begins to write.</summary>
    public static DiskAlone Watch() => new();

    /// <summary>Ends, and gives every flush that took longer than that.</summary>
    public async Task<Flush[]> LongerThanAsync(TimeSpan limit)
    {
        await _stop.CancelAsync();
        await _writing;
        return [.. _flushes.Where(flush => flush.Took > limit)];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        File.Delete(_path);
    }

    private void Write()
    {
        var page = new byte[8192];
        using var file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (!_stop.Token.WaitHandle.WaitOne(Apart))
        {
            var begun = Stopwatch.GetTimestamp();
            file.Position = 0;
            file.Write(page);
            file.Flush(flushToDisk: true);
            _flushes.Add(new Flush(begun, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>One flush, in ticks of the stopwatch.</summary>
    /// <param name="Begun">When it began.</param>
    /// <param name="Ended">When it ended.</param>
    internal readonly record struct Flush(long Begun, long Ended)
    {
        /// <summary>How long it took.</summary>
        public TimeSpan Took => Stopwatch.GetElapsedTime(Begun, Ended);
    }
}
