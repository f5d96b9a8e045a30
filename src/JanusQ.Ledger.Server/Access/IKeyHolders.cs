using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Who holds an API key.</summary>
/// <param name="Name">The name that events carry as the actor.</param>
/// <param name="Role">The role.</param>
public sealed record KeyHolder(string Name, string Role)
{
    /// <summary>Why the key opens nothing any more: <c>key_expired</c> or <c>key_revoked</c>; none where it counts.</summary>
    public string? Refused { get; init; }
}

/// <summary>Finds who holds an API key.</summary>
public interface IKeyHolders
{
    /// <summary>The holder of the key with a hash, also of one that no longer counts; none if there is no such key.</summary>
    /// <param name="keySha256">SHA-256 of the key's text.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation);

    /// <summary>The holder of a key as it was when it was found last, without asking anybody; none if that is too long ago.</summary>
    /// <param name="keySha256">SHA-256 of the key's text.</param>
    /// <param name="within">How long ago it may be.</param>
    KeyHolder? FindKnown(Sha256Hash keySha256, TimeSpan within) => null;
}
