using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
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

    /// <summary>Refuses what works on no server.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why not, and what to do instead.</param>
    /// <exception cref="CliFailure"><c>needs_database</c>: the options name a ledger behind a server.</exception>
    public static void Demand(GlobalOptions options, ParseResult parsed, string why)
    {
        if (RemoteLedger.IsNamed(options, parsed)) throw IsNeeded(why);
    }

    /// <summary>What is asked for works on a database, and a server is named.</summary>
    public static CliFailure IsNeeded(
        string why = "This works on the ledger's database itself: use --connection or --data, not --server.") =>
        new(ExitCode.Usage, "needs_database", why);

    /// <summary>Which server the options name.</summary>
    public static PostgreSqlOptions ServerOf(GlobalOptions options, ParseResult parsed, Terminal terminal) => new()
    {
        ConnectionString = parsed.GetValue(options.Connection),
        DataFolder = parsed.GetValue(options.Data),
        Log = terminal.Notice,
    };
}
