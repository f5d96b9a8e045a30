using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>Which HTTP status a refusal of the ledger has. Its problem type is <c>urn:janusq:problem:CODE</c>.</summary>
internal static class ProblemTypes
{
    /// <summary>What a problem's type begins with.</summary>
    public const string Prefix = "urn:janusq:problem:";

    /// <summary>What only a server refuses, and the path of a tile, which is not there whatever is wrong with it.</summary>
    private static readonly Dictionary<string, int> Own = new(StringComparer.Ordinal)
    {
        ["request_invalid"] = StatusCodes.Status400BadRequest,
        ["cursor_of_another_query"] = StatusCodes.Status400BadRequest,
        ["content_digest_missing"] = StatusCodes.Status400BadRequest,
        ["not_found"] = StatusCodes.Status404NotFound,
        ["tile_path_malformed"] = StatusCodes.Status404NotFound,
        ["method_not_allowed"] = StatusCodes.Status405MethodNotAllowed,
        ["request_too_slow"] = StatusCodes.Status408RequestTimeout,
        ["submission_conflicted"] = StatusCodes.Status409Conflict,
        ["media_type_unsupported"] = StatusCodes.Status415UnsupportedMediaType,
        ["version_required"] = StatusCodes.Status428PreconditionRequired,
        ["rate_limited"] = StatusCodes.Status429TooManyRequests,
        ["unexpected_error"] = StatusCodes.Status500InternalServerError,
        ["issuer_unavailable"] = StatusCodes.Status503ServiceUnavailable,
        ["database_unavailable"] = StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The status; what is well formed and still refused is 422.</summary>
    public static int StatusOf(Refusal refusal) =>
        Own.TryGetValue(refusal.Code, out var own) ? own : StatusOf(RefusalKinds.Of(refusal.Code));

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Malformed => StatusCodes.Status400BadRequest,
        RefusalKind.NotAuthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.NotAuthorised => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.VersionChanged => StatusCodes.Status412PreconditionFailed,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        RefusalKind.IntegrityViolation => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
