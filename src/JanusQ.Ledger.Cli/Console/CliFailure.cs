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
}
