using System.Globalization;
using System.Text;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Projections;

/// <summary>One view of the database: what is read in it is of one moment, events and projections alike.</summary>
internal sealed class ShadowTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private ShadowTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, IQuerySession events)
    {
        Connection = connection;
        _transaction = transaction;
        Events = events;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>Reads events as of the moment.</summary>
    public IQuerySession Events { get; }

    /// <summary>Begins it, once nobody writes to a table any more; until it ends nobody else can.</summary>
    public static async Task<ShadowTransaction> BeginAsync(
        IDocumentStore store, NpgsqlConnection connection, string? lockedTable, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        try
        {
            // Before anything is read: the moment of a transaction is that of its first read.
            if (lockedTable is not null)
            {
                await using var command = new NpgsqlCommand(
                    $"lock table {lockedTable} in share row exclusive mode", connection, transaction);
                await command.ExecuteNonQueryAsync(cancellation);
            }

            return new ShadowTransaction(connection, transaction, store.QuerySession(SessionOptions.ForTransaction(transaction)));
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    public async Task<int> RunAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        // No limit: a rebuild takes as long as it takes, and can be cancelled.
        var command = new NpgsqlCommand(sql, Connection, _transaction) { CommandTimeout = 0 };
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public NpgsqlBatch Batch() => new(Connection, _transaction) { Timeout = 0 };

    /// <summary>The sequence up to which a projection is complete.</summary>
    public async Task<long> ProgressOfAsync(string projection, CancellationToken cancellation)
    {
        await using var command = Command(
            $"select last_seq_id from {Store.LedgerStore.Schema}.mt_event_progression where name = $1",
            new NpgsqlParameter { Value = LedgerProjections.ShardOf(projection), NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellation) is long sequence ? sequence : 0;
    }

    /// <summary>The events after one sequence up to another, at most as many as a page has, in order.</summary>
    public Task<IReadOnlyList<IEvent>> EventsAsync(long after, long upTo, int limit, CancellationToken cancellation) =>
        Events.Events.QueryAllRawEvents().Where(e => e.Sequence > after && e.Sequence <= upTo).OrderBy(e => e.Sequence).Take(limit)
            .ToListAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await Events.DisposeAsync();
        await _transaction.DisposeAsync();
    }
}

/// <summary>A table and the one beside it that a rebuild writes to.</summary>
/// <param name="Live">The table that is read.</param>
/// <param name="Side">The one beside it.</param>
/// <param name="Keys">Columns that tell rows apart.</param>
/// <param name="Compared">The other columns that the events determine.</param>
/// <param name="Carried">Columns that only matter where a row is new.</param>
internal sealed record ShadowTable(
    string Live, string Side, IReadOnlyList<string> Keys, IReadOnlyList<string> Compared, IReadOnlyList<string> Carried)
{
    private string SameKeys => string.Join(" and ", Keys.Select(key => $"live.{key} = side.{key}"));

    private string Differs => Compared.Count == 0
        ? "false"
        : $"({string.Join(", ", Compared.Select(column => "live." + column))}) is distinct "
            + $"from ({string.Join(", ", Compared.Select(column => "side." + column))})";

    /// <summary>Rows that the events give, missing, superfluous, different.</summary>
    public string CompareSql =>
        $"""
        select count(*) filter (where side.{Keys[0]} is not null), count(*) filter (where live.{Keys[0]} is null),
            count(*) filter (where side.{Keys[0]} is null),
            count(*) filter (where live.{Keys[0]} is not null and side.{Keys[0]} is not null and {Differs})
        from {Live} live full join {Side} side on {SameKeys}
        """;

    /// <summary>The first keys of all rows that are missing, superfluous or different.</summary>
    public string DifferingKeysSql =>
        $"""
        select coalesce(live.{Keys[0]}, side.{Keys[0]}) from {Live} live full join {Side} side on {SameKeys}
        where live.{Keys[0]} is null or side.{Keys[0]} is null or {Differs}
        """;

    public IEnumerable<string> ApplySql()
    {
        yield return $"delete from {Live} live where not exists (select from {Side} side where {SameKeys})";
        if (Compared.Count > 0)
        {
            var sets = string.Join(", ", Compared.Select(column => $"{column} = side.{column}"));
            yield return $"update {Live} live set {sets} from {Side} side where {SameKeys} and {Differs}";
        }

        var columns = string.Join(", ", [.. Keys, .. Compared, .. Carried]);
        yield return $"insert into {Live} ({columns}) select {columns} from {Side} side where not exists (select from {Live} live "
            + $"where {SameKeys})";
    }
}

/// <summary>What a projection would be, made from the events beside the one that is read.</summary>
internal abstract class Shadow(string name)
{
    protected const string SideSchema = "pg_temp";

    /// <summary>Events, or streams, that are worked on at a time.</summary>
    protected const int Page = 2000;

    public string Name { get; } = name;

    /// <summary>The table that whoever keeps the projection writes to before any other of its tables.</summary>
    public abstract string LockedTable { get; }

    protected abstract IReadOnlyList<ShadowTable> Tables { get; }

    /// <summary>The event sequence up to which it was built, if it is built by sequence.</summary>
    protected virtual long? Sequence => null;

    public abstract Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation);

    /// <summary>Builds it from all events.</summary>
    public abstract Task BuildAsync(ShadowTransaction moment, CancellationToken cancellation);

    /// <summary>Brings what was built up to a later moment.</summary>
    public abstract Task FinishAsync(ShadowTransaction moment, CancellationToken cancellation);

    public async Task<ProjectionComparison> CompareAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        long rows = 0, missing = 0, superfluous = 0, different = 0;
        foreach (var table in Tables)
        {
            await moment.RunAsync($"analyze {table.Side}", cancellation);
            await using var command = moment.Command(table.CompareSql);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            rows += reader.GetInt64(0);
            missing += reader.GetInt64(1);
            superfluous += reader.GetInt64(2);
            different += reader.GetInt64(3);
        }

        return new ProjectionComparison(Name, Sequence, rows, missing, superfluous, different);
    }

    /// <summary>Turns what is read into what was built.</summary>
    public async Task ApplyAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        foreach (var sql in Tables.SelectMany(table => table.ApplySql())) await moment.RunAsync(sql, cancellation);
    }

    public async Task DropAsync(NpgsqlConnection connection)
    {
        // Not cancelled with the rest: the connection goes back to a pool.
        await using var command = new NpgsqlCommand(
            string.Join("; ", Tables.Select(table => $"drop table if exists {table.Side}")), connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    protected static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Documents as they would be, each folded from its events.</summary>
internal abstract class DocumentShadow<T>(
    string name, string table, ISerializer serializer, Func<T?, string, IEvent, T?> evolve) : Shadow(name)
    where T : class
{
    private const string Side = $"{SideSchema}.janusq_shadow";
    private static readonly string DotNetType = $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";

    public override string LockedTable => table;

    protected string Table => table;

    protected override IReadOnlyList<ShadowTable> Tables { get; } = [new(table, Side, ["id"], ["data"], ["mt_version", "mt_dotnet_type"])];

    public override Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation) => RunAsync(
        connection,
        $"create temp table janusq_shadow (id text primary key, data jsonb not null, mt_version integer not null, mt_dotnet_type text "
        + "not null)",
        cancellation);

    protected async Task FoldAsync(
        ShadowTransaction moment, IEnumerable<(string Key, IEvent Recorded)> events, CancellationToken cancellation)
    {
        var byKey = events.GroupBy(one => one.Key, one => one.Recorded, StringComparer.Ordinal).ToArray();
        if (byKey.Length == 0) return;
        var states = await LoadAsync(moment, [.. byKey.Select(one => one.Key)], cancellation);
        var (ids, data, versions) = (new string[byKey.Length], new string[byKey.Length], new int[byKey.Length]);
        for (var i = 0; i < byKey.Length; i++)
        {
            var (state, version) = states.GetValueOrDefault(byKey[i].Key);
            foreach (var recorded in byKey[i])
            {
                state = evolve(state, byKey[i].Key, recorded);
                version++;
            }

            (ids[i], data[i], versions[i]) = (byKey[i].Key, serializer.ToJson(state!), version);
        }

        await moment.RunAsync(
            $"""
            insert into {Side} (id, data, mt_version, mt_dotnet_type)
            select id, data::jsonb, version, $4 from unnest($1, $2, $3) as built (id, data, version)
            on conflict (id) do update set data = excluded.data, mt_version = excluded.mt_version
            """,
            cancellation,
            new NpgsqlParameter { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter { Value = data, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter { Value = versions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            new NpgsqlParameter { Value = DotNetType, NpgsqlDbType = NpgsqlDbType.Text });
    }

    protected async Task<string[]> DifferingAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        await moment.RunAsync($"analyze {Side}", cancellation);
        await using var command = moment.Command(Tables[0].DifferingKeysSql);
        return await KeysAsync(command, cancellation);
    }

    protected static Task ForgetAsync(ShadowTransaction moment, string[] ids, CancellationToken cancellation) =>
        moment.RunAsync($"delete from {Side} where id = any ($1)", cancellation, new NpgsqlParameter { Value = ids });

    protected static async Task<string[]> KeysAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var keys = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) keys.Add(reader.GetString(0));
        return [.. keys];
    }

    private async Task<Dictionary<string, (T? State, int Version)>> LoadAsync(
        ShadowTransaction moment, string[] ids, CancellationToken cancellation)
    {
        var states = new Dictionary<string, (T?, int)>(StringComparer.Ordinal);
        await using var command = moment.Command(
            $"select id, data::text, mt_version from {Side} where id = any ($1)", new NpgsqlParameter { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(reader.GetString(1)));
            states.Add(reader.GetString(0), (serializer.FromJson<T>(json), reader.GetInt32(2)));
        }

        return states;
    }
}

/// <summary>Snapshots that are written with their events: one a stream.</summary>
internal sealed class SnapshotShadow<T>(
    string name, string table, ISerializer serializer, Func<T?, string, IEvent, T?> evolve, string streamPrefix)
    : DocumentShadow<T>(name, table, serializer, evolve)
    where T : class
{
    private const int Streams = 200;

    public override async Task BuildAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        await using var command = moment.Command(
            $"select id from {Store.LedgerStore.Schema}.mt_streams where starts_with(id, $1)",
            new NpgsqlParameter { Value = streamPrefix });
        await FoldAsync(moment, await KeysAsync(command, cancellation), cancellation);
    }

    /// <summary>
    /// Only what differs is folded again: a stream that grew in between has a snapshot that was written with it and differs from what was
    /// built; one that does not differ is done.
    /// </summary>
    public override async Task FinishAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        var differing = await DifferingAsync(moment, cancellation);
        await ForgetAsync(moment, differing, cancellation);
        await FoldAsync(moment, differing, cancellation);
    }

    private async Task FoldAsync(ShadowTransaction moment, string[] streams, CancellationToken cancellation)
    {
        foreach (var some in streams.Chunk(Streams))
        {
            var events = await moment.Events.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some)).OrderBy(e => e.Sequence)
                .ToListAsync(cancellation);
            await FoldAsync(moment, events.Select(recorded => (recorded.StreamKey!, recorded)), cancellation);
        }
    }
}

