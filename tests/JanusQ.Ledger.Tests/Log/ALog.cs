using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>A ledger with a transparency log on a database of its own.</summary>
internal sealed class ALog : IAsyncDisposable
{
    public const string Origin = "ledger.example/log";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ALedger _ledger;

    private ALog(ALedger ledger) => _ledger = ledger;

    public LedgerHost Host => _ledger.Host;

    public TransparencyLog Log => Host.Log;

    public LogReader Reader => Host.Log.Reader;

    public string ConnectionString => _ledger.ConnectionString;

    public ALedger Ledger => _ledger;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static SignerKey Key(byte number, string origin = Origin) =>
        SignerKey.FromSeed(origin, [.. Enumerable.Repeat(number, SignerKey.SeedSize)]);

    public static LogOptions Options(byte key = 1, params byte[] old) => new()
    {
        Keys = LogKeyRing.Of(Key(key), old.Select(number => Key(number).Verifier)),
        PollInterval = TimeSpan.FromMilliseconds(5),
        GapInterval = TimeSpan.FromMilliseconds(5),
        RetryInterval = TimeSpan.FromMilliseconds(50),
        CheckpointInterval = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>The policy of these lines behind the one that names the log by its key.</summary>
    public static WitnessPolicy Policy(string lines, byte key = 1)
    {
        var text = $"log {Key(key).Verifier}\n{lines}";
        return WitnessPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var policy, out var refusal)
            ? policy
            : throw new ArgumentException(refusal.Explanation, nameof(lines));
    }

    public static async Task<ALog> OnAnEmptyDatabaseAsync(PostgreSqlFixture postgres, LogOptions? options = null) =>
        new(await ALedger.OnAnEmptyDatabaseAsync(postgres, ledger => ledger with { Log = options ?? Options() }));

    /// <summary>The log as a program with other settings sees it.</summary>
    public LedgerHost Another(LogOptions options) => _ledger.Another(ledger => ledger with { Log = options });

    /// <summary>Appends events as the event store would, many at once, without any command.</summary>
    public Task AppendAsync(int count, string stream = "candidate-cand-0123456789ab") => AppendAsync(ConnectionString, count, stream);

    /// <summary>Appends events as the event store would, to any ledger.</summary>
    public static async Task AppendAsync(string connectionString, int count, string stream)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(AppendSql, connection);
        command.Parameters.AddWithValue(stream);
        command.Parameters.AddWithValue(count);
        command.Parameters.AddWithValue(HashOfData);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The data of every event that is appended without a command.</summary>
    public const string Data = """{"at": "2026-01-05T14:30:00+00:00", "text": "ä", "number": 1.50}""";

    public static readonly string HashOfData = CanonicalJson.Hash(JsonValue.Read(System.Text.Encoding.UTF8.GetBytes(Data))).ToString();

    /// <summary>
    /// Appends $2 events to the stream $1, whose data hash to $3, in the way of the event store: the numbers are drawn one by one.
    /// </summary>
    public const string AppendSql =
        $"""
        with stream as (
            insert into janusq.mt_streams (id, type, version, timestamp, tenant_id) values ($1, 'test', $2, now(), '*DEFAULT*')
            on conflict (id) do update set version = janusq.mt_streams.version + excluded.version returning version)
        insert into janusq.mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers, user_name, is_archived)
        select nextval('janusq.mt_events_sequence'), gen_random_uuid(), $1, stream.version - $2 + number,
            '{Data}', 'lane_run_started', now(), jsonb_build_object('data_sha256', $3::text), 'wanda', false
        from stream, generate_series(1, $2) number
        """;

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public Task<T> ScalarAsync<T>(string sql, params object[] parameters) => _ledger.ScalarAsync<T>(sql, parameters);

    /// <summary>Does what only the owner of the tables can do, with the triggers off.</summary>
    public Task TamperAsync(string table, string sql) => _ledger.ExecuteAsync(
        $"alter table janusq.{table} disable trigger user; {sql}; alter table janusq.{table} enable always trigger append_only;");

