using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Cli.Database;

/// <summary>The PostgreSQL that the options name, whatever is on it.</summary>
internal static class DatabaseConnection
{
    /// <summary>Takes the server in use.</summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    public static Task<PostgreSqlLease> AcquireAsync(
        GlobalOptions options, ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        PostgreSqlSource.AcquireAsync(ServerOf(options, parsed, terminal), cancellation);

    /// <summary>Which server the options name.</summary>
    public static PostgreSqlOptions ServerOf(GlobalOptions options, ParseResult parsed, Terminal terminal) => new()
    {
        ConnectionString = parsed.GetValue(options.Connection),
        DataFolder = parsed.GetValue(options.Data),
        Log = terminal.Notice,
    };
}
