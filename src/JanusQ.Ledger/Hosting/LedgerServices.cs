using JanusQ.Ledger.Access;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Watching;
using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Marten.Exceptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;

namespace JanusQ.Ledger.Hosting;

/// <summary>Puts the ledger into a host.</summary>
internal static class LedgerServices
{
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 2, 5, 10, 20, 40, 80, 160, 320, 500, 500, 500, 500, 1000, 1000, 1000, 1000 }.Select(
            ms => TimeSpan.FromMilliseconds(ms))];

    /// <summary>
    /// Adds the event store, the content store, the queries and the command handlers. Commands go through Wolverine's
    /// <see cref="IMessageBus"/> (<c>InvokeAsync</c>) and answer with a <see cref="StreamRecording"/>.
    /// </summary>
    public static IServiceCollection AddJanusQLedger(this IServiceCollection services, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        services.AddSingleton(_ => DataSourceOf(options));
        services.AddSingleton(provider => new ContentStore(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<NpgsqlDataSource>(), options));
        services.AddSingleton<PlaceTurns>();
        services.AddSingleton<SettledEvents>();
        services.AddSingleton<LedgerProjections>();
        services.AddSingleton<LedgerQueries>();
        services.AddSingleton<FactQueries>();
        services.AddSingleton<SnapshotQueries>();
        services.AddSingleton<ComplianceQueries>();
        services.AddSingleton<DecisionQueries>();
        services.AddSingleton<DecisionFeed>();
        services.AddSingleton<BundleExport>();
        services.AddSingleton(provider => new ApiKeys(provider.GetRequiredService<NpgsqlDataSource>(), options.Clock));
        services.AddSingleton(provider => new SecurityLog(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton(provider => new TransparencyLog(provider.GetRequiredService<NpgsqlDataSource>(), options));
        services.AddSingleton<LagReader>();
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton(provider => new LedgerAudit(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<ContentStore>(),
            provider.GetRequiredService<DecisionQueries>(),
            provider.GetRequiredService<LedgerProjections>()));
        if (options is { RunLog: true, Log: { } log }) AddLog(services, log);
        services
            .AddMarten(provider =>
            {
                var store = new StoreOptions();
                LedgerStore.Configure(store, options, provider.GetRequiredService<NpgsqlDataSource>());
                return store;
            })
            .UseLightweightSessions()
            .IntegrateWithWolverine(integration => integration.AutoCreate = AutoCreate.None);
        if (options.RunProjections)
        {
            services.AddSingleton<ProjectionService>();
            services.AddHostedService(provider => provider.GetRequiredService<ProjectionService>());
        }

        services.AddWolverine(ExtensionDiscovery.ManualOnly, Configure);
        return services;
    }

    private static void AddLog(IServiceCollection services, LogOptions log)
    {
        services.AddSingleton<HttpClient>();
        services.AddSingleton(provider => new LogService(
            provider.GetRequiredService<TransparencyLog>(),
            () => new OutsideKeepers(
                provider.GetRequiredService<NpgsqlDataSource>(), log.Keys.Known, provider.GetRequiredService<HttpClient>()),
            provider.GetRequiredService<ILogger<LogService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<LogService>());
    }

    private static NpgsqlDataSource DataSourceOf(LedgerOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString) { Name = "janusq" };

        // The same few statements come again and again; parsing and planning them each time costs as much as running them.
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
        {
            builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
            builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        }

        // What was opened once stays open. Else, five minutes after a crowd, those that were mostly idle are closed all at once, and opened
        // again, prepared statements and all, by requests that wait for them: for two seconds under load.
        if (!builder.ConnectionStringBuilder.ShouldSerialize("Minimum Pool Size"))
            builder.ConnectionStringBuilder.MinPoolSize = builder.ConnectionStringBuilder.MaxPoolSize;

        // Nothing sets what outlives a transaction but the locks of LedgerLocks, which are given back. Where statements are prepared,
        // resetting a session costs the server as much as a small insert, with every command.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        return builder.Build();
    }

    private static void Configure(WolverineOptions wolverine)
    {
        wolverine.ApplicationAssembly = typeof(LedgerServices).Assembly;
        wolverine.Discovery.DisableConventionalDiscovery()
            .IncludeType(typeof(StartLaneRunHandler))
            .IncludeType(typeof(EmitArtifactHandler))
            .IncludeType(typeof(EmitStoredArtifactHandler))
            .IncludeType(typeof(EmitArtifactsHandler))
            .IncludeType(typeof(CompleteLaneRunHandler))
            .IncludeType(typeof(FailLaneRunHandler))
            .IncludeType(typeof(SkipLaneRunHandler))
            .IncludeType(typeof(RecordLaneRunHandler))
            .IncludeType(typeof(GrantApprovalHandler))
            .IncludeType(typeof(RevokeApprovalHandler))
            .IncludeType(typeof(PauseCandidateHandler))
            .IncludeType(typeof(ResumeCandidateHandler))
            .IncludeType(typeof(ClearRolledBackEvidenceHandler))
            .IncludeType(typeof(RecordDrillHandler))
            .IncludeType(typeof(EngageKillSwitchHandler))
            .IncludeType(typeof(ReleaseKillSwitchHandler))
            .IncludeType(typeof(PublishPolicyHandler))
            .IncludeType(typeof(ActivatePolicyHandler))
            .IncludeType(typeof(ApprovePolicyActivationHandler))
            .IncludeType(typeof(RequestPromotionHandler))
            .IncludeType(typeof(DemoteChampionHandler))
            .IncludeType(typeof(RollBackChampionHandler));

        // Commands are invoked and answered in process. Nothing is queued, so there are no envelopes to store and no agents to run.
        wolverine.Durability.Mode = DurabilityMode.MediatorOnly;
        wolverine.Durability.DurabilityAgentEnabled = false;
        wolverine.AutoBuildMessageStorageOnStartup = AutoCreate.None;
        wolverine.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;

        // What lost a race was not committed, and every retry decides again on the state as it then is.
        wolverine.OnException<ConcurrencyException>().RetryWithCooldown(Pauses);
        wolverine.OnException<JasperFx.Events.ExistingStreamIdCollisionException>().RetryWithCooldown(Pauses);
        wolverine.OnException<Marten.Exceptions.ExistingStreamIdCollisionException>().RetryWithCooldown(Pauses);
        wolverine.OnException<MartenCommandException>(LostARace, "deadlock or serialization failure").RetryWithCooldown(Pauses);
    }

    private static bool LostARace(MartenCommandException failure) =>
        failure.InnerException is PostgresException lost
        && lost.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}
