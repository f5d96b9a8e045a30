using System.Threading.Channels;
using JanusQ.Ledger.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusQ.Ledger.Log;

/// <summary>
/// Keeps the log in the background of a server: one task writes, another hands new checkpoints out, so that nobody outside holds up the
/// log. Where the log stops it says so as critical and stays stopped; commands go on, and the events that they record stay unsigned.
/// </summary>
internal sealed partial class LogService(TransparencyLog log, Func<OutsideKeepers> keepers, ILogger<LogService> logger) : BackgroundService
{
    // Only the latest counts: an outside keeper that was away gets everything with the next one.
    private readonly Channel<LogCheckpoint> _signed = Channel.CreateBounded<LogCheckpoint>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Why the log stopped; none while it goes on.</summary>
    public Refusal? Stopped { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAll(KeepAsync(WriteAsync, ending), KeepAsync(HandOutAsync, ending));
    }

    /// <summary>Does something until the program ends or the log stops, which ends the other task as well.</summary>
    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationTokenSource ending)
    {
        try
        {
            await work(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The program ends, or the other task did.
        }
        catch (Exception failure)
        {
            // Whatever it is, it must not take the server down with it, and it must not go unsaid.
            var stopped = failure as LogStoppedException
                ?? LogRefusals.Stop("log_unexpected_error", $"{failure.GetType().Name}: {failure.Message}", failure);
            Stopped = stopped.Refusal;
            LogStopped(stopped.Refusal.Code, stopped);
            await ending.CancelAsync();
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await log.WriteAsync(signed => _signed.Writer.TryWrite(signed), LogRetries, cancellation);
        }
        finally
        {
            _signed.Writer.TryComplete();
        }
    }

    private async Task HandOutAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _signed.Reader.ReadAllAsync(cancellation)) await HandOutLatestAsync(cancellation);
    }

    private async Task HandOutLatestAsync(CancellationToken cancellation)
    {
        var options = log.Options;
        if (options.Policy is null && options.PublishTo.IsEmpty) return;
        try
        {
            if (await log.Reader.LatestCheckpointAsync(cancellation) is not { } latest) return;
            var (outside, checkpoint) = (keepers(), latest.Signed);
            if (options.Policy is { } policy)
            {
                var witnessing = await outside.WitnessAsync(checkpoint, policy, cancellation);
                foreach (var answer in witnessing.Answers)
                    if (answer.Refusal is { } refusal) LogOutside(answer.Witness.Name, refusal.Code, refusal.Explanation);
                checkpoint = witnessing.Checkpoint;
            }

            foreach (var to in options.PublishTo)
                if ((await outside.PublishAsync(checkpoint, to, cancellation)).Refusal is { } refusal)
                    LogOutside(to, refusal.Code, refusal.Explanation);
        }
        catch (Npgsql.NpgsqlException failure)
        {
            LogRetries(failure);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The transparency log stopped ({Code}): nothing is signed any more.")]
    private partial void LogStopped(string code, Exception failure);

    [LoggerMessage(LogLevel.Warning, "The transparency log could not be written; it is tried again.")]
    private partial void LogRetries(Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Keeper} did not take the checkpoint ({Code}): {Explanation}")]
    private partial void LogOutside(string keeper, string code, string explanation);
}