/// <summary>Documents that are kept behind the events.</summary>
internal sealed class ViewShadow<T>(
    string name, string table, ISerializer serializer, Func<T?, string, IEvent, T?> evolve, Func<IEvent, IReadOnlyList<string>> keysOf)
    : DocumentShadow<T>(name, table, serializer, evolve)
    where T : class
{
    private long _sequence;

    protected override long? Sequence => _sequence;

    public override async Task BuildAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        var upTo = await moment.ProgressOfAsync(Name, cancellation);
        IReadOnlyList<IEvent> events;
        while ((events = await moment.EventsAsync(_sequence, upTo, Page, cancellation)).Count > 0)
        {
            await FoldAsync(moment, events.SelectMany(recorded => keysOf(recorded).Select(key => (key, recorded))), cancellation);
            _sequence = events[^1].Sequence;
        }

        _sequence = upTo;
    }

    public override Task FinishAsync(ShadowTransaction moment, CancellationToken cancellation) => BuildAsync(moment, cancellation);
}

/// <summary>The flat tables for compliance.</summary>
internal sealed class ComplianceShadow() : Shadow(Compliance.ComplianceProjection.Name)
{
    private readonly Compliance.ComplianceRows _rows = new(SideSchema);
    private IReadOnlyList<ShadowTable> _tables = [];
    private long _sequence;

