using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Something that happened to the safety controls: the stream <c>drills</c> (ledger.md section 3).</summary>
public abstract record SafetyEvent : LedgerEvent;

/// <summary>A rehearsal of a safety control was recorded.</summary>
public sealed record DrillRecorded : SafetyEvent
{
    /// <summary>The check, for instance <c>killSwitchDryRunPassed</c> (gates-and-policy.md, rollback_required_checks).</summary>
    public required string Check { get; init; }

    /// <summary>Whether it passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>When it was performed, not after it was recorded.</summary>
    public required Instant PerformedAt { get; init; }

    /// <summary>What a roll back would go back to, or none.</summary>
    public string? RollbackTarget { get; init; }

    /// <summary>SHA-256 of the evidence of the rehearsal, or none.</summary>
    public Sha256Hash? EvidenceSha256 { get; init; }
}

/// <summary>The kill switch was engaged: every promotion is denied.</summary>
public sealed record KillSwitchEngaged : SafetyEvent
{
    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>The kill switch was released.</summary>
public sealed record KillSwitchReleased : SafetyEvent
{
    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>The latest rehearsal of one check.</summary>
/// <param name="Check">The check.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="PerformedAt">When it was performed.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="RollbackTarget">What a roll back would go back to, or none.</param>
/// <param name="EvidenceSha256">SHA-256 of its evidence, or none.</param>
public sealed record Drill(
    string Check, bool Passed, Instant PerformedAt, string By, string? RollbackTarget = null, Sha256Hash? EvidenceSha256 = null)
{
    /// <summary>The rehearsal as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("check", Check),
        ("passed", Passed),
        ("performed_at", PerformedAt.ToString()),
        ("by", By),
        ("rollback_target", RollbackTarget),
        ("evidence_sha256", EvidenceSha256 is { } hash ? hash : JsonValue.Null));
}

/// <summary>A kill switch that is engaged.</summary>
/// <param name="By">Who engaged it.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why.</param>
public sealed record EngagedKillSwitch(string By, Instant At, string Reason)
{
    /// <summary>The kill switch as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(("by", By), ("at", At.ToString()), ("reason", Reason));
}

/// <summary>What the stream <c>drills</c> adds up to: the latest rehearsal of each check, and the kill switch. Immutable.</summary>
public sealed record SafetyControls
{
    /// <summary>The key of the only stream.</summary>
    public const string Stream = "drills";

    /// <summary>The state before the first event.</summary>
    public static readonly SafetyControls Unrehearsed = new();

    /// <summary>The key of its stream, under which it is stored.</summary>
    public string Id { get; init; } = Stream;

    /// <summary>Number of events in this state.</summary>
    public long StreamVersion { get; init; }

    /// <summary>
    /// The latest rehearsal of each check by when it was performed, of two at the same instant the one recorded later; sorted by check.
    /// </summary>
    public ImmutableArray<Drill> Drills { get; init; } = [];

    /// <summary>The identity of every rehearsal ever recorded, in that order: recording one of them again changes nothing.</summary>
    public ImmutableArray<string> Recorded { get; init; } = [];

    /// <summary>The kill switch if it is engaged, else none.</summary>
    public EngagedKillSwitch? KillSwitch { get; init; }

    /// <summary>The identity of a rehearsal: the id of what was rehearsed, when, and how it went, whoever recorded it.</summary>
    public static string IdentityOf(
        string check, bool passed, Instant performedAt, string? rollbackTarget, Sha256Hash? evidenceSha256) =>
        CanonicalJson.Id(JsonObject.Of(
            ("check", check),
            ("passed", passed),
            ("performed_at", performedAt.ToString()),
            ("rollback_target", rollbackTarget),
            ("evidence_sha256", evidenceSha256 is { } hash ? hash : JsonValue.Null)));

    /// <summary>The latest rehearsal of a check, or none.</summary>
    public Drill? Find(string check)
    {
        foreach (var drill in Drills)
            if (string.Equals(drill.Check, check, StringComparison.Ordinal)) return drill;
        return null;
    }

    /// <summary>The state after one event more.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind that this state does not know.</exception>
    public SafetyControls After(SafetyEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var next = happened switch
        {
            DrillRecorded recorded => Rehearsed(recorded),
            KillSwitchEngaged engaged => this with { KillSwitch = new EngagedKillSwitch(engaged.Actor, engaged.At, engaged.Reason) },
            KillSwitchReleased => this with { KillSwitch = null },
            _ => throw new UnknownCandidateEventException($"The safety controls do not know {happened.GetType().Name}."),
        };
        return next with { StreamVersion = StreamVersion + 1 };
    }

    private SafetyControls Rehearsed(DrillRecorded recorded)
    {
        var known = this with
        {
            Recorded = Recorded.Add(IdentityOf(
                recorded.Check, recorded.Passed, recorded.PerformedAt, recorded.RollbackTarget, recorded.EvidenceSha256)),
        };
        var before = Find(recorded.Check);
        if (before is not null && before.PerformedAt > recorded.PerformedAt) return known;
        var drill = new Drill(
            recorded.Check, recorded.Passed, recorded.PerformedAt, recorded.Actor, recorded.RollbackTarget, recorded.EvidenceSha256);
        var others = before is null ? Drills : Drills.Remove(before);
        return known with { Drills = [.. others.Add(drill).OrderBy(one => one.Check, CodePoints.Order)] };
    }
}
