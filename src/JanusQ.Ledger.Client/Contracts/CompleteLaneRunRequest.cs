using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Says that all artifacts of an evaluation are there.</summary>
public sealed record CompleteLaneRunRequest
{
    /// <summary>An example.</summary>
    public static CompleteLaneRunRequest Example { get; } = new()
    {
        ArtifactCount = 15,
        ArtifactSetSha256 = "d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9d0b5b5a9",
    };

    /// <summary>Number of artifacts.</summary>
    [Description("Number of artifacts.")]
    [Range(1, 4096)]
    public required int ArtifactCount { get; init; }

    /// <summary>SHA-256 of the canonical JSON of path to SHA-256, sorted by path (ledger.md section 3).</summary>
    [Description("The artifact-set hash: SHA-256 of the canonical JSON object of path to SHA-256.")]
    [RegularExpression(Forms.Sha256)]
    public required string ArtifactSetSha256 { get; init; }
}
