using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Watching;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>Traces, metrics, logs and health of the server.</summary>
internal static class ServerWatching
{
    /// <summary>Where Prometheus reads.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The scope of every log entry that a request causes.</summary>
    public const string CorrelationScope = "correlation_id";

    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Adds all of it. Telemetry is sent where the standard <c>OTEL_*</c> settings say, and nowhere without them.</summary>
    public static void AddWatching(this WebApplicationBuilder builder, WatchSettings settings)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton<LedgerWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWatch>());
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        var isSent = OtlpEndpoints.Any(name => !string.IsNullOrEmpty(configuration[name]));
        var telemetry = services.AddOpenTelemetry()
            .WithTracing(traces =>
            {
                traces.AddSource(LedgerTelemetry.Name, "Npgsql").AddAspNetCoreInstrumentation(
                    requests => requests.Filter = context => !IsWatching(context.Request.Path));

                // Requests have a trace's id anyhow; recording spans that nobody gets takes 10 to 27 % of the processor time of appends.
                if (!isSent) traces.SetSampler(new AlwaysOffSampler());
            })
            .WithMetrics(metrics => metrics
                .AddMeter(
                    LedgerTelemetry.Name, "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        if (string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"]))
            telemetry.ConfigureResource(resource => resource.AddService("janusq-ledger"));
        if (isSent) telemetry.WithLogging().UseOtlpExporter();
    }

    /// <summary>Names what a request is known by in everything that is logged about it. To be the first in the pipeline.</summary>
    public static void UseCorrelatedLogs(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("JanusQ.Ledger.Server.Requests");
        app.Use(async (context, next) =>
        {
            using var scope = logger.BeginScope(
                new Dictionary<string, object>(StringComparer.Ordinal) { [CorrelationScope] = context.CorrelationId() });
            await next(context).ConfigureAwait(false);
        });
    }

    /// <summary>Adds what Prometheus reads.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var metrics = app.MapPrometheusScrapingEndpoint(MetricsPath);
        if (app.Services.GetRequiredService<WatchSettings>().PublicMetrics) metrics.AllowAnonymous();
        else metrics.RequireAuthorization(AccessPolicies.Watch).WithMetadata(TakesKnownKeys.WithoutDatabase);
    }

    private static bool IsWatching(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments(MetricsPath, StringComparison.Ordinal);
}
