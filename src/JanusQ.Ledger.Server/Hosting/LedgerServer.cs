using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Log;
using JanusQ.Ledger.Server.Refusals;
using JanusQ.Ledger.Server.Uploads;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Server.Work;
using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Wolverine;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>
/// The ledger over HTTP: the same commands and queries as the command line, on endpoints of Wolverine. No rule lives here.
/// </summary>
public static class LedgerServer
{
    /// <summary>Adds what the server needs to a web application.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="ledger">The ledger. Whoever opened it closes it, after the server.</param>
    /// <param name="keys">Who holds which API key.</param>
    /// <param name="settings">The server's settings; none reads them from the application's configuration.</param>
    /// <exception cref="RefusedException"><c>settings_invalid</c></exception>
    public static void AddLedgerServer(
        this WebApplicationBuilder builder, LedgerHost ledger, IKeyHolders keys, ServerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(ledger);
        var services = builder.Services;
        settings ??= ServerSettings.Read(builder.Configuration);
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => ledger);
        services.AddSingleton(ledger.Queries);
        services.AddSingleton<UploadLimits>();
        services.AddSingleton<UploadPlaces>();
        services.AddSingleton<HeavyWork>();
        services.Configure<JsonOptions>(options => ApiJson.Apply(options.SerializerOptions));
        services.AddExceptionHandler<ProblemHandler>();
        services.AddProblemDetails();
        services.AddSecurityLog(ledger);
        builder.AddServerAccess(settings, keys);
        builder.AddWatching(settings.Watch);
        services.AddDescription();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        services.AddLogServing(settings.LogIsPublic);

        // It has none by design, and would say so at every start.
        builder.Logging.AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error);
        builder.Host.UseWolverine(Configure, ExtensionDiscovery.ManualOnly);
        services.AddWolverineHttp();
    }

    /// <summary>Adds the endpoints to a web application.</summary>
    public static void UseLedgerServer(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseTrustedProxies();
        app.UseCorrelatedLogs();
        app.UseSecurityLog();
        app.UseExceptionHandler();
        app.UseStatusCodePages(async context =>
        {
            if (BareProblem(context.HttpContext.Response.StatusCode) is { } problem)
                await problem.ExecuteAsync(context.HttpContext).ConfigureAwait(false);
        });
        app.UseHead();
        app.UseRouting();
        app.UseServerAccess();
        app.UseHeadLimits();
        app.MapWolverineEndpoints();
        app.MapMetrics();
        app.MapDescription();
    }

    /// <summary>Serves an open ledger until the program is told to stop; requests that are under way then are answered.</summary>
    /// <param name="builder">The application, with nothing added to it.</param>
    /// <param name="ledger">The ledger. Whoever opened it closes it afterwards.</param>
    /// <param name="settings">The server's settings.</param>
    /// <param name="listening">Hears the addresses once it is listening at them.</param>
    /// <param name="cancellation">Stops it as well.</param>
    /// <exception cref="IOException">It cannot listen at an address.</exception>
    public static async Task RunAsync(
        WebApplicationBuilder builder,
        LedgerHost ledger,
        ServerSettings settings,
        Action<IReadOnlyCollection<string>>? listening = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(settings);
        using var keys = new StoredKeyHolders(ledger.Keys, settings.KeyCache, TimeProvider.System);
        builder.AddLedgerServer(ledger, keys, settings);
        var app = builder.Build();
        await using var closing = app.ConfigureAwait(false);
        app.UseLedgerServer();
        await app.StartAsync(cancellation).ConfigureAwait(false);
        listening?.Invoke([.. app.Urls]);
        await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
    }

    // What the framework answers by itself, before any endpoint is reached.
    private static Problem? BareProblem(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Problem(new Refusal("not_found", "There is nothing here.")),
        StatusCodes.Status405MethodNotAllowed => new Problem(new Refusal("method_not_allowed", "There is nothing here for this method.")),
        StatusCodes.Status415UnsupportedMediaType =>
            new Problem(new Refusal("media_type_unsupported", "This media type is not taken here.")),
        _ => null,
    };

    private static void Configure(WolverineOptions wolverine)
    {
        // The commands are handled by the ledger's own Wolverine; this one only carries the endpoints.
        wolverine.ApplicationAssembly = typeof(LedgerServer).Assembly;
        wolverine.Discovery.DisableConventionalDiscovery();
        wolverine.Durability.Mode = DurabilityMode.MediatorOnly;
        wolverine.Durability.DurabilityAgentEnabled = false;
        wolverine.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
    }
}
