using System.Diagnostics;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>What came of bringing the log up to what is recorded.</summary>
/// <param name="Checkpoint">The checkpoint that was signed last, or none where there are no events.</param>
/// <param name="Taken">How many events were taken by this call.</param>
/// <param name="IsNew">Whether the checkpoint was signed by this call.</param>
/// <param name="IsComplete">
/// Whether it speaks for every event that was visible when the call was made. Where not, a transaction that has drawn an earlier number had
/// still not ended when patience did.
/// </param>
public sealed record LogCatchUp(LogCheckpoint? Checkpoint, long Taken, bool IsNew, bool IsComplete);

/// <summary>
/// The transparency log of a ledger (audit.md section 3): takes events in, signs checkpoints, hands them out. One program at a time writes;
/// any number may ask it to.
/// </summary>
public sealed class TransparencyLog
{
    private readonly NpgsqlDataSource _database;
    private readonly LedgerOptions _ledger;

    internal TransparencyLog(NpgsqlDataSource database, LedgerOptions ledger)
    {
        _database = database;
        _ledger = ledger;
        Reader = new LogReader(database);
    }

    /// <summary>Reads the log.</summary>
    public LogReader Reader { get; }

    /// <summary>The keys of the log; none where this program has no key.</summary>
    public LogKeyRing? Keys => _ledger.Log?.Keys;

    /// <summary>How the log is kept.</summary>
    /// <exception cref="RefusedException"><c>log_key_missing</c>: this program has no key.</exception>
    public LogOptions Options => _ledger.Log
        ?? throw new RefusedException(new Refusal(LogRefusals.KeyMissing, "This program has no key to sign checkpoints with."));

    /// <summary>Takes in every event that is visible now and signs a checkpoint of them.</summary>
    /// <param name="patience">How long to wait for others: for who writes, and for transactions that are still open.</param>
    /// <param name="cancellation">Ends it; what was taken stays.</param>
    /// <exception cref="RefusedException">
    /// <c>log_key_missing</c>, or <c>log_busy</c>: another program writes and does not get there.
    /// </exception>
    /// <exception cref="LogStoppedException">What is stored is not what was signed; nothing is signed.</exception>
    public async Task<LogCatchUp> CatchUpAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        var options = Options;
        var target = await LastVisibleAsync(cancellation);
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            await using var writer = await LogWriter.TryOpenAsync(_database, options, _ledger.Clock, cancellation);
            if (writer is not null)
                return await CatchUpAsync(writer, options, target, patience - Stopwatch.GetElapsedTime(begun), cancellation);
            if (await Reader.StatusAsync(cancellation) is { Checkpoint: { } signed } status && status.LastSequence >= target
                && signed.Size == status.Size) return new LogCatchUp(signed, 0, false, true);
            if (Stopwatch.GetElapsedTime(begun) > patience)
                throw new RefusedException(new Refusal("log_busy", "Another program writes the log, and has not signed what is recorded."));
            await Task.Delay(options.PollInterval, cancellation);
        }
    }

    /// <summary>
    /// Writes the log for good: takes in events as they become safe and signs checkpoints by count and time, whenever no other program
    /// does. A database that cannot be reached is tried again.
    /// </summary>
    /// <param name="signed">Hears every checkpoint once it is kept.</param>
    /// <param name="failed">Hears what is tried again.</param>
    /// <param name="cancellation">Ends it: what is new is not waited for.</param>
    /// <exception cref="LogStoppedException">What is stored is not what was signed; nothing is signed any more.</exception>
    internal async Task WriteAsync(Action<LogCheckpoint> signed, Action<Exception> failed, CancellationToken cancellation)
    {
        var options = Options;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var writer = await LogWriter.TryOpenAsync(_database, options, _ledger.Clock, cancellation);
                if (writer is not null) await WriteAsync(writer, options, signed, cancellation);
            }
            catch (Exception failure) when (IsOfTheConnection(failure) && !cancellation.IsCancellationRequested)
            {
                failed(failure);
            }

            await Task.Delay(options.RetryInterval, cancellation);
        }
    }

    // A session that the server has ended shows as a closed connection too.
    private static bool IsOfTheConnection(Exception failure) =>
        failure is NpgsqlException or IOException or TimeoutException or InvalidOperationException;

    private static async Task WriteAsync(LogWriter writer, LogOptions options, Action<LogCheckpoint> signed, CancellationToken cancellation)
    {
        while (true)
        {
            var (taken, isHeldUp) = await writer.TakeAsync(cancellation);
            if (writer.IsDue) signed((await writer.SignAsync(cancellation))!);

            // Under load somebody has always just drawn a number. Whoever waits for each of them alone takes crumbs, and slows those who
            // append; with the next batch they are all settled.
            if (taken == 0 && isHeldUp) await Task.Delay(options.GapInterval, cancellation);
            else if (taken < options.BatchEvents) await Task.Delay(options.PollInterval, cancellation);
        }
    }

    private static async Task<LogCatchUp> CatchUpAsync(
        LogWriter writer, LogOptions options, long target, TimeSpan patience, CancellationToken cancellation)
    {
        var (before, begun, all) = (writer.Last, Stopwatch.GetTimestamp(), 0L);
        while (writer.Mark < target)
        {
            var (taken, isHeldUp) = await writer.TakeAsync(cancellation);
            all += taken;
            if (!isHeldUp && taken == 0) break;
            if (taken > 0) continue;
            if (Stopwatch.GetElapsedTime(begun) > patience) break;
            await Task.Delay(options.GapInterval, cancellation);
        }

        var last = await writer.SignAsync(cancellation);
        return new LogCatchUp(last, all, last != before, writer.Mark >= target);
    }

    private async Task<long> LastVisibleAsync(CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand($"select coalesce(max(seq_id), 0) from {LedgerStore.Schema}.mt_events");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
