using JanusQ.Ledger.Core.Canonical;
using Npgsql;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// Marks an endpoint that takes a key which was found not long ago while the database does not say whether it still counts: for watching
/// the server, which is wanted most when its database is down. It opens nothing of the ledger, and to nobody who was not let in lately:
/// for so long after its revocation a key may still read it, and only while the database is down. One that expires stops at once.
/// </summary>
internal sealed class TakesKnownKeys
{
    /// <summary>The mark.</summary>
    public static readonly TakesKnownKeys WithoutDatabase = new();

    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(10);

    // Prometheus waits ten seconds for all of an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Finds the holder of a key, or the one whom it had lately.</summary>
    /// <param name="holders">Who holds which key.</param>
    /// <param name="keySha256">SHA-256 of the key's text.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The database does not answer, and the key was not found lately.</exception>
    /// <exception cref="TimeoutException">It does not answer in time, and the key was not found lately.</exception>
    public static async Task<KeyHolder?> FindAsync(IKeyHolders holders, Sha256Hash keySha256, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await holders.FindAsync(keySha256, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfTheDatabase(failure, cancellation))
        {
            if (holders.FindKnown(keySha256, KnownFor) is { } known) return known;
            if (failure is OperationCanceledException) throw new TimeoutException("The database does not say who holds a key.", failure);
            throw;
        }
    }

    private static bool IsOfTheDatabase(Exception failure, CancellationToken cancellation) =>
        failure is NpgsqlException or TimeoutException
        || failure is OperationCanceledException && !cancellation.IsCancellationRequested;
}
