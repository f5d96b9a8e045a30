using System.CommandLine;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;
using Npgsql;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>Runs the work of a command and turns whatever happens into one answer or one message, and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Sets a command's work.</summary>
    public static void Runs(
        this Command command, GlobalOptions options, Func<ParseResult, Terminal, CancellationToken, Task<Answer>> work) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = parsed.InvocationConfiguration;
            var terminal = new Terminal(parsed.GetValue(options.Output), invocation.Output, invocation.Error);
            try
            {
                var answer = await work(parsed, terminal, cancellation).ConfigureAwait(false);
                terminal.Write(answer);
                return (int)answer.ExitCode;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return Fail(terminal, new CliFailure(ExitCode.Interrupted, "interrupted", "Interrupted; nothing half-written is left."));
            }
            catch (Exception failure) when (Explain(failure) is { } explained)
            {
                return Fail(terminal, explained);
            }
        });

    private static int Fail(Terminal terminal, CliFailure failure)
    {
        terminal.Error.WriteLine($"janusq: {failure.Message}");
        if (terminal.Format == OutputFormat.Json)
        {
            terminal.Write(JsonObject.Of(
                ("error", new JsonObject([new("code", failure.Code), new("message", failure.Message), .. failure.Details.Members]))));
        }

        return (int)failure.ExitCode;
    }

    private static CliFailure? Explain(Exception failure) => failure switch
    {
        CliFailure explained => explained,
        RefusedException refused => refused.Refusal.ToFailure(),
        LogStoppedException stopped => new CliFailure(ExitCode.IntegrityViolation, stopped.Refusal.Code, stopped.Refusal.Explanation)
        {
            Details = JsonObject.Of(("refused", stopped.Refusal.ToJson())),
        },
        IntegrityException broken => new CliFailure(ExitCode.IntegrityViolation, "integrity_violation", broken.Message),
        PostgreSqlUnavailableException unavailable => new CliFailure(ExitCode.Failed, "database_unavailable", unavailable.Message),
        PostgresException database => new CliFailure(
            ExitCode.Failed, "database_error", $"The database refuses: {database.MessageText} (SQLSTATE {database.SqlState})."),
        NpgsqlException database =>
            new CliFailure(ExitCode.Failed, "database_unavailable", $"The database cannot be reached: {database.Message}"),
        HttpRequestException unreachable =>
            new CliFailure(ExitCode.Failed, "server_unavailable", $"The server cannot be reached: {unreachable.Message}"),
        HttpIOException broken =>
            new CliFailure(ExitCode.Failed, "server_unavailable", $"The server's answer broke off: {broken.Message}"),
        UnauthorizedAccessException or IOException => new CliFailure(ExitCode.Failed, "input_output_error", failure.Message),
        _ when Environment.GetEnvironmentVariable("JANUSQ_DEBUG") is { Length: > 0 } => null,
        _ => new CliFailure(
            ExitCode.Failed, "unexpected_error",
            $"Unexpected: {failure.GetType().Name}: {failure.Message} (set JANUSQ_DEBUG=1 to see where)."),
    };
}
