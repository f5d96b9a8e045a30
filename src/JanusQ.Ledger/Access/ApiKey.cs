using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Access;

/// <summary>An API key as it is kept: everything but the key.</summary>
/// <param name="KeyId">What people name it by.</param>
/// <param name="Name">Who holds it: the actor of what comes in with it.</param>
/// <param name="Role">The role in which the holder acts.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From which instant on it no longer counts; none: it does not expire.</param>
/// <param name="RevokedAt">Since when it is revoked; none if it is not.</param>
public sealed record ApiKey(
    string KeyId,
    string Name,
    string Role,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary><see cref="StatusAt"/> of a key that counts.</summary>
    public const string Valid = "valid";

    /// <summary><see cref="StatusAt"/> of a key whose time is over.</summary>
    public const string Expired = "expired";

    /// <summary><see cref="StatusAt"/> of a key that was taken back.</summary>
    public const string Revoked = "revoked";

    /// <summary>Whether it counts at an instant: <see cref="Valid"/>, <see cref="Expired"/> or <see cref="Revoked"/>.</summary>
    public string StatusAt(DateTimeOffset now) => RevokedAt is not null ? Revoked : now >= ExpiresAt ? Expired : Valid;

    /// <summary>The key as a document: <c>key_id, name, role, status, created_at, created_by, expires_at, revoked_at</c>.</summary>
    public JsonObject ToDocument(DateTimeOffset now) => JsonObject.Of(
        ("key_id", KeyId),
        ("name", Name),
        ("role", Role),
        ("status", StatusAt(now)),
        ("created_at", Instant.Of(CreatedAt).ToString()),
        ("created_by", CreatedBy),
        ("expires_at", ExpiresAt is { } expires ? Instant.Of(expires).ToString() : JsonValue.Null),
        ("revoked_at", RevokedAt is { } revoked ? Instant.Of(revoked).ToString() : JsonValue.Null));
}
