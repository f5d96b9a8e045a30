using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Log;
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
    /// <exception cref="RefusedException">By one of the names of <see cref="StartUpChecks"/>.</exception>
    public static Task<LedgerSession> OpenAsync(
        GlobalOptions options,
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellation,
        Func<PostgreSqlServerFacts, Task<LogOptions>>? log = null,
        bool serves = false) => OpenAsync(
        DatabaseConnection.ServerOf(options, parsed, terminal),
        parsed.GetRequiredValue(options.Actor),
        parsed.GetValue(options.Accept),
        cancellation,
        parsed.GetValue(options.Role),
        log,
        serves);

    /// <summary>
    /// Opens the ledger on a server. One that this program runs for itself gets the schema that it needs, and has one role that does
    /// everything; one that somebody named is used as it is. Where it serves others, what runs in the background is started.
    /// </summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    /// <exception cref="RefusedException">By one of the names of <see cref="StartUpChecks"/>.</exception>
    public static async Task<LedgerSession> OpenAsync(
        PostgreSqlOptions server,
        string actor,
        AcceptedRisks accepted,
        CancellationToken cancellation,
        string? role = null,
        Func<PostgreSqlServerFacts, Task<LogOptions>>? log = null,
        bool serves = false)
    {
        var lease = await PostgreSqlSource.AcquireAsync(server, cancellation).ConfigureAwait(false);
        try
        {
            var isPrivate = lease.Origin != PostgreSqlOrigin.Explicit;
            var ledgerOptions = new LedgerOptions
            {
                ConnectionString = lease.ConnectionString,
                CreateSchema = isPrivate,
                Accept = isPrivate ? accepted | AcceptedRisks.OwnerConnection : accepted,
                Log = log is null ? null : await log(lease.Facts).ConfigureAwait(false),
                RunLog = serves && log is not null,
            };
            var ledger = serves
                ? await LedgerHost.StartAsync(ledgerOptions, cancellation: cancellation).ConfigureAwait(false)
                : await LedgerHost.OpenAsync(ledgerOptions, cancellation: cancellation).ConfigureAwait(false);
            return new LedgerSession(lease, ledger, actor, role);
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
