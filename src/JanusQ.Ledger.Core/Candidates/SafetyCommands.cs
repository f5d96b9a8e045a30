using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A request to change the safety controls.</summary>
public abstract record SafetyCommand : LedgerCommand
{
    /// <summary>The key of the only stream of safety controls.</summary>
    public sealed override string Stream => SafetyControls.Stream;
}

/// <summary>Record a rehearsal of a safety control.</summary>
public sealed record RecordDrill : SafetyCommand
{
    /// <summary>The check, 1 to 100 of letters, digits and <c>_</c>, for instance <c>killSwitchDryRunPassed</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Whether it passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>When it was performed, not in the future.</summary>
    public required Instant PerformedAt { get; init; }

    /// <summary>What a roll back would go back to, or none.</summary>
    public string? RollbackTarget { get; init; }

    /// <summary>SHA-256 of the evidence of the rehearsal, which resolves in the content store, or none.</summary>
    public Sha256Hash? EvidenceSha256 { get; init; }
}

/// <summary>Deny every promotion from now on.</summary>
public sealed record EngageKillSwitch : SafetyCommand
{
    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>Deny promotions no longer for the kill switch's sake.</summary>
public sealed record ReleaseKillSwitch : SafetyCommand
{
    /// <summary>A sentence for people, at most 4000 characters.</summary>
    public required string Reason { get; init; }
}
