using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Gives a policy document the next version of a name.</summary>
public sealed record PublishPolicyRequest
{
    /// <summary>An example.</summary>
    public static PublishPolicyRequest Example { get; } = new()
    {
        Document = "{\"policy_version\": \"2026.02\"}",
        Note = "tighter drawdown",
    };

    /// <summary>The document, JSON, as a text: it is stored as it came, character by character.</summary>
    [Description("The policy document, JSON, as a text: it is stored as it came.")]
    [StringLength(int.MaxValue, MinimumLength = 1)]
    public required string Document { get; init; }

    /// <summary>What for, a sentence for people.</summary>
    [Description("What for, a sentence for people.")]
    [StringLength(4000, MinimumLength = 1)]
    public required string Note { get; init; }
}
