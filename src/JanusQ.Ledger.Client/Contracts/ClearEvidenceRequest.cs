using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Allows an artifact set that was rolled back to be promoted again.</summary>
public sealed record ClearEvidenceRequest
{
    /// <summary>An example.</summary>
    public static ClearEvidenceRequest Example { get; } = new()
    {
        ArtifactSetSha256 = "d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9",
        Reason = "the cause was a broker's outage",
    };

    /// <summary>The artifact-set hash.</summary>
    [Description("The artifact-set hash.")]
    [RegularExpression(Forms.Sha256)]
    public required string ArtifactSetSha256 { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }
}
