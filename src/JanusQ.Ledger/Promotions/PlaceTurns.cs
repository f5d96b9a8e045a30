using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Promotions;

/// <summary>
/// Who in this program may decide about a place: one after the other, since the database lets only one at a time anyway. Those who wait
/// here hold no connection; as many as the pool has would leave none to anybody else, not even to the one they wait for.
/// </summary>
public sealed class PlaceTurns : IDisposable
{
    private readonly Dictionary<PromotionTarget, SemaphoreSlim> _turns =
        PromotionTargets.All.ToDictionary(target => target, _ => new SemaphoreSlim(1, 1));

    /// <summary>Waits for a turn; it ends when what is returned is disposed.</summary>
    /// <param name="target">The place's target.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IDisposable> TakeAsync(PromotionTarget target, CancellationToken cancellation)
    {
        var turn = _turns[target];
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var turn in _turns.Values) turn.Dispose();
    }

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
