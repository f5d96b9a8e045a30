using System.Collections.Concurrent;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// The holders of the keys in the database. What was found counts for a few seconds (<paramref name="cacheFor"/>) without looking again,
/// so a revoked key stops within that time; one that expires stops at once. What was not found is not remembered: memory grows with the
/// number of keys, never with that of guesses.
/// </summary>
/// <param name="keys">The keys.</param>
/// <param name="cacheFor">For how long a key that was found is not looked for again.</param>
/// <param name="clock">Where "now" comes from.</param>
public sealed class StoredKeyHolders(ApiKeys keys, TimeSpan cacheFor, TimeProvider clock) : IKeyHolders, IDisposable
{
    // Whoever sends guesses gets so many connections to the database at one time, and not all of them.
    private const int GuessesAtOnce = 4;

    private readonly ConcurrentDictionary<Sha256Hash, (ApiKey Key, long ReadAt)> _known = new();
    private readonly SemaphoreSlim _guesses = new(GuessesAtOnce, GuessesAtOnce);

    /// <inheritdoc />
    public async Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation)
    {
        if (FindKnown(keySha256, cacheFor) is { } known) return known;
        var readAt = clock.GetTimestamp();
        var key = _known.ContainsKey(keySha256)
            ? await keys.FindAsync(keySha256, cancellation).ConfigureAwait(false)
            : await GuessAsync(keySha256, cancellation).ConfigureAwait(false);
        if (key is null) return null;
        _known[keySha256] = (key, readAt);
        return HolderOf(key);
    }

    /// <inheritdoc />
    public KeyHolder? FindKnown(Sha256Hash keySha256, TimeSpan within) =>
        _known.TryGetValue(keySha256, out var known) && clock.GetElapsedTime(known.ReadAt) < within ? HolderOf(known.Key) : null;

    /// <inheritdoc />
    public void Dispose() => _guesses.Dispose();

    private async Task<ApiKey?> GuessAsync(Sha256Hash keySha256, CancellationToken cancellation)
    {
        await _guesses.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await keys.FindAsync(keySha256, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _guesses.Release();
        }
    }

    private KeyHolder HolderOf(ApiKey key)
    {
        var status = key.StatusAt(clock.GetUtcNow());
        return new KeyHolder(key.Name, key.Role) { Refused = status == ApiKey.Valid ? null : $"key_{status}" };
    }
}
