using JanusQ.Ledger.Access;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Server.Keys;

/// <summary>What is said of keys. Nothing of it is for caches, which would keep a key that is shown once.</summary>
internal static class KeyAnswers
{
    /// <summary>What is kept of a key.</summary>
    public static KeyResponse DocumentOf(ApiKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new KeyResponse
        {
            KeyId = key.KeyId,
            Name = key.Name,
            Role = key.Role,
            Status = key.StatusAt(now),
            CreatedAt = Instant.Of(key.CreatedAt).ToString(),
            CreatedBy = key.CreatedBy,
            ExpiresAt = Text(key.ExpiresAt),
            RevokedAt = Text(key.RevokedAt),
        };
    }

    /// <summary>An answer that nobody keeps.</summary>
    public static IResult Of<T>(T document, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.Json(document, ApiJson.Options);
    }

    private static string? Text(DateTimeOffset? instant) => instant is { } one ? Instant.Of(one).ToString() : null;
}
