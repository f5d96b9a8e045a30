using JanusQ.Ledger.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Watching;
using Npgsql;

namespace JanusQ.Ledger.Server.Refusals;

/// <summary>
/// Writes refused requests to the security log, in the background and in batches. Adding never waits: a flood of refused requests fills a
/// queue of its kind, and what no longer fits is counted, said, and dropped. So is the rate bounded at which the table grows.
/// </summary>
internal sealed partial class SecurityLogWriter(SecurityLog log, ServerSettings settings, ILogger<SecurityLogWriter> logger)
    : BackgroundService
{
    private const int LargestBatch = 100;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    private readonly WaitingEntries _waiting = new(settings.SecurityLogQueue);
    private long _dropped;

    /// <summary>How many entries were dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds an entry, unless too many are waiting.</summary>
    public void Add(SecurityEntry entry)
    {
        if (!_waiting.TryAdd(entry)) Drop(entry);
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var kind in Enum.GetValues<RefusedKind>()) ServerTelemetry.RefusalsDropped(NameOf(kind), 0);
        return Task.WhenAll(WriteAllAsync(stoppingToken), SayDroppedAsync(stoppingToken));
    }

    private async Task WriteAllAsync(CancellationToken stoppingToken)
    {
        // Requests have ended before: what waits then is written, and nothing comes any more.
        using var ending = stoppingToken.Register(_waiting.End);
        while (true)
        {
            var batch = _waiting.Take(LargestBatch);
            if (batch.Count == 0)
            {
                if (await _waiting.WaitAsync().ConfigureAwait(false)) continue;
                return;
            }

            foreach (var one in batch)
                LogRefused(one.Status, one.Code, one.Method, one.Path, one.Address, one.Actor, one.Role, one.KeyName, one.CorrelationId);
            if (!await WriteAsync(batch, stoppingToken).ConfigureAwait(false))
                foreach (var one in batch) Drop(one);
            var pause = TimeSpan.FromSeconds((double)batch.Count / settings.SecurityLogPerSecond);
            await PauseAsync(pause, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task SayDroppedAsync(CancellationToken stopping)
    {
        var said = 0L;
        while (!stopping.IsCancellationRequested)
        {
            await PauseAsync(BetweenWarnings, stopping).ConfigureAwait(false);
            if (Dropped is var dropped && dropped > said) LogDropped(dropped - said, dropped);
            said = dropped;
        }
    }

    private void Drop(SecurityEntry entry)
    {
        Interlocked.Increment(ref _dropped);
        ServerTelemetry.RefusalsDropped(NameOf(WaitingEntries.KindOf(entry)), 1);
    }

    private static string NameOf(RefusedKind kind) => kind switch
    {
        RefusedKind.Known => "known",
        RefusedKind.Unknown => "unknown",
        _ => "too_many",
    };

    /// <summary>Writes a batch, again and again while the database does not answer.</summary>
    /// <returns>False where it is given up: the server ends, or the database refuses it for good.</returns>
    private async Task<bool> WriteAsync(IReadOnlyList<SecurityEntry> batch, CancellationToken stopping)
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

    [LoggerMessage(LogLevel.Warning, "{Count} entries of the security log were dropped, {Total} since the start: too many are refused")]
    private partial void LogDropped(long count, long total);

    [LoggerMessage(LogLevel.Error, "{Count} entries of the security log could not be written")]
    private partial void LogNotWritten(int count, Exception failure);
}
