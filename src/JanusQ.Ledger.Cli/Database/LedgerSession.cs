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

    private LedgerSession(PostgreSqlLease lease, LedgerHost ledger, string actor, string? role)
    {
        _lease = lease;
        Ledger = ledger;
        Actor = actor;
        Role = role;
    }

    /// <summary>The ledger.</summary>
    public LedgerHost Ledger { get; }

    /// <summary>Who acts.</summary>
    public string Actor { get; }

    /// <summary>The role that was asked for; none leaves it to the command.</summary>
    public string? Role { get; }

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
        cancellation,
        parsed.GetValue(options.Role));

    /// <summary>Opens the ledger on a server.</summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    public static async Task<LedgerSession> OpenAsync(PostgreSqlOptions server, string actor, CancellationToken cancellation, string? role = null)
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

    /// <summary>The actor in the role that was asked for, else in the one that the command takes.</summary>
    public Submitter As(string unlessAskedFor) => new(Actor, Role ?? unlessAskedFor);

    /// <summary>Records a finished evaluation.</summary>
    public Task<Recording> SubmitAsync(SubmitLaneRun submission, CancellationToken cancellation) => Ledger.SendAsync(submission, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
    }
}