    public Task<LogCatchUp> CatchUpAsync(LogOptions? options = null) => CatchUpAsync(Patience, options);

    public async Task<LogCatchUp> CatchUpAsync(TimeSpan patience, LogOptions? options = null)
    {
        if (options is null) return await Log.CatchUpAsync(patience, Cancellation);
        await using var another = Another(options);
        return await another.Log.CatchUpAsync(patience, Cancellation);
    }

    /// <summary>
    /// What must hold of every log: it holds exactly the visible events in their order, each once; its tiles are those of its leaves; every
    /// checkpoint is of the tree of its size and signed by one of the keys.
    /// </summary>
    /// <returns>Number of leaves.</returns>
    public Task<long> CheckAsync(params byte[] keys) => CheckAsync(ConnectionString, keys);

    /// <summary>The same of any ledger.</summary>
    public static async Task<long> CheckAsync(string connectionString, params byte[] keys)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        var expected = new List<(long Sequence, Guid Id, Sha256Hash Hash)>();
        await using (var command = new NpgsqlCommand($"select {EventRow.Columns} from janusq.mt_events e order by e.seq_id", connection))
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
        {
            var leaves = new LeafReader();
            while (await reader.ReadAsync(Cancellation))
            {
                var row = leaves.Read(reader);
                expected.Add((row.Sequence, row.Id, MerkleHash.Leaf(leaves.Leaf)));
            }
        }

        var found = new List<(long Sequence, Guid Id, Sha256Hash Hash)>();
        await using (var command = new NpgsqlCommand("select * from janusq.log_leaf order by log_index", connection))
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
            {
                Assert.Equal(found.Count, reader.GetInt64(0));
                found.Add((reader.GetInt64(1), reader.GetGuid(2), new Sha256Hash(reader.GetFieldValue<byte[]>(3))));
            }
        }

        Assert.Equal(expected, found);
        var frontier = new MerkleFrontier();
        var roots = new List<Sha256Hash> { frontier.Root() };
        foreach (var (_, _, hash) in found)
        {
            frontier.Append(hash);
            roots.Add(frontier.Root());
        }

        var tree = new MerkleTree();
        foreach (var (_, _, hash) in found) tree.Append(hash);
        var full = tree.TakeChanged().Where(tile => !tile.Path.IsPartial)
            .Select(tile => $"{tile.Path.Level} {tile.Path.Index} {Convert.ToHexStringLower(tile.Hashes.Span)}")
            .Order(StringComparer.Ordinal);
        var stored = new List<string>();
        const string Tiles = "select level || ' ' || number || ' ' || encode(hashes, 'hex') from janusq.log_tile";
        await using (var command = new NpgsqlCommand(Tiles, connection))
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
            while (await reader.ReadAsync(Cancellation)) stored.Add(reader.GetString(0));
        Assert.Equal(full, stored.Order(StringComparer.Ordinal));

        var verifiers = (keys.Length == 0 ? [1] : keys).Select(number => Key(number).Verifier).ToArray();
        await using (var command = new NpgsqlCommand("select tree_size, root, note from janusq.log_checkpoint", connection))
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
            {
                Assert.True(SignedCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(reader.GetString(2)), out var signed, out _));
                Assert.True(signed.TryVerify(verifiers, out var refusal), refusal?.Explanation);
                Assert.Equal(reader.GetInt64(0), signed.Checkpoint.Size);
                Assert.Equal(new Sha256Hash(reader.GetFieldValue<byte[]>(1)), signed.Checkpoint.Root);
                Assert.Equal(roots[(int)signed.Checkpoint.Size], signed.Checkpoint.Root);
            }
        }

        Assert.Empty(await new LogReader(source).EventsPassedOverAsync(cancellation: Cancellation));
        return found.Count;
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();
}
