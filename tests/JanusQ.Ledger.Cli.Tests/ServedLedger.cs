using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>A ledger on a database of its own, and a server in front of it. Everybody's key is <c>jq_NAME.ROLE</c>.</summary>
internal sealed class ServedLedger : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly WebApplication _app;

    private ServedLedger(TestDatabase database, LedgerHost ledger, WebApplication app)
    {
        _database = database;
        _app = app;
        Ledger = ledger;
    }

    public LedgerHost Ledger { get; }

    public string Address => _app.Urls.Single();

    public string ConnectionString => _database.ConnectionString;

    public static async Task<ServedLedger> StartAsync(
        PostgreSqlFixture postgreSql,
        Func<LedgerOptions, LedgerOptions>? with = null,
        Action<WebApplication>? before = null,
        Func<LedgerHost, IKeyHolders>? keys = null)
    {
        var database = await postgreSql.NewLedgerDatabaseAsync();
        var options = new LedgerOptions
        {
            ConnectionString = database.ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
            RunProjections = true,
        };
        var ledger = await LedgerHost.StartAsync(with?.Invoke(options) ?? options);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddLedgerServer(ledger, keys?.Invoke(ledger) ?? new NameAndRole());
        builder.Logging.ClearProviders();
        var app = builder.Build();
        before?.Invoke(app);
        app.UseLedgerServer();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServedLedger(database, ledger, app);
    }

    /// <summary>Runs a verb against the server.</summary>
    /// <param name="exit">What it must end with.</param>
    /// <param name="key">The key without its <c>jq_</c>.</param>
    /// <param name="arguments">The verb.</param>
    public async Task<ProgramAnswer> AskAsync(int exit, string key, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["JANUSQ_SERVER"] = Address, ["JANUSQ_KEY"] = "jq_" + key };
        return Demand(exit, arguments, await JanusqProgram.RunAsync(environment, [.. arguments, "--output", "json"]));
    }

    /// <summary>Runs a verb on the database.</summary>
    public async Task<ProgramAnswer> LocallyAsync(int exit, params string[] arguments) =>
        Demand(exit, arguments, await JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", ConnectionString]));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static ProgramAnswer Demand(int exit, string[] arguments, ProgramAnswer answer)
    {
        Assert.True(answer.ExitCode == exit, $"{string.Join(' ', arguments)}: {answer.ExitCode} {answer.Output} {answer.Error}");
        return answer;
    }

    private sealed class NameAndRole : IKeyHolders
    {
        private static readonly (string Name, string Role)[] Known =
        [
            ("wanda", "worker"), ("oscar", "operator"), ("anna", "approver"),
            ("carla", "compliance"), ("audrey", "auditor"), ("ada", "admin"),
        ];

        private static readonly Dictionary<string, KeyHolder> Holders = Known.ToDictionary(
            one => Sha256Hash.OfText($"jq_{one.Name}.{one.Role}").ToString(),
            one => new KeyHolder(one.Name, one.Role),
            StringComparer.Ordinal);

        public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) =>
            Task.FromResult(Holders.GetValueOrDefault(keySha256.ToString()));
    }
}
