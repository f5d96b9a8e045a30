using JanusQ.Ledger.Core.Gates;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace JanusQ.Ledger.Store;

/// <summary>
/// Locks that a command takes at the beginning of its transaction and keeps to the transaction's end. A decision shares the facts, a command
/// that changes them has them alone; so no kill switch, drill or policy changes unseen between a decision's reading and its commit. Always
/// taken in the order facts, place, streams.
/// </summary>
internal static class LedgerLocks
{
    // Pairs of integers have a key space of their own, apart from the single numbers that the event store locks with.
    private const int Ledger = 0x4A51;
    private const int Facts = 0;

    /// <summary>Begins the session's transaction and keeps safety controls and policies as they are until its end.</summary>
    /// <param name="session">A session that nothing was read with yet.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task ShareFactsAsync(IDocumentSession session, CancellationToken cancellation) =>
        TakeAsync(session, "pg_advisory_xact_lock_shared", Facts, cancellation);

    /// <summary>
    /// Begins the session's transaction and waits until nobody decides or changes facts any more; until its end nobody else does.
    /// </summary>
    /// <param name="session">A session that nothing was read with yet.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task ChangeFactsAsync(IDocumentSession session, CancellationToken cancellation) =>
        TakeAsync(session, "pg_advisory_xact_lock", Facts, cancellation);

    /// <summary>
    /// Begins the session's transaction unless it has begun, and waits until nobody else is about to change who is champion of a target.
    /// </summary>
    /// <param name="session">A session that the champion was not read with yet.</param>
    /// <param name="target">The target.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task ClaimPlaceAsync(IDocumentSession session, PromotionTarget target, CancellationToken cancellation) =>
        TakeAsync(session, "pg_advisory_xact_lock", PromotionTargets.RankOf(target.Name()), cancellation);

    private static async Task TakeAsync(IDocumentSession session, string function, int key, CancellationToken cancellation)
    {
        // What creates tables works on a connection of its own and must not wait for this transaction.
        await session.DocumentStore.Storage.Database.EnsureStorageExistsAsync(typeof(IEvent), cancellation);
        await session.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand($"select {function}({Ledger}, {key})");
        await session.ExecuteAsync(command, cancellation);
    }
}
