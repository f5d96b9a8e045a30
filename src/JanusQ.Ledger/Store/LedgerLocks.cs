using JanusQ.Ledger.Core.Gates;
using Marten;
using Npgsql;

namespace JanusQ.Ledger.Store;

/// <summary>
/// Locks that a command takes at the beginning of its transaction and keeps to the transaction's end. A decision shares the facts, a
/// command that changes them has them alone; so no kill switch, drill or policy changes unseen between a decision's reading and its commit.
/// Always taken in the order facts, place, streams.
/// </summary>
internal static class LedgerLocks
{
    // Pairs of integers have a key space of their own, apart from the single numbers that the event store locks with.
    private const int Ledger = 0x4A51;
    private const int Facts = 0;
    private const int Migrations = 1000;
    private const int TransparencyLog = 1001;
    private const int Projections = 1002;

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

    /// <summary>Waits until nobody else applies migrations; until the connection is closed nobody else does.</summary>
    /// <param name="connection">A connection that is not given back to a pool.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task MigrateAloneAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_advisory_lock({Ledger}, {Migrations})", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Becomes the one who writes the transparency log; false if somebody else is.</summary>
    /// <param name="connection">Keeps the lock until <see cref="LetOthersWriteLogAsync"/> or its session's end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task<bool> TryWriteLogAloneAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        TryTakeAsync(connection, TransparencyLog, cancellation);

    /// <summary>Lets somebody else write the transparency log.</summary>
    /// <param name="connection">The connection that keeps the lock.</param>
    public static Task LetOthersWriteLogAsync(NpgsqlConnection connection) => GiveBackAsync(connection, TransparencyLog);

    /// <summary>Becomes the one who keeps the asynchronous projections; false if somebody else does.</summary>
    /// <param name="connection">The connection that keeps the lock, until it is closed or the lock is given back.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task<bool> TryProjectAloneAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        TryTakeAsync(connection, Projections, cancellation);

    /// <summary>Lets somebody else keep the asynchronous projections.</summary>
    /// <param name="connection">The connection that keeps the lock.</param>
    public static Task LetOthersProjectAsync(NpgsqlConnection connection) => GiveBackAsync(connection, Projections);

    private static async Task<bool> TryTakeAsync(NpgsqlConnection connection, int key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({Ledger}, {key})", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task GiveBackAsync(NpgsqlConnection connection, int key)
    {
        await using var command = new NpgsqlCommand($"select pg_advisory_unlock({Ledger}, {key})", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task TakeAsync(IDocumentSession session, string function, int key, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand($"select {function}({Ledger}, {key})");
        await session.ExecuteAsync(command, cancellation);
    }
}
