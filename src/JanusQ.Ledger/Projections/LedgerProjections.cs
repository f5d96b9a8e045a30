using System.Diagnostics;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using Npgsql;

namespace JanusQ.Ledger.Projections;

/// <summary>
/// What is derived from the events: how far each projection has come, whether it is what the events say, and how it is made anew
/// (ledger.md section 5).
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="database">The database below.</param>
public sealed class LedgerProjections(IDocumentStore store, NpgsqlDataSource database)
{
    private const int EventsAtATime = 2000;
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The names of all projections, sorted.</summary>
    public IReadOnlyList<string> Names => [.. Sources().Select(source => source.Name).Order(StringComparer.Ordinal)];

    /// <summary>Brings every asynchronous projection up to what is recorded, waiting for others as long as they usually need.</summary>
    /// <exception cref="Exception">As <see cref="CatchUpAsync(TimeSpan, CancellationToken)"/>.</exception>
    public Task CatchUpAsync(CancellationToken cancellation = default) => CatchUpAsync(UsualPatience, cancellation);

    /// <summary>
    /// Brings every asynchronous projection up to what is recorded: by itself where nobody keeps them now, else by waiting for who does.
    /// </summary>
    /// <param name="patience">How long to wait for others.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>projections_behind</c>: another program keeps them and does not get there.</exception>
    /// <exception cref="Exception">
    /// An event cannot be read or applied, or is of a kind that nobody knows: nothing passes over it.
    /// </exception>
    public async Task CatchUpAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        var begun = Stopwatch.GetTimestamp();
        var target = await LastVisibleAsync(cancellation);
        while (!await HaveReachedAsync(target, cancellation))
        {
            await using var lead = await ProjectionLead.TryTakeAsync(database, cancellation);
            if (lead is not null)
            {
                using var daemon = await store.BuildProjectionDaemonAsync();
                await daemon.CatchUpAsync(cancellation);
                return;
            }

            if (Stopwatch.GetElapsedTime(begun) > patience)
            {
                throw new RefusedException(new Refusal(
                    "projections_behind", "Another program keeps the projections, and has not come to what is recorded."));
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>How far every projection has come, by name.</summary>
    public async Task<IReadOnlyList<ProjectionProgress>> ProgressAsync(CancellationToken cancellation = default)
    {
        var reached = await RecordedProgressAsync(cancellation);
        return
        [
            .. Sources().OrderBy(source => source.Name, StringComparer.Ordinal)
                .Select(source => source.Lifecycle == ProjectionLifecycle.Inline
                ? new ProjectionProgress(source.Name, true, null)
                : new ProjectionProgress(source.Name, false, reached.GetValueOrDefault(ShardOf(source.Name)))),
        ];
    }

    /// <summary>Whether a projection, or each if none is named, is what the events say. Changes nothing and holds nobody up.</summary>
    /// <exception cref="UnknownProjectionException">There is no projection of that name.</exception>
    public async Task<IReadOnlyList<ProjectionComparison>> CompareAsync(string? name = null, CancellationToken cancellation = default)
    {
        var compared = new List<ProjectionComparison>();
        foreach (var shadow in Shadows(name))
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var building = await ShadowTransaction.BeginAsync(store, connection, null, cancellation);
            await shadow.CreateAsync(connection, cancellation);
            await shadow.BuildAsync(building, cancellation);
            compared.Add(await shadow.CompareAsync(building, cancellation));
        }

        return compared;
    }

    /// <summary>
    /// Makes a projection, or each if none is named, anew from the events: beside the one that is read, which then changes in one
    /// transaction to what was built. Who reads sees the one or the other and is never held up; who writes waits for that transaction.
    /// </summary>
    /// <returns>What was found to differ and was put right.</returns>
    /// <exception cref="UnknownProjectionException">There is no projection of that name.</exception>
    public async Task<IReadOnlyList<ProjectionComparison>> RebuildAsync(string? name = null, CancellationToken cancellation = default)
    {
        var rebuilt = new List<ProjectionComparison>();
        foreach (var shadow in Shadows(name))
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await shadow.CreateAsync(connection, cancellation);
            try
            {
                await using (var building = await ShadowTransaction.BeginAsync(store, connection, null, cancellation))
                {
                    await shadow.BuildAsync(building, cancellation);
                    await building.CommitAsync(cancellation);
                }

                await using var swapping = await ShadowTransaction.BeginAsync(store, connection, shadow.LockedTable, cancellation);
                await shadow.FinishAsync(swapping, cancellation);
                var comparison = await shadow.CompareAsync(swapping, cancellation);
                await shadow.ApplyAsync(swapping, cancellation);
                await swapping.CommitAsync(cancellation);
                rebuilt.Add(comparison);
            }
            finally
            {
                await shadow.DropAsync(connection);
            }
        }

        return rebuilt;
    }

