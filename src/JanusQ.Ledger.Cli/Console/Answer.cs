using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>What a command found, for programs and for people.</summary>
/// <param name="Document">The one JSON document of <c>--output json</c>; its shape is part of the contract.</param>
/// <param name="Show">Writes the same for people.</param>
internal sealed record Answer(JsonObject Document, Action<IAnsiConsole> Show)
{
    /// <summary>What the program ends with.</summary>
    public ExitCode ExitCode { get; init; } = ExitCode.Done;
}
