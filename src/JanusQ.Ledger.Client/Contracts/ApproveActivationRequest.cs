using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Agrees to the activation of a version that enables live.</summary>
public sealed record ApproveActivationRequest
{
    /// <summary>An example.</summary>
    public static ApproveActivationRequest Example { get; } = new()
    {
        Version = 2,
        Reason = "reviewed with the risk committee",
    };

    /// <summary>The version.</summary>
    [Description("The version.")]
    [Range(1, int.MaxValue)]
    public required int Version { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }
}
