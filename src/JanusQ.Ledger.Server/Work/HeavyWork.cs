using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Access;

namespace JanusQ.Ledger.Server.Work;

/// <summary>Work that takes much of the server for long: so much of it at a time, and what is more is refused instead of queued.</summary>
public sealed class HeavyWork
{
    /// <summary>An audit is under way.</summary>
    public const string AuditRunning = "audit_running";

    /// <summary>A rebuild is under way.</summary>
    public const string RebuildRunning = "rebuild_running";

    /// <summary>As many exports are under way as there may be.</summary>
    public const string TooManyExports = "too_many_exports";

    private const int MostExports = 2;

    /// <summary>Audits.</summary>
    public WorkPlaces Audits { get; } = new(1, AuditRunning, "The server verifies one ledger at a time, and is at it; try again later.");

    /// <summary>Rebuilds and comparisons of projections.</summary>
    public WorkPlaces Rebuilds { get; } = new(
        1, RebuildRunning, "The server makes projections anew once at a time, and is at it; try again later.");

    /// <summary>Exports, which are written to disk before they are sent.</summary>
    public WorkPlaces Exports { get; } = new(
        MostExports, TooManyExports, $"The server exports {MostExports} bundles at a time; try again later.");
}

/// <summary>Places for work of one kind.</summary>
public sealed class WorkPlaces
{
    private readonly string _code;
    private readonly string _explanation;
    private readonly Lock _places = new();
    private int _free;

    internal WorkPlaces(int most, string code, string explanation)
    {
        _free = most;
        _code = code;
        _explanation = explanation;
    }

    /// <summary>
    /// Does work for a caller: it ends when the caller goes away, and when the key or token that let the caller in counts no more.
    /// </summary>
    /// <param name="context">The caller's request.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="RefusedException">By the code of its kind where no place is free; <c>not_authenticated</c>.</exception>
    public async Task<T> RunAsync<T>(HttpContext context, Func<CancellationToken, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(work);
        if (!TryTake()) throw new RefusedException(new Refusal(_code, _explanation));
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var watching = context.EndWhenOverAsync(ending);
            try
            {
                return await work(ending.Token).ConfigureAwait(false);
            }
            catch (Exception) when (ending.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            {
                throw new RefusedException(
                    new Refusal("not_authenticated", "What let the caller in counts no more, so the work was given up."));
            }
            finally
            {
                await ending.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_places) _free++;
        }
    }

    private bool TryTake()
    {
        lock (_places)
        {
            if (_free == 0) return false;
            _free--;
            return true;
        }
    }
}
