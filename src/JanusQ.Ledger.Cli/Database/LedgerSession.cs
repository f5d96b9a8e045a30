using System.CommandLine;
using JanusQ.Ledger.Cli.Access;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Database;

/// <summary>A ledger for the time of one command: one on a PostgreSQL that is in use meanwhile, or one behind a server.</summary>
internal sealed class LedgerSession : IAsyncDisposable
{
    private readonly (PostgreSqlLease Lease, LedgerHost Ledger)? _database;
    private readonly RemoteLedger? _server;

    private LedgerSession(PostgreSqlLease lease, LedgerHost ledger, string actor, string? role)
    {
        _database = (lease, ledger);
        Actor = actor;
        Role = role;
    }

    private LedgerSession(RemoteLedger server)
    {
        _server = server;
        Actor = "";
    }

    /// <summary>Everything that changes the ledger.</summary>
    public ILedgerCommands Commands => _server?.Commands ?? (ILedgerCommands)Ledger;

    /// <summary>Everything that is asked of it.</summary>
    public ILedgerQuestions Questions => _server?.Questions ?? Ledger.Questions;

    /// <summary>Who may reach the server.</summary>
    public IAccessKeys AccessKeys => _server?.AccessKeys ?? (IAccessKeys)new StoredAccessKeys(Ledger, Named);

    /// <summary>The ledger on its database.</summary>
    /// <exception cref="CliFailure"><c>needs_database</c>: it is behind a server.</exception>
    public LedgerHost Ledger => Database.Ledger;

    /// <summary>The transparency log behind a server; none where the ledger is on its database.</summary>
    public RemoteLog? RemoteLog => _server?.Log;

    /// <summary>The audits and exports of a server; none where the ledger is on its database.</summary>
    public RemoteAudits? RemoteAudits => _server?.Audits;

    /// <summary>What a server does for its database; none where the ledger is on its database.</summary>
    public RemoteMaintenance? RemoteMaintenance => _server?.Maintenance;

    /// <summary>Who acts.</summary>
    public string Actor { get; }

    /// <summary>The role that was asked for; none leaves it to the command.</summary>
    public string? Role { get; }

    /// <summary>What is known about the server.</summary>
    /// <exception cref="CliFailure"><c>needs_database</c>: the ledger is behind another.</exception>
    public PostgreSqlServerFacts Facts => Database.Lease.Facts;

    private (PostgreSqlLease Lease, LedgerHost Ledger) Database => _database ?? throw DatabaseConnection.IsNeeded();

    /// <summary>Opens the ledger that the options name.</summary>
    /// <exception cref="PostgreSqlUnavailableException">There is no PostgreSQL, or the one named does not work.</exception>
    /// <exception cref="RefusedException">By one of the names of <see cref="StartUpChecks"/>.</exception>
    public static Task<LedgerSession> OpenAsync(
        GlobalOptions options,
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellation,
        Func<PostgreSqlServerFacts, Task<LogOptions>>? log = null,
        bool serves = false,
        bool roleIsAsked = false) => RemoteLedger.Find(options, parsed, roleIsAsked) is { } server
        ? Task.FromResult(new LedgerSession(server))
        : OpenAsync(
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
                RunProjections = serves,
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

    /// <summary>
    /// The actor in the role that was asked for, else in the one that the command takes. A server takes neither: the key says who acts.
    /// </summary>
    /// <exception cref="CliFailure"><c>actor_missing</c>: nobody is named, by the options or by the operating system.</exception>
    public Submitter As(string unlessAskedFor) => new(Named(), Role ?? unlessAskedFor);

    // A user that only has a number, as in a container, has no name of its own; behind a server the key names one.
    private string Named() => _server is not null || !string.IsNullOrWhiteSpace(Actor)
        ? Actor
        : throw new CliFailure(
            ExitCode.Usage, "actor_missing", "The operating system has no name for this user: say who acts with --actor.");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        if (_database is not var (lease, ledger)) return;
        await ledger.DisposeAsync().ConfigureAwait(false);
        await lease.DisposeAsync().ConfigureAwait(false);
    }
}
