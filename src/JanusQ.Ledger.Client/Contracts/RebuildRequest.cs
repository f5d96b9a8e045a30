using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Makes projections anew from the events, or only compares them with the events.</summary>
public sealed record RebuildRequest
{
    /// <summary>An example.</summary>
    public static RebuildRequest Example { get; } = new()
    {
        Projection = "Decision",
        Compare = true,
    };

    /// <summary>The projection; none for all of them.</summary>
    [Description("The projection; null for all of them.")]
    [StringLength(100, MinimumLength = 1)]
    public string? Projection { get; init; }

    /// <summary>Whether it is only said what differs, and nothing is changed.</summary>
    [Description("Whether it is only said what differs, and nothing is changed.")]
    public bool Compare { get; init; }
}
