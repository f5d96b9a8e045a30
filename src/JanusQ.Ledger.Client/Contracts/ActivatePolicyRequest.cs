using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Makes a version the one that decisions may rest on.</summary>
public sealed record ActivatePolicyRequest
{
    /// <summary>An example.</summary>
    public static ActivatePolicyRequest Example { get; } = new()
    {
        Version = 1,
        Note = "from the first of March on",
    };

    /// <summary>The version; the latest without it.</summary>
    [Description("The version; null for the latest.")]
    [Range(1, int.MaxValue)]
    public int? Version { get; init; }

    /// <summary>What for, a sentence for people.</summary>
    [Description("What for, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Note { get; init; }
}
