using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Why somebody pauses, resumes, takes back, engages or releases.</summary>
public sealed record ReasonRequest
{
    /// <summary>An example.</summary>
    public static ReasonRequest Example { get; } = new()
    {
        Reason = "a broker reports stale quotes",
    };

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }
}
