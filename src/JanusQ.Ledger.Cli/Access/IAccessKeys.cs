using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Access;

/// <summary>
/// The API keys of a ledger and its log of refused requests, on its database or behind a server; keys and entries as the documents that
/// they are kept as.
/// </summary>
internal interface IAccessKeys
{
    /// <summary>Makes a key, and gives its text this once.</summary>
    Task<(string Text, JsonObject Key)> CreateAsync(string name, string role, TimeSpan? expiresIn, CancellationToken cancellation);

    /// <summary>All keys that were ever made, oldest first.</summary>
    Task<IReadOnlyList<JsonObject>> ListAsync(CancellationToken cancellation);

    /// <summary>Takes a key back for good.</summary>
    Task<KeyRevocation> RevokeAsync(string keyId, CancellationToken cancellation);

    /// <summary>The requests that were refused last, newest first.</summary>
    Task<IReadOnlyList<JsonObject>> RefusedAsync(int limit, CancellationToken cancellation);
}

/// <summary>What became of taking a key back.</summary>
/// <param name="Key">The key.</param>
/// <param name="Now">Whether it was revoked now; otherwise it was before.</param>
/// <param name="IsOwn">Whether it is the key that the call itself came in with.</param>
/// <param name="AdminKeysLeft">Keys of the role admin that count now.</param>
internal sealed record KeyRevocation(JsonObject Key, bool Now, bool IsOwn, long AdminKeysLeft);
