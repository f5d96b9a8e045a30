using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Records a rehearsal of a safety control.</summary>
public sealed record RecordDrillRequest
{
    /// <summary>An example.</summary>
    public static RecordDrillRequest Example { get; } = new()
    {
        Check = "killSwitchDryRunPassed",
        Passed = true,
        PerformedAt = "2026-02-24T09:30:00Z",
        RollbackTarget = "release-2026-02-20",
    };

    /// <summary>What was rehearsed, for instance <c>killSwitchDryRunPassed</c>.</summary>
    [Description("What was rehearsed: 1 to 100 letters, digits and _, for instance killSwitchDryRunPassed.")]
    [RegularExpression("^[a-zA-Z0-9_]{1,100}$")]
    public required string Check { get; init; }

    /// <summary>Whether it passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>When it was performed, not in the future.</summary>
    [Description("When it was performed, with its offset, not in the future.")]
    [RegularExpression(Forms.Instant)]
    public required string PerformedAt { get; init; }

    /// <summary>What a roll back would go back to, or none.</summary>
    [Description("What a roll back would go back to, or null.")]
    [StringLength(200, MinimumLength = 1)]
    public string? RollbackTarget { get; init; }

    /// <summary>The bytes of its evidence, which are stored, or none.</summary>
    [Description("The bytes of its evidence in base64, which are stored, or null.")]
    [Base64String]
    public string? Evidence { get; init; }

    /// <summary>SHA-256 of its evidence: needed only where that is stored already and does not come along.</summary>
    [Description("SHA-256 of its evidence; needed only where that is stored already and does not come along.")]
    [RegularExpression(Forms.Sha256)]
    public string? EvidenceSha256 { get; init; }
}
