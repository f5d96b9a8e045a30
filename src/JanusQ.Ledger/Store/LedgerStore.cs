using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Safety;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql;

namespace JanusQ.Ledger.Store;

/// <summary>
/// How the event store is set up (ledger.md sections 3 and 5). What the ledger's truth rests on is said here even where it is the default,
/// and held by a test.
/// </summary>
public static class LedgerStore
{
    /// <summary>The PostgreSQL schema of all tables.</summary>
    public const string Schema = "janusq";

    /// <summary>Name of the event header with the actor's role.</summary>
    public const string RoleHeader = "role";

    /// <summary>Name of the event header with the hash of the event's data, in hex digits: <see cref="EventData"/>.</summary>
    public const string DataHashHeader = "data_sha256";

    /// <summary>Sets a store up.</summary>
    public static void Configure(StoreOptions store, LedgerOptions options, NpgsqlDataSource database)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        store.Connection(database);
        store.DatabaseSchemaName = Schema;

        // Only migrations change the schema.
        store.AutoCreateSchemaObjects = AutoCreate.None;
        store.DisableNpgsqlLogging = true;
        store.Serializer(Serializer());
        store.Storage.Add(new ContentSchema(new PostgresqlMigrator()));
        store.Storage.Add(new ComplianceSchema(new PostgresqlMigrator()));
        ConfigureEvents(store, options);
        store.Listeners.Add(new TimeOrderedEventIds(options.Clock));
        store.Listeners.Add(new HashesEventData());
        ConfigureProjections(store);
        LedgerProjections.Configure(store);
        CandidateSearch.Index(store);

        // The store's own election of who runs its daemon needs a lock that cannot be had here: ProjectionService elects. Left disabled,
        // Marten writes a warning to standard output, which belongs to the answers of the command line.
        store.Projections.AsyncMode = DaemonMode.ExternallyManaged;
        store.Projections.FastPollingTime = TimeSpan.FromMilliseconds(100);
        store.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(500);
    }

    internal static void ConfigureEvents(StoreOptions store, LedgerOptions options)
    {
        var events = store.Events;
        events.DatabaseSchemaName = Schema;
        events.StreamIdentity = StreamIdentity.AsString;
        events.TimeProvider = options.Clock;

        // One call of one function appends a stream's events and checks its version before it draws a sequence number. Despite its
        // name this mode takes the time stamps from the clock above, and not from the database server's.
        events.AppendMode = EventAppendMode.QuickWithServerTimestamps;

        // Without it the loser of a race for a version has drawn sequence numbers: a gap that stalls every reader that waits for no gap.
        events.UseExclusiveLockOnConcurrentAppends = true;
        events.UseMandatoryStreamTypeDeclaration = true;

        // Left off on purpose: it keeps the key of an archived stream from being used again. Nothing is archived here and streams are not
        // partitioned, so the primary key does that, while the option would move the first append of a stream off the function above onto
        // one statement an event that leaves gaps on a rollback.
        events.EnableStrictStreamIdentityEnforcement = false;
        events.UseArchivedStreamPartitioning = false;
        events.EnableEventSkippingInProjectionsOrSubscriptions = false;

        events.MetadataConfig.CorrelationIdEnabled = true;
        events.MetadataConfig.CausationIdEnabled = true;
        events.MetadataConfig.HeadersEnabled = true;
        events.MetadataConfig.UserNameEnabled = true;
        events.EnableUniqueIndexOnEventId = true;
        events.EnableBigIntEvents = true;
        events.EnableAdvancedAsyncTracking = true;

        // Aggregates are immutable records, so one that is handed out cannot be changed behind the store's back.
        events.UseIdentityMapForAggregates = true;

        foreach (var (type, name, _) in EventNames.All) events.MapEventType(type, name);
    }

    private static void ConfigureProjections(StoreOptions store)
    {
        // Live and on rebuild alike: a projection that skips what it cannot read is silently wrong.
        foreach (var errors in new[] { store.Projections.Errors, store.Projections.RebuildErrors })
        {
            errors.SkipApplyErrors = false;
            errors.SkipSerializationErrors = false;
            errors.SkipUnknownEvents = false;
        }

        store.Projections.Add<CandidateProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<SafetyProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<PolicyProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<ChampionProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<LaneRunProjection>(ProjectionLifecycle.Async);
        store.Schema.For<Candidate>().Identity(candidate => candidate.Id).DocumentAlias("candidate");
        store.Schema.For<SafetyControls>().Identity(controls => controls.Id).DocumentAlias("safety_controls");
        store.Schema.For<PolicyBook>().Identity(book => book.Id).DocumentAlias("policy_book");
        store.Schema.For<ChampionSlot>().Identity(slot => slot.Id).DocumentAlias("champion_slot");
        store.Schema.For<LaneRun>().Identity(run => run.Id).DocumentAlias("lane_run");
    }

    private static Marten.Services.SystemTextJsonSerializer Serializer() => new(LedgerJson.Create())
    {
        Casing = Casing.SnakeCase,
        EnumStorage = EnumStorage.AsString,
    };
}
