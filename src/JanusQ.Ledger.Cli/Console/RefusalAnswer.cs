using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>How a refused command ends the program.</summary>
internal static class RefusalAnswer
{
    private static readonly Dictionary<string, ExitCode> Exits = new(StringComparer.Ordinal)
    {
        ["unknown_candidate"] = ExitCode.NotFound,
        ["unknown_evaluation"] = ExitCode.NotFound,
        ["unknown_decision"] = ExitCode.NotFound,
        ["unknown_approval"] = ExitCode.NotFound,
        ["unknown_policy"] = ExitCode.NotFound,
        ["unknown_policy_version"] = ExitCode.NotFound,
        ["policy_missing"] = ExitCode.NotFound,
        ["unknown_event"] = ExitCode.NotFound,
        ["unknown_artifact"] = ExitCode.NotFound,
        ["unknown_version"] = ExitCode.NotFound,
        ["not_authenticated"] = ExitCode.NotAuthorised,
        ["version_changed"] = ExitCode.Conflict,
        ["unknown_key"] = ExitCode.NotFound,
        ["log_not_signed_yet"] = ExitCode.NotFound,
        ["log_key_exists"] = ExitCode.Conflict,
        ["evaluation_completed"] = ExitCode.Conflict,
        ["evaluation_failed"] = ExitCode.Conflict,
        ["evaluation_not_completed"] = ExitCode.Conflict,
        ["approval_used"] = ExitCode.Conflict,
        ["not_champion"] = ExitCode.Conflict,
        ["evidence_not_rolled_back"] = ExitCode.Conflict,
        ["activation_approval_not_needed"] = ExitCode.Conflict,
        ["projection_not_found"] = ExitCode.NotFound,
        ["integrity_violation"] = ExitCode.IntegrityViolation,
        ["migration_changed"] = ExitCode.IntegrityViolation,
        ["migration_gap"] = ExitCode.IntegrityViolation,
        ["not_authorised"] = ExitCode.NotAuthorised,
        ["approval_not_independent"] = ExitCode.NotAuthorised,
        ["activation_approval_missing"] = ExitCode.NotAuthorised,
    };

    /// <summary>What the program ends with: not found, conflict with what is recorded, not authorised, else failed.</summary>
    public static ExitCode ExitOf(Refusal refusal) => Exits.GetValueOrDefault(refusal.Code, ExitCode.Failed);

    /// <summary>The refusal as the end of a command.</summary>
    public static CliFailure ToFailure(this Refusal refusal) =>
        new(ExitOf(refusal), refusal.Code, refusal.Explanation) { Details = JsonObject.Of(("refused", refusal.ToJson())) };
}