    public override string LockedTable => $"{Compliance.ComplianceTables.Schema}.completeness";

    protected override IReadOnlyList<ShadowTable> Tables => _tables;

    protected override long? Sequence => _sequence;

    public override async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var tables = new List<ShadowTable>();
        foreach (var table in Compliance.ComplianceTables.All)
        {
            var live = $"{Compliance.ComplianceTables.Schema}.{table}";
            await RunAsync(
                connection,
                $"create temp table {table} (like {live} including defaults including constraints including generated including indexes)",
                cancellation);
            tables.Add(await TableAsync(connection, live, table, cancellation));
        }

        _tables = tables;
    }

    public override async Task BuildAsync(ShadowTransaction moment, CancellationToken cancellation)
    {
        var upTo = await moment.ProgressOfAsync(Name, cancellation);
        IReadOnlyList<IEvent> events;
        while ((events = await moment.EventsAsync(_sequence, upTo, Page, cancellation)).Count > 0)
        {
            await using var batch = moment.Batch();
            foreach (var change in _rows.Of(events)) change.AddTo(batch);
            await batch.ExecuteNonQueryAsync(cancellation);
            _sequence = events[^1].Sequence;
        }

        _sequence = upTo;
    }

    public override Task FinishAsync(ShadowTransaction moment, CancellationToken cancellation) => BuildAsync(moment, cancellation);

    private static async Task<ShadowTable> TableAsync(
        NpgsqlConnection connection, string live, string table, CancellationToken cancellation)
    {
        var (keys, others) = (new List<string>(), new List<string>());
        await using var command = new NpgsqlCommand(
            """
            select attname, exists (select from pg_index where indrelid = attrelid and indisprimary and attnum = any (indkey::int2[]))
            from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = live });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) (reader.GetBoolean(1) ? keys : others).Add(reader.GetString(0));
        return new ShadowTable(live, string.Create(CultureInfo.InvariantCulture, $"{SideSchema}.{table}"), keys, others, []);
    }
}
