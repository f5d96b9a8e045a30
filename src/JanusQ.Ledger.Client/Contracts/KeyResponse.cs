using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>An API key as it is kept: everything but the key.</summary>
public sealed record KeyResponse
{
    /// <summary>An example.</summary>
    public static KeyResponse Example { get; } = new()
    {
        KeyId = "key-4be1a7f0c2d9",
        Name = "lane-7",
        Role = "worker",
        Status = "valid",
        CreatedAt = "2026-02-25T06:00:00Z",
        CreatedBy = "anna",
        ExpiresAt = "2026-05-26T06:00:00Z",
    };

    /// <summary>What people name it by.</summary>
    public required string KeyId { get; init; }

    /// <summary>Who holds it.</summary>
    public required string Name { get; init; }

    /// <summary>The role in which its holder acts.</summary>
    public required string Role { get; init; }

    /// <summary><c>valid</c>, <c>expired</c> or <c>revoked</c>.</summary>
    [Description("valid, expired or revoked.")]
    public required string Status { get; init; }

    /// <summary>When it was made.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From which instant on it no longer counts; null: it does not expire.</summary>
    [Description("From which instant on it no longer counts; null: it does not expire.")]
    public string? ExpiresAt { get; init; }

    /// <summary>Since when it is revoked; null if it is not.</summary>
    [Description("Since when it is revoked; null if it is not.")]
    public string? RevokedAt { get; init; }
}

/// <summary>A key that was made now.</summary>
public sealed record CreatedKeyResponse
{
    /// <summary>An example.</summary>
    public static CreatedKeyResponse Example { get; } = new()
    {
        Key = "jq_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EX",
        About = KeyResponse.Example,
    };

    /// <summary>The key itself: it is in this answer and nowhere else.</summary>
    [Description("The key itself: it is in this answer and nowhere else.")]
    public required string Key { get; init; }

    /// <summary>What is kept of it.</summary>
    public required KeyResponse About { get; init; }
}

/// <summary>All keys.</summary>
public sealed record KeyListResponse
{
    /// <summary>An example.</summary>
    public static KeyListResponse Example { get; } = new() { Keys = [KeyResponse.Example] };

    /// <summary>All keys that were ever made, oldest first.</summary>
    public required IReadOnlyList<KeyResponse> Keys { get; init; }
}

/// <summary>A key that is taken back.</summary>
public sealed record RevokedKeyResponse
{
    /// <summary>It was revoked now.</summary>
    public const string Revoked = "revoked";

    /// <summary>It was revoked before.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>An example.</summary>
    public static RevokedKeyResponse Example { get; } = new()
    {
        Outcome = Revoked,
        OwnKey = false,
        AdminKeysLeft = 2,
        About = KeyResponse.Example with { Status = Revoked, RevokedAt = "2026-02-26T09:30:00Z" },
    };

    /// <summary><c>revoked</c>, or <c>unchanged</c> where it was revoked before.</summary>
    [Description("revoked, or unchanged where it was revoked before.")]
    public required string Outcome { get; init; }

    /// <summary>Whether it is the key of this very request, which the server takes for seconds only.</summary>
    [Description("Whether it is the key of this very request: the server takes it for a few seconds more, and then no longer.")]
    public required bool OwnKey { get; init; }

    /// <summary>Keys of the role admin that count now. Without one, keys are made on the database only.</summary>
    [Description("Keys of the role admin that count now. Without one, keys are made on the database only.")]
    public required long AdminKeysLeft { get; init; }

    /// <summary>The key.</summary>
    public required KeyResponse About { get; init; }
}