    /// <summary>Rebuilds or only compares, as an operator asks for it by a name that may be none of a projection.</summary>
    /// <param name="name">The projection; none for all of them.</param>
    /// <param name="onlyCompare">Whether nothing is to be changed.</param>
    /// <param name="cancellation">Ends it; what was rebuilt by then stays.</param>
    /// <returns>What was found to differ.</returns>
    /// <exception cref="RefusedException"><c>projection_not_found</c>, or <c>projections_behind</c>.</exception>
    public async Task<IReadOnlyList<ProjectionComparison>> PutRightAsync(
        string? name, bool onlyCompare, CancellationToken cancellation = default)
    {
        if (name is not null && !Names.Contains(name, StringComparer.Ordinal))
        {
            throw new RefusedException(new Refusal(
                "projection_not_found", $"There is no projection '{name}'; there are {string.Join(", ", Names)}."));
        }

        if (onlyCompare) return await CompareAsync(name, cancellation);
        await CatchUpAsync(cancellation);
        return await RebuildAsync(name, cancellation);
    }

    /// <summary>Asks an asynchronous projection, and says up to which sequence the answer is complete.</summary>
    /// <param name="projection">Its name.</param>
    /// <param name="catchUp">Brings the projections up to what is recorded first; where a server keeps them current that is its own
    /// business.</param>
    /// <param name="read">Asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<AsOf<T>> ReadAsync<T>(
        string projection, bool catchUp, Func<IQuerySession, Task<T>> read, CancellationToken cancellation)
    {
        if (catchUp) await CatchUpAsync(cancellation);

        // Asked first: what is read after it is at least that complete.
        var sequence = await store.Advanced.ProjectionProgressFor(new(projection), token: cancellation);
        await using var session = store.QuerySession();
        return new AsOf<T>(await read(session), sequence);
    }

    internal static void Configure(StoreOptions options)
    {
        options.Projections.Add<DecisionProjection>(ProjectionLifecycle.Async, asynchronous => asynchronous.BatchSize = EventsAtATime);
        options.Projections.Add<GateFailureProjection>(ProjectionLifecycle.Async, asynchronous => asynchronous.BatchSize = EventsAtATime);
        options.Projections.Add(
            new ComplianceProjection(), ProjectionLifecycle.Async, ComplianceProjection.Name, asynchronous =>
            {
                asynchronous.BatchSize = EventsAtATime;
                foreach (var table in ComplianceTables.All) asynchronous.DeleteDataInTableOnTeardown($"{ComplianceTables.Schema}.{table}");
            });
        options.Schema.For<Decision>().Identity(decision => decision.Id).DocumentAlias("decision");
        options.Schema.For<GateFailureStatistics>().Identity(row => row.Id).DocumentAlias("gate_failure_statistics");
    }

    internal static string ShardOf(string name) => $"{name}:All";

    private async Task<bool> HaveReachedAsync(long target, CancellationToken cancellation)
    {
        var reached = await RecordedProgressAsync(cancellation);
        return Sources().Where(source => source.Lifecycle == ProjectionLifecycle.Async)
            .All(source => reached.GetValueOrDefault(ShardOf(source.Name)) >= target);
    }

    private async Task<long> LastVisibleAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select coalesce(max(seq_id), 0) from {LedgerStore.Schema}.mt_events");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private List<IProjectionSource<IDocumentOperations, IQuerySession>> Sources() => ((DocumentStore)store).Options.Projections.All;

    private async Task<Dictionary<string, long>> RecordedProgressAsync(CancellationToken cancellation)
    {
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var exists = database.CreateCommand($"select to_regclass('{LedgerStore.Schema}.mt_event_progression') is not null"))
            if (await exists.ExecuteScalarAsync(cancellation) is not true) return reached;
        await using var command = database.CreateCommand($"select name, last_seq_id from {LedgerStore.Schema}.mt_event_progression");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) reached.Add(reader.GetString(0), reader.IsDBNull(1) ? 0 : reader.GetInt64(1));
        return reached;
    }

    private IReadOnlyList<Shadow> Shadows(string? name)
    {
        var sources = Sources().OrderBy(source => source.Name, StringComparer.Ordinal)
            .Where(source => name is null || string.Equals(source.Name, name, StringComparison.Ordinal)).ToArray();
        return sources.Length == 0 ? throw new UnknownProjectionException(name!, Names) : [.. sources.Select(ShadowOf)];
    }

    private Shadow ShadowOf(IProjectionSource<IDocumentOperations, IQuerySession> source) => source switch
    {
        SingleStreamProjection<Candidate, string> candidates => Inline(candidates, CandidateIdentity.StreamOf("")),
        SingleStreamProjection<ChampionSlot, string> champions => Inline(champions, ChampionSlot.StreamPrefix),
        SingleStreamProjection<PolicyBook, string> policies => Inline(policies, PolicyBook.StreamPrefix),
        SingleStreamProjection<SafetyControls, string> controls => Inline(controls, SafetyControls.Stream),
        LaneRunProjection runs => Behind<LaneRun>(runs.Name, LaneRunProjection.KeysOf, runs.Evolve),
        DecisionProjection decisions => Behind<Decision>(decisions.Name, DecisionProjection.KeysOf, decisions.Evolve),
        GateFailureProjection failures => Behind<GateFailureStatistics>(failures.Name, GateFailureProjection.KeysOf, failures.Evolve),
        { Name: ComplianceProjection.Name } => new ComplianceShadow(),
        _ => throw new NotSupportedException($"Nobody said how the projection {source.Name} is rebuilt."),
    };

    private SnapshotShadow<T> Inline<T>(SingleStreamProjection<T, string> projection, string streamPrefix)
        where T : class =>
        new(projection.Name, TableOf<T>(), store.Options.Serializer(), projection.Evolve, streamPrefix);

    private ViewShadow<T> Behind<T>(
        string name,
        Func<JasperFx.Events.IEvent, IReadOnlyList<string>> keysOf,
        Func<T?, string, JasperFx.Events.IEvent, T?> evolve)
        where T : class =>
        new(name, TableOf<T>(), store.Options.Serializer(), evolve, keysOf);

    private string TableOf<T>() => store.Options.FindOrResolveDocumentType(typeof(T)).TableName.QualifiedName;
}

