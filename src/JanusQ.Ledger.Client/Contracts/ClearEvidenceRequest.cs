using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Allows an artifact set that was rolled back to be promoted again.</summary>
public sealed record ClearEvidenceRequest
{
    /// <summary>The artifact-set hash.</summary>
    [Description("The artifact-set hash.")]
    [RegularExpression(Forms.Sha256)]
    public required string ArtifactSetSha256 { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }
}
