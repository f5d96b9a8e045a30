using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Makes an API key. Every request makes one: what is not answered may have made a key that nobody has.</summary>
public sealed record CreateKeyRequest
{
    /// <summary>An example.</summary>
    public static CreateKeyRequest Example { get; } = new()
    {
        Name = "lane-7",
        Role = "worker",
        ExpiresInSeconds = 7_776_000,
    };

    /// <summary>Who will hold it: the actor of what comes in with it.</summary>
    [Description("Who will hold it: the actor of what comes in with it.")]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]
    public required string Name { get; init; }

    /// <summary>The role in which its holder acts.</summary>
    [Description("The role in which its holder acts.")]
    [AllowedValues("worker", "approver", "operator", "compliance", "auditor", "admin")]
    public required string Role { get; init; }

    /// <summary>How many seconds it counts; none for until it is revoked.</summary>
    [Description("How many seconds it counts; null for until it is revoked.")]
    [Range(1, LongestSeconds)]
    public long? ExpiresInSeconds { get; init; }

    /// <summary>Seconds at most: a hundred years.</summary>
    public const long LongestSeconds = 36_500L * 24 * 3600;
}
