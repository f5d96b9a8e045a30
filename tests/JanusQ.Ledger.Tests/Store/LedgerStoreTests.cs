using System.Text.Json;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Exceptions;
using Npgsql;

namespace JanusQ.Ledger.Tests.Store;

/// <summary>What the ledger's truth rests on, default or not.</summary>
public sealed class LedgerStoreTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void every_setting_is_as_it_was_decided()
    {
        using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=none");
        var clock = new FixedClock(DateTimeOffset.UnixEpoch);
        var store = new StoreOptions();
        LedgerStore.Configure(store, new LedgerOptions { ConnectionString = "", Clock = clock }, database);
        var events = (EventGraph)store.Events;
        Assert.Equal(StreamIdentity.AsString, events.StreamIdentity);
        Assert.Equal(EventAppendMode.QuickWithServerTimestamps, events.AppendMode);
        Assert.Same(clock, events.TimeProvider);
        Assert.True(events.UseExclusiveLockOnConcurrentAppends);
        Assert.True(events.UseMandatoryStreamTypeDeclaration);
        Assert.False(events.EnableStrictStreamIdentityEnforcement);
        Assert.False(events.UseArchivedStreamPartitioning);
        Assert.False(events.EnableEventSkippingInProjectionsOrSubscriptions);
        Assert.True(events.EnableUniqueIndexOnEventId);
        Assert.True(events.EnableBigIntEvents);
        Assert.True(events.EnableAdvancedAsyncTracking);
        Assert.True(events.UseIdentityMapForAggregates);
        var metadata = events.MetadataConfig;
        Assert.True(metadata.CorrelationIdEnabled && metadata.CausationIdEnabled && metadata.HeadersEnabled && metadata.UserNameEnabled);
        Assert.Equal(("janusq", "janusq"), (store.DatabaseSchemaName, events.DatabaseSchemaName));
        foreach (var errors in new[] { store.Projections.Errors, store.Projections.RebuildErrors })
            Assert.False(errors.SkipApplyErrors || errors.SkipSerializationErrors || errors.SkipUnknownEvents);
        Assert.Equal(AutoCreate.None, store.AutoCreateSchemaObjects);
        Assert.Equal(
            [
                (nameof(Candidate), ProjectionLifecycle.Inline), (nameof(ChampionSlot), ProjectionLifecycle.Inline),
                ("Compliance", ProjectionLifecycle.Async), ("Decision", ProjectionLifecycle.Async),
                ("GateFailureStatistics", ProjectionLifecycle.Async), ("LaneRun", ProjectionLifecycle.Async),
                (nameof(PolicyBook), ProjectionLifecycle.Inline), (nameof(SafetyControls), ProjectionLifecycle.Inline),
            ],
            store.Projections.All.Select(projection => (projection.Name, projection.Lifecycle)).Order());
    }

    [Fact]
    public void the_stored_names_of_events_are_exactly_these()
    {
        Assert.Equal(
            [
                "lane_run_started LaneRunStarted 1", "artifact_emitted ArtifactEmitted 1", "lane_run_completed LaneRunCompleted 1",
                "lane_run_failed LaneRunFailed 1", "lane_run_skipped LaneRunSkipped 1", "submission_conflicted SubmissionConflicted 1",
                "gate_matrix_evaluated GateMatrixEvaluated 1", "prerequisites_evaluated PrerequisitesEvaluated 1",
                "rollback_readiness_evaluated RollbackReadinessEvaluated 1", "promotion_decided PromotionDecided 1",
                "candidate_promoted CandidatePromoted 1", "candidate_demoted CandidateDemoted 1", "candidate_paused CandidatePaused 1",
                "candidate_resumed CandidateResumed 1", "approval_granted ApprovalGranted 1", "approval_revoked ApprovalRevoked 1",
                "rolled_back_evidence_cleared RolledBackEvidenceCleared 1", "champion_installed ChampionInstalled 1",
                "champion_removed ChampionRemoved 1", "policy_published PolicyPublished 1", "policy_activated PolicyActivated 1",
                "policy_activation_approved PolicyActivationApproved 1", "drill_recorded DrillRecorded 1",
                "kill_switch_engaged KillSwitchEngaged 1", "kill_switch_released KillSwitchReleased 1",
            ],
            EventNames.All.Select(name => $"{name.Name} {name.Type.Name} {name.SchemaVersion}"));
        var kinds = typeof(LedgerEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerEvent)) && !type.IsAbstract);
        Assert.Equal(kinds.OrderBy(type => type.Name), EventNames.All.Select(name => name.Type).OrderBy(type => type.Name));
        using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=none");
        var store = new StoreOptions();
        LedgerStore.Configure(store, new LedgerOptions { ConnectionString = "" }, database);
        foreach (var name in EventNames.All) Assert.Equal(name.Name, ((EventGraph)store.Events).EventMappingFor(name.Type).EventTypeName);
    }

    [Theory]
    [InlineData("lane_run_started", 1)]
    [InlineData("lane_run_started.v2", 2)]
    [InlineData("lane_run_started.v12", 12)]
    public void a_stored_name_says_its_schema_version(string name, int version) => Assert.Equal(version, EventNames.SchemaVersionOf(name));

    [Theory]
    [InlineData("lane_run_started.v1")]
    [InlineData("lane_run_started.vx")]
    [InlineData("lane_run_started.v")]
    public void a_schema_version_has_one_spelling(string name) => Assert.Throws<FormatException>(() => EventNames.SchemaVersionOf(name));

    [Fact]
    public void events_are_spelled_as_the_contract_says()
    {
        var json = JsonSerializer.Serialize(
            new ArtifactEmitted
            {
                Actor = "a",
                Role = "worker",
                At = Instant.Parse("2026-01-05T14:30:00.5Z"),
                EvaluationId = "e",
                Path = "p",
                Sha256 = Sha256Hash.Of([]),
                Size = 7,
                MediaType = "text/plain",
            },
            LedgerJson.Options);
        Assert.Equal(
            """{"evaluation_id":"e","path":"p","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":7,"""
            + """
            "media_type":"text/plain","actor":"a","role":"worker","at":"2026-01-05T14:30:00.500000+00:00"}
            """,
            json);
        Assert.Equal("\"1.50\"", JsonSerializer.Serialize(1.50m, LedgerJson.Options));
        Assert.Equal("\"1.50\"", JsonSerializer.Serialize(Decimal28.Of("1.50"), LedgerJson.Options));
        Assert.Equal("\"paper\"", JsonSerializer.Serialize(PromotionTarget.Paper, LedgerJson.Options));
    }

    [Theory]
    [InlineData("""{"evaluation_id":"e","artifact_count":1,"actor":"a","role":"r","at":"@"}""")]
    [InlineData("""{"evaluation_id":"e","artifact_count":1,"artifact_set_sha256":"E3B0","actor":"a","role":"r","at":"@"}""")]
    [InlineData("""{"evaluation_id":null,"artifact_count":1,"artifact_set_sha256":"#","actor":"a","role":"r","at":"@"}""")]
    [InlineData("""{"evaluation_id":"e","artifact_count":"1","artifact_set_sha256":"#","actor":"a","role":"r","at":"@"}""")]
    [InlineData(
        """{"evaluation_id":"e","artifact_count":1,"artifact_set_sha256":"#","actor":"a","role":"r","at":"2026-01-05T15:30:00+01:00"}""")]
    [InlineData("""{"evaluation_id":"e","artifact_count":1,"artifact_set_sha256":"#","actor":"a","role":"r","at":"@","more":1}""")]
    public void a_stored_event_that_is_not_exactly_of_its_shape_is_not_read(string json)
    {
        var hash = Sha256Hash.Of([]).ToString();
        var whole = json.Replace("#", hash, StringComparison.Ordinal).Replace("@", "2026-01-05T14:30:00+00:00", StringComparison.Ordinal);
        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<LaneRunCompleted>(whole, LedgerJson.Options));
    }

    [Fact]
    public async Task every_event_carries_actor_role_correlation_and_causation()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(artifacts: 3), Cancellation);
        const string Complete = """
            select count(*) from janusq.mt_events where user_name = 'worker-7' and headers ->> 'role' = 'worker'
            and correlation_id = 'correlation-1'
            and causation_id = 'causation-1' and data ->> 'actor' = 'worker-7' and data ->> 'role' = 'worker'
            """;
        Assert.Equal(5L, await ledger.ScalarAsync<long>(Complete));
        Assert.Equal("LaneRunStarted", await ledger.ScalarAsync<string>(
            "select split_part(split_part(mt_dotnet_type, ',', 1), '.', 5) from janusq.mt_events where seq_id = 1"));
    }

    [Fact]
    public async Task time_stamps_come_from_the_clock_that_was_given()
    {
        var at = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero);
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { Clock = new FixedClock(at) });
        await ledger.Host.SendAsync(ALedger.ARun(), Cancellation);
        Assert.Equal(at.UtcDateTime, await ledger.ScalarAsync<DateTime>("select timestamp from janusq.mt_events"));
    }

    [Fact]
    public async Task where_the_program_may_not_create_tables_a_missing_one_is_an_error_and_stays_missing()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { CreateSchema = false });
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.Host.SendAsync(ALedger.ARun(), Cancellation));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from information_schema.tables where table_schema = 'janusq'"));
    }

    [Fact]
    public async Task what_is_created_is_what_the_code_expects()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await ledger.Host.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Cancellation);
    }

    [Fact]
    public async Task a_stream_without_a_type_and_a_stream_that_exists_are_refused()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.ARun(), Cancellation);
        await using var session = ledger.Host.Store.LightweightSession();
        Assert.Throws<StreamTypeMissingException>(() => session.Events.StartStream("candidate-untyped", new object()));
        session.Events.StartStream<Candidate>(ALedger.ARun().Stream, Failed());
        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync(Cancellation));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select last_value from janusq.mt_events_sequence"));
    }

    [Fact]
    public async Task an_append_that_loses_the_race_for_a_version_leaves_no_gap_and_nothing_half()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.ARun();
        await ledger.Host.SendAsync(run, Cancellation);
        await using var winner = ledger.Host.Store.LightweightSession();
        await using var loser = ledger.Host.Store.LightweightSession();
        var first = await winner.Events.FetchForWriting<Candidate>(run.Stream, Cancellation);
        var second = await loser.Events.FetchForWriting<Candidate>(run.Stream, Cancellation);
        first.AppendOne(Failed());
        second.AppendMany(Failed(), Failed(), Failed());
        await winner.SaveChangesAsync(Cancellation);
        await Assert.ThrowsAnyAsync<ConcurrencyException>(() => loser.SaveChangesAsync(Cancellation));
        await ledger.Host.SendAsync(ALedger.ARun(2), Cancellation);
        Assert.Equal(3L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
        Assert.Equal(3L, await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events"));
        Assert.Equal(2L, await ledger.ScalarAsync<long>(
            "select (data ->> 'stream_version')::bigint from janusq.mt_doc_candidate where id = $1", run.Stream));
    }

    private static LaneRunFailed Failed() => new()
    {
        Actor = "a",
        Role = "worker",
        At = Instant.Parse("2026-01-05"),
        RunId = ALedger.ARun().RunId,
        ErrorCode = "refused",
        Message = "m",
    };

    private sealed class FixedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
