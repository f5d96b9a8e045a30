using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Takes a champion from its place.</summary>
public sealed record PlaceRequest
{
    /// <summary>An example.</summary>
    public static PlaceRequest Example { get; } = new()
    {
        CandidateId = "cand-0123456789ab",
        Reason = "it trades too much",
    };

    /// <summary>The champion.</summary>
    [Description("The champion.")]
    [RegularExpression(Forms.CandidateId)]
    public required string CandidateId { get; init; }

    /// <summary>A sentence for people.</summary>
    [Description("Why, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Reason { get; init; }
}
