namespace JanusQ.Ledger.Core.Audit;

/// <summary>What is checked (audit.md section 4, by the letters there).</summary>
public enum AuditCheck
{
    /// <summary>(a) Every event hashes to its leaf, every leaf to the tree, the tree to every checkpoint.</summary>
    Log,

    /// <summary>(b) No event is missing from the log, none in the log is missing from the events, no stream has a gap.</summary>
    Completeness,

    /// <summary>(c) Every hash in an event resolves to bytes that hash to it.</summary>
    Content,

    /// <summary>(d) What a Janus artifact says of itself follows from its records.</summary>
    Artifacts,

    /// <summary>(e) Every decision replays to <c>match</c>.</summary>
    Decisions,

    /// <summary>(f) Every projection equals its rebuild.</summary>
    Projections,

    /// <summary>(g) One champion a target at all times, approvals used once and of another actor.</summary>
    Places,

    /// <summary>(h) Every lane that can be run again emits the files that are recorded; made on demand only (<c>--deep</c>).</summary>
    Research,
}

/// <summary>The letters of the checks.</summary>
public static class AuditChecks
{
    /// <summary><c>a</c> to <c>h</c>.</summary>
    public static char Letter(this AuditCheck check) => (char)('a' + (int)check);
}
