using System.Collections.Frozen;

namespace JanusQ.Ledger.Core;

/// <summary>What a refusal comes to for the one who asked, whatever it is about: each edge answers each kind in its own way.</summary>
public enum RefusalKind
{
    /// <summary>Well formed, and refused all the same.</summary>
    Unacceptable,

    /// <summary>Not of the form that is expected.</summary>
    Malformed,

    /// <summary>Nobody knows who asks.</summary>
    NotAuthenticated,

    /// <summary>The actor may not do this.</summary>
    NotAuthorised,

    /// <summary>What was asked for does not exist.</summary>
    NotFound,

    /// <summary>It contradicts what is recorded.</summary>
    Conflict,

    /// <summary>It was asked for at a version that is not the current one any more.</summary>
    VersionChanged,

    /// <summary>Larger than what is taken.</summary>
    TooLarge,

    /// <summary>Too many ask for it at the same time.</summary>
    TooMany,

    /// <summary>Not to be had now; the same may be asked for again.</summary>
    Unavailable,

    /// <summary>Something stored is not what it must be.</summary>
    IntegrityViolation,
}

/// <summary>Which kind a refusal is of.</summary>
public static class RefusalKinds
{
    private static readonly FrozenDictionary<string, RefusalKind> Kinds = new Dictionary<RefusalKind, string[]>
    {
        [RefusalKind.Malformed] = ["command_invalid", "content_hash_mismatch"],
        [RefusalKind.NotAuthenticated] = ["not_authenticated"],
        [RefusalKind.NotAuthorised] = ["not_authorised", "approval_not_independent", "activation_approval_missing"],
        [RefusalKind.NotFound] =
        [
            "unknown_candidate", "unknown_evaluation", "unknown_decision", "unknown_approval", "unknown_policy", "unknown_policy_version",
            "policy_missing", "unknown_version", "unknown_run", "unknown_event", "unknown_artifact", "unknown_key", "log_not_signed_yet",
            "projection_not_found",
        ],
        [RefusalKind.Conflict] =
        [
            "evaluation_completed", "evaluation_failed", "evaluation_not_completed", "approval_stands", "approval_used",
            "not_champion",
            "evidence_not_rolled_back", "activation_approval_not_needed", "log_key_exists", "sequence_ahead",
        ],
        [RefusalKind.VersionChanged] = ["version_changed"],
        [RefusalKind.TooLarge] = ["content_too_large", "lane_archive_too_large"],
        [RefusalKind.TooMany] = ["too_many_followers", "audit_running", "rebuild_running", "too_many_exports", "too_many_uploads"],
        [RefusalKind.Unavailable] = ["projections_behind", "log_busy", "log_held_up"],
        [RefusalKind.IntegrityViolation] = ["integrity_violation", "migration_changed", "migration_gap"],
    }.SelectMany(kind => kind.Value, (kind, code) => KeyValuePair.Create(code, kind.Key)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kind of a refusal by its code; <see cref="RefusalKind.Unacceptable"/> where nothing more is known of it.</summary>
    public static RefusalKind Of(string code) => Kinds.GetValueOrDefault(code);
}