/// <summary>How far a projection has come.</summary>
/// <param name="Name">The projection.</param>
/// <param name="WithItsEvents">Whether it is written with its events and so is never behind.</param>
/// <param name="Sequence">The event sequence up to which it is complete; none where it is never behind.</param>
public sealed record ProjectionProgress(string Name, bool WithItsEvents, long? Sequence);

/// <summary>How a projection compares with what the events say.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Sequence">The event sequence up to which it was compared; none for one that is written with its events: all that are
/// there.</param>
/// <param name="Rows">Number of rows that the events give.</param>
/// <param name="Missing">Rows that the events give and that are not there.</param>
/// <param name="Superfluous">Rows that are there and that the events do not give.</param>
/// <param name="Different">Rows that are not as the events give them.</param>
public sealed record ProjectionComparison(string Name, long? Sequence, long Rows, long Missing, long Superfluous, long Different)
{
    /// <summary>Whether it is what the events say.</summary>
    public bool IsEqual => Missing == 0 && Superfluous == 0 && Different == 0;

    /// <summary>What was found, as a document: of every projection that was looked at.</summary>
    /// <param name="compared">The projections.</param>
    /// <param name="isRebuilt">Whether they were made anew, and not only compared.</param>
    public static JsonObject DocumentOf(IEnumerable<ProjectionComparison> compared, bool isRebuilt) => JsonObject.Of(
        ("rebuilt", isRebuilt), ("projections", new JsonArray(compared.Select(one => (JsonValue)one.ToJson()))));

    private JsonObject ToJson() => JsonObject.Of(
        ("name", Name),
        ("sequence", Sequence is { } sequence ? sequence : JsonValue.Null),
        ("rows", Rows),
        ("missing", Missing),
        ("superfluous", Superfluous),
        ("different", Different),
        ("equal", IsEqual));
}

/// <summary>There is no projection of that name.</summary>
/// <param name="name">The name.</param>
/// <param name="known">Those that there are.</param>
public sealed class UnknownProjectionException(string name, IEnumerable<string> known)
    : ArgumentException($"There is no projection '{name}'; there are {string.Join(", ", known)}.");
