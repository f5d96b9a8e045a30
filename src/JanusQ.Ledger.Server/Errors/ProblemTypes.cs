using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>Which HTTP status a refusal of the ledger has. Its problem type is <c>urn:janusq:problem:CODE</c>.</summary>
internal static class ProblemTypes
{
    /// <summary>What a problem's type begins with.</summary>
    public const string Prefix = "urn:janusq:problem:";

    private static readonly Dictionary<string, int> Statuses = new(StringComparer.Ordinal)
    {
        ["command_invalid"] = StatusCodes.Status400BadRequest,
        ["request_invalid"] = StatusCodes.Status400BadRequest,
        ["cursor_of_another_query"] = StatusCodes.Status400BadRequest,
        ["content_digest_missing"] = StatusCodes.Status400BadRequest,
        ["content_hash_mismatch"] = StatusCodes.Status400BadRequest,
        ["not_authenticated"] = StatusCodes.Status401Unauthorized,
        ["not_authorised"] = StatusCodes.Status403Forbidden,
        ["approval_not_independent"] = StatusCodes.Status403Forbidden,
        ["activation_approval_missing"] = StatusCodes.Status403Forbidden,
        ["unknown_candidate"] = StatusCodes.Status404NotFound,
        ["unknown_evaluation"] = StatusCodes.Status404NotFound,
        ["unknown_decision"] = StatusCodes.Status404NotFound,
        ["unknown_approval"] = StatusCodes.Status404NotFound,
        ["unknown_policy"] = StatusCodes.Status404NotFound,
        ["unknown_policy_version"] = StatusCodes.Status404NotFound,
        ["policy_missing"] = StatusCodes.Status404NotFound,
        ["unknown_version"] = StatusCodes.Status404NotFound,
        ["unknown_run"] = StatusCodes.Status404NotFound,
        ["projection_not_found"] = StatusCodes.Status404NotFound,
        ["unknown_key"] = StatusCodes.Status404NotFound,
        ["tile_path_malformed"] = StatusCodes.Status404NotFound,
        ["unknown_event"] = StatusCodes.Status404NotFound,
        ["unknown_artifact"] = StatusCodes.Status404NotFound,
        ["not_found"] = StatusCodes.Status404NotFound,
        ["log_not_signed_yet"] = StatusCodes.Status404NotFound,
        ["submission_conflicted"] = StatusCodes.Status409Conflict,
        ["evaluation_completed"] = StatusCodes.Status409Conflict,
        ["evaluation_failed"] = StatusCodes.Status409Conflict,
        ["evaluation_not_completed"] = StatusCodes.Status409Conflict,
        ["approval_used"] = StatusCodes.Status409Conflict,
        ["not_champion"] = StatusCodes.Status409Conflict,
        ["evidence_not_rolled_back"] = StatusCodes.Status409Conflict,
        ["activation_approval_not_needed"] = StatusCodes.Status409Conflict,
        ["method_not_allowed"] = StatusCodes.Status405MethodNotAllowed,
        ["request_too_slow"] = StatusCodes.Status408RequestTimeout,
        ["version_changed"] = StatusCodes.Status412PreconditionFailed,
        ["content_too_large"] = StatusCodes.Status413PayloadTooLarge,
        ["lane_archive_too_large"] = StatusCodes.Status413PayloadTooLarge,
        ["media_type_unsupported"] = StatusCodes.Status415UnsupportedMediaType,
        ["version_required"] = StatusCodes.Status428PreconditionRequired,
        ["too_many_followers"] = StatusCodes.Status429TooManyRequests,
        ["audit_running"] = StatusCodes.Status429TooManyRequests,
        ["rebuild_running"] = StatusCodes.Status429TooManyRequests,
        ["too_many_exports"] = StatusCodes.Status429TooManyRequests,
        ["rate_limited"] = StatusCodes.Status429TooManyRequests,
        ["integrity_violation"] = StatusCodes.Status500InternalServerError,
        ["unexpected_error"] = StatusCodes.Status500InternalServerError,
        ["log_busy"] = StatusCodes.Status503ServiceUnavailable,
        ["log_held_up"] = StatusCodes.Status503ServiceUnavailable,
        ["projections_behind"] = StatusCodes.Status503ServiceUnavailable,
        ["database_unavailable"] = StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The status; what is well formed and still refused is 422.</summary>
    public static int StatusOf(Refusal refusal) => Statuses.GetValueOrDefault(refusal.Code, StatusCodes.Status422UnprocessableEntity);
}
