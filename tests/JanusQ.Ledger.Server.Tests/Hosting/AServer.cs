using System.Collections.Concurrent;
using System.Net.Http.Headers;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Description;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>A real server on a socket, on a real database of its own. Everybody who is asked for has a key.</summary>
public sealed class AServer : IAsyncDisposable
{
    private readonly TestDatabase? _database;
    private readonly WebApplication _app;

    private AServer(string connectionString, TestDatabase? database, LedgerHost ledger, WebApplication app)
    {
        ConnectionString = connectionString;
        _database = database;
        _app = app;
        Ledger = ledger;
        Address = new Uri(app.Urls.Single());
    }

    public LedgerHost Ledger { get; }

    public Uri Address { get; }

    public string ConnectionString { get; }

    /// <summary>Operations and statuses that its clients got, and how often.</summary>
    internal ConcurrentDictionary<string, int> Answered { get; } = new(StringComparer.Ordinal);

    public IServiceProvider Services => _app.Services;

    public static async Task<AServer> StartAsync(
        PostgreSqlFixture postgreSql,
        Func<LedgerOptions, LedgerOptions>? with = null,
        Action<WebApplicationBuilder>? configure = null,
        ServerSettings? settings = null,
        Func<LedgerHost, IKeyHolders>? keys = null)
    {
        var database = await postgreSql.NewLedgerDatabaseAsync();
        var options = new LedgerOptions
        {
            ConnectionString = database.ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        };
        return await StartAsync(with?.Invoke(options) ?? options, database, configure, settings, keys);
    }

    /// <summary>One more server on the same database, which holds no key of the log.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="connectionString">How it connects, where not as this one.</param>
    public Task<AServer> BesideAsync(ServerSettings settings, string? connectionString = null)
    {
        var options = new LedgerOptions
        {
            ConnectionString = connectionString ?? ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        };
        return StartAsync(options, null, null, settings, null);
    }

    private static async Task<AServer> StartAsync(
        LedgerOptions options,
        TestDatabase? database,
        Action<WebApplicationBuilder>? configure,
        ServerSettings? settings,
        Func<LedgerHost, IKeyHolders>? keys)
    {
        var ledger = await LedgerHost.OpenAsync(options);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // What a server says of its start and of each request would bury what a failing test says.
        foreach (var category in (string[])["Microsoft.AspNetCore", "Microsoft.Hosting", "Wolverine"])
            builder.Logging.AddFilter(category, LogLevel.Warning);
        builder.AddLedgerServer(ledger, keys?.Invoke(ledger) ?? new NamesAreKeys(), settings);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseLedgerServer();
        await app.StartAsync();
        return new AServer(options.ConnectionString, database, ledger, app);
    }

    /// <summary>A client of somebody in a role; of nobody without one. What it gets is as the API's description says.</summary>
    public HttpClient ClientOf(string? role, string name = "somebody")
    {
        var client = new HttpClient(new DescribedAnswers(Answered)) { BaseAddress = Address };
        if (role is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", NamesAreKeys.KeyOf(name, role));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Ledger.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
