namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// What a request was let in by: for answers that go on long after the door, and must not outlive the key or token that opened it.
/// </summary>
internal static partial class Admission
{
    /// <summary>
    /// How often it is looked whether a caller would still be let in. So an answer ends this long after its token has expired or its key
    /// has, and this long after <see cref="Hosting.ServerSettings.KeyCache"/> where a key is revoked.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly object StillCounts = new();

    /// <summary>Notes how to find out whether what the caller showed still counts.</summary>
    public static void LetInBy(this HttpContext context, Func<CancellationToken, Task<bool>> stillCounts) =>
        context.Items[StillCounts] = stillCounts;

    /// <summary>
    /// Ends something once the caller would be let in no more, or it cannot be found out; until then it waits, or until the other ends.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="ending">What ends; it ends this as well.</param>
    public static async Task EndWhenOverAsync(this HttpContext context, CancellationTokenSource ending)
    {
        var services = context.RequestServices;
        try
        {
            var stillCounts = (Func<CancellationToken, Task<bool>>)context.Items[StillCounts]!;
            using var timer = new PeriodicTimer(Interval, services.GetRequiredService<TimeProvider>());
            while (await timer.WaitForNextTickAsync(ending.Token).ConfigureAwait(false)
                && await stillCounts(ending.Token).ConfigureAwait(false))
            {
                // The caller may go on.
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The answer ended by itself.
        }
        catch (Exception failure)
        {
            // Whatever it is: who is not known to be allowed to hear more hears no more.
            LogNotKnown(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Admission)), failure);
        }

        await ending.CancelAsync().ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning, "It cannot be found out whether a caller would still be let in; the answer ends.")]
    private static partial void LogNotKnown(ILogger logger, Exception failure);
}
