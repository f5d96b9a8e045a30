using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>How a refused command ends the program.</summary>
internal static class RefusalAnswer
{
    /// <summary>What the program ends with: not found, conflict with what is recorded, not authorised, else failed.</summary>
    public static ExitCode ExitOf(Refusal refusal) => RefusalKinds.Of(refusal.Code) switch
    {
        RefusalKind.NotFound => ExitCode.NotFound,
        RefusalKind.Conflict or RefusalKind.VersionChanged => ExitCode.Conflict,
        RefusalKind.NotAuthenticated or RefusalKind.NotAuthorised => ExitCode.NotAuthorised,
        RefusalKind.IntegrityViolation => ExitCode.IntegrityViolation,
        _ => ExitCode.Failed,
    };

    /// <summary>The refusal as the end of a command.</summary>
    public static CliFailure ToFailure(this Refusal refusal) =>
        new(ExitOf(refusal), refusal.Code, refusal.Explanation) { Details = JsonObject.Of(("refused", refusal.ToJson())) };
}
