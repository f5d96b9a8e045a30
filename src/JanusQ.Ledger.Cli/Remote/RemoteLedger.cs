using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Client;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>A ledger behind a server. Its key says who acts, and in which role.</summary>
internal sealed class RemoteLedger : IDisposable
{
    /// <summary>The environment variable with the server's address.</summary>
    public const string ServerVariable = "JANUSQ_SERVER";

    /// <summary>The environment variable with the key.</summary>
    public const string KeyVariable = "JANUSQ_KEY";

    private readonly HttpClient _http;

    // Verifying, exporting and rebuilding take as long as the ledger is large.
    private readonly HttpClient _patient;
    private readonly LedgerClient _client;

    private RemoteLedger(Uri address, string key)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
        _patient = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        var client = new LedgerClient(_http, key);
        var patient = new LedgerClient(_patient, key);
        Audits = new RemoteAudits(patient);
        Maintenance = new RemoteMaintenance(patient);
        Commands = new RemoteCommands(client);
        Questions = new RemoteQuestions(client);
        Log = new RemoteLog(client);
        AccessKeys = new RemoteAccessKeys(client);
        _client = client;
    }

    /// <summary>Everything that changes it.</summary>
    public RemoteCommands Commands { get; }

    /// <summary>Everything that is asked of it.</summary>
    public RemoteQuestions Questions { get; }

    /// <summary>Its audits and exports.</summary>
    public RemoteAudits Audits { get; }

    /// <summary>The care of its database.</summary>
    public RemoteMaintenance Maintenance { get; }

    /// <summary>Who may reach it.</summary>
    public RemoteAccessKeys AccessKeys { get; }

    /// <summary>Its transparency log.</summary>
    public RemoteLog Log { get; }

    /// <summary>The ledger behind the server that the options name; none where they name none.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="roleIsAsked">Whether the role says what is asked for, and not who asks.</param>
    /// <exception cref="CliFailure">The options contradict each other, or something is missing.</exception>
    public static RemoteLedger? Find(GlobalOptions options, ParseResult parsed, bool roleIsAsked = false)
    {
        if (AddressOf(options, parsed) is not { } server) return null;
        if (!Uri.TryCreate(server.EndsWith('/') ? server : server + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            throw Usage("server_malformed", $"The server is an address such as https://ledger.example, not '{server}'.");
        if (IsGiven(parsed, options.Actor) || (IsGiven(parsed, options.Role) && !roleIsAsked))
            throw Usage("actor_not_taken", "A server takes the actor and the role from the key, so --actor and --role say nothing to it.");
        var key = parsed.GetValue(options.Key) ?? Variable(KeyVariable)
            ?? throw Usage(
                "key_missing", $"The server asks for a key: give it in {KeyVariable} or with --key. 'janusq key create' makes one.");
        if (!LedgerClient.IsKey(key))
            throw Usage("key_malformed", "A key is visible ASCII without blanks, as 'janusq key create' gave it.");
        return new RemoteLedger(address, key);
    }

    /// <summary>Whether the options name a ledger behind a server.</summary>
    /// <exception cref="CliFailure"><c>server_or_database</c>: they name a database as well.</exception>
    public static bool IsNamed(GlobalOptions options, ParseResult parsed) => AddressOf(options, parsed) is not null;

    /// <summary>What the server says of itself.</summary>
    public async Task<Answer> StatusAsync(CancellationToken cancellation) => RemoteStatus.Of(
        _http.BaseAddress!, await RemoteAnswer.AskAsync(_client.ShowReadinessAsync(cancellation)).ConfigureAwait(false));

    /// <inheritdoc />
    public void Dispose()
    {
        _http.Dispose();
        _patient.Dispose();
    }

    private static string? AddressOf(GlobalOptions options, ParseResult parsed)
    {
        var named = parsed.GetValue(options.Server);
        var namesDatabase = IsGiven(parsed, options.Connection) || IsGiven(parsed, options.Data);
        if (named is not null && namesDatabase)
            throw Usage("server_or_database", "--server names another ledger than --connection and --data; give one of them.");
        return named ?? (namesDatabase ? null : Variable(ServerVariable));
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static CliFailure Usage(string code, string message) => new(ExitCode.Usage, code, message);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
