using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>Ends a command with one clear message and an exit code.</summary>
/// <param name="exitCode">What the program ends with.</param>
/// <param name="code">A stable name for programs.</param>
/// <param name="message">A sentence for people: the place, the expectation, what was found.</param>
internal sealed class CliFailure(ExitCode exitCode, string code, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    public string Code { get; } = code;

    /// <summary>Members beside code and message.</summary>
    public JsonObject Details { get; init; } = JsonObject.Empty;

    /// <summary>A refused command: what it names does not exist, the actor may not, or it does not fit what is recorded.</summary>
    public static CliFailure Of(Refusal refusal) => new(
        refusal.Code switch
        {
            "not_authorised" => ExitCode.NotAuthorised,
            _ when refusal.Code.StartsWith("unknown_", StringComparison.Ordinal) => ExitCode.NotFound,
            _ => ExitCode.Failed,
        },
        refusal.Code,
        refusal.Explanation)
    {
        Details = JsonObject.Of(("refused", refusal.ToJson())),
    };
}
