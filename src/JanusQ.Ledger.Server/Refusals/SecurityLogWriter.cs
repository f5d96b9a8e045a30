using System.Threading.Channels;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Server.Hosting;
using Npgsql;

namespace JanusQ.Ledger.Server.Refusals;

/// <summary>
/// Writes refused requests to the security log, in the background and in batches. Adding never waits: a flood of refused requests fills a
/// queue, and what no longer fits is counted, said, and dropped. So is the rate bounded at which the table grows.
/// </summary>
internal sealed partial class SecurityLogWriter(SecurityLog log, ServerSettings settings, ILogger<SecurityLogWriter> logger)
    : BackgroundService
{
    private const int LargestBatch = 100;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<SecurityEntry> _waiting = Channel.CreateBounded<SecurityEntry>(
        new BoundedChannelOptions(settings.SecurityLogQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;

    /// <summary>How many entries were dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds an entry, unless too many are waiting.</summary>
    public void Add(SecurityEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry)) Interlocked.Increment(ref _dropped);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Requests have ended before: what waits then is written, and nothing comes any more.
        using var ending = stoppingToken.Register(() => _waiting.Writer.TryComplete());
        var (batch, said) = (new List<SecurityEntry>(LargestBatch), 0L);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (batch.Count < LargestBatch && _waiting.Reader.TryRead(out var entry)) batch.Add(entry);
            foreach (var one in batch)
                LogRefused(one.Status, one.Code, one.Method, one.Path, one.Address, one.Actor, one.Role, one.KeyName, one.CorrelationId);
            if (!await WriteAsync(batch, stoppingToken).ConfigureAwait(false)) Interlocked.Add(ref _dropped, batch.Count);
            if (Dropped is var dropped && dropped > said) LogDropped(dropped - said, dropped);
            said = dropped;
            var pause = TimeSpan.FromSeconds((double)batch.Count / settings.SecurityLogPerSecond);
            await PauseAsync(pause, stoppingToken).ConfigureAwait(false);
            batch.Clear();
        }
    }

    /// <summary>Writes a batch, again and again while the database does not answer.</summary>
    /// <returns>False where it is given up: the server ends, or the database refuses it for good.</returns>
    private async Task<bool> WriteAsync(List<SecurityEntry> batch, CancellationToken stopping)
    {
        while (true)
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await log.AddAsync(batch, patience.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception failure)
            {
                // Whatever it is, it must not take the server down with it, and it must not go unsaid.
                LogNotWritten(batch.Count, failure);
                var mayPass = failure is NpgsqlException { IsTransient: true } or OperationCanceledException or TimeoutException;
                if (stopping.IsCancellationRequested || !mayPass) return false;
            }

            await PauseAsync(Retry, stopping).ConfigureAwait(false);
        }
    }

    private static async Task PauseAsync(TimeSpan pause, CancellationToken stopping) =>
        await Task.Delay(pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(
        LogLevel.Warning,
        "Refused with {Status} {Code}: {Method} {Path} from {Address}, actor {Actor} {Role}, key {KeyName}, correlation {CorrelationId}")]
    private partial void LogRefused(
        int status,
        string code,
        string method,
        string path,
        string? address,
        string? actor,
        string? role,
        string? keyName,
        string correlationId);

    [LoggerMessage(LogLevel.Error, "{Count} entries of the security log were dropped, {Total} since the start: too many are refused")]
    private partial void LogDropped(long count, long total);

    [LoggerMessage(LogLevel.Error, "{Count} entries of the security log could not be written")]
    private partial void LogNotWritten(int count, Exception failure);
}
