using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Database;

/// <summary>A PostgreSQL that is in use and the ledger on it, for the time of one command.</summary>
internal sealed class LedgerSession : IAsyncDisposable
{
    private readonly PostgreSqlLease _lease;

    private readonly string? _role;

    private LedgerSession(PostgreSqlLease lease, LedgerHost ledger, string actor, string? role)
    {
        _lease = lease;
        _role = role;
        Ledger = ledger;
        Actor = actor;
    }

    /// <summary>The ledger.</summary>
    public LedgerHost Ledger { get; }

    /// <summary>Who acts.</summary>
    public string Actor { get; }

    /// <summary>What is known about the server.</summary>
    public PostgreSqlServerFacts Facts => _lease.Facts;

    /// <summary>Opens the ledger that the options name.</summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    public static Task<LedgerSession> OpenAsync(GlobalOptions options, ParseResult parsed, Terminal terminal, CancellationToken cancellation) => OpenAsync(
        new PostgreSqlOptions
        {
            ConnectionString = parsed.GetValue(options.Connection),
            DataFolder = parsed.GetValue(options.Data),
            Log = terminal.Notice,
        },
        parsed.GetRequiredValue(options.Actor),
        parsed.GetValue(options.Role),
        cancellation);

    /// <summary>Opens the ledger on a server.</summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    public static async Task<LedgerSession> OpenAsync(PostgreSqlOptions server, string actor, string? role, CancellationToken cancellation)
    {
        var lease = await PostgreSqlSource.AcquireAsync(server, cancellation).ConfigureAwait(false);
        try
        {
            return new LedgerSession(lease, LedgerHost.Open(new LedgerOptions { ConnectionString = lease.ConnectionString, CreateSchema = true }), actor, role);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The actor in the role that was asked for, an operator if none was.</summary>
    public Submitter By => new(Actor, _role ?? Roles.Operator);

    /// <summary>The actor in the role that was asked for, a worker if none was.</summary>
    public Submitter AsWorker => new(Actor, _role ?? Roles.Worker);

    /// <summary>Records a finished evaluation.</summary>
    public Task<Recording> SubmitAsync(SubmitLaneRun submission, CancellationToken cancellation) => Ledger.SendAsync(submission, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
    }
}
