using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Watching;
using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Json;
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
    public static void AddLedgerServer(this WebApplicationBuilder builder, LedgerHost ledger, IKeyHolders keys)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(ledger);
        var services = builder.Services;
        services.AddSingleton(_ => ledger);
        services.AddSingleton(ledger.Queries);
        services.AddSingleton(_ => keys);
        services.Configure<JsonOptions>(options => ApiJson.Apply(options.SerializerOptions));
        services.AddExceptionHandler<ProblemHandler>();
        services.AddProblemDetails();
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        AccessPolicies.Add(services.AddAuthorizationBuilder());
        builder.AddWatching();
        services.AddDescription();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseWolverine(Configure, ExtensionDiscovery.ManualOnly);
        services.AddWolverineHttp();
    }

    /// <summary>Adds the endpoints to a web application.</summary>
    public static void UseLedgerServer(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseCorrelatedLogs();
        app.UseExceptionHandler();
        app.UseStatusCodePages(async context =>
        {
            if (BareProblem(context.HttpContext.Response.StatusCode) is { } problem)
                await problem.ExecuteAsync(context.HttpContext).ConfigureAwait(false);
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapWolverineEndpoints();
        app.MapMetrics();
        app.MapDescription();
    }

    // What the framework answers by itself, before any endpoint is reached.
    private static Problem? BareProblem(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Problem(new Refusal("not_found", "There is nothing here.")),
        StatusCodes.Status405MethodNotAllowed => new Problem(new Refusal("method_not_allowed", "There is nothing here for this method.")),
        StatusCodes.Status415UnsupportedMediaType => new Problem(new Refusal("media_type_unsupported", "This media type is not taken here.")),
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
