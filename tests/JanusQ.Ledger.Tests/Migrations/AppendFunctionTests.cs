using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Tests.Migrations;

/// <summary>
/// The function that appends events: the event store's own, of the first migration, against the one that takes its place.
/// </summary>
public sealed class AppendFunctionTests(PostgreSqlFixture postgres)
{
    private const string Own = "0009_append_at_once.sql";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_one_that_is_replaced_is_the_one_that_the_event_store_would_write_today()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await LedgerSchema.MigrateAsync(
            database.ConnectionString, [.. Migration.Shipped.TakeWhile(step => step.Name != Own)], Cancellation);
        await using var ledger = LedgerHost.OpenUnchecked(new LedgerOptions { ConnectionString = database.ConnectionString });
        await ledger.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Cancellation);
    }

    [Fact]
    public async Task both_answer_alike_and_leave_the_same_rows()
    {
        var appended = await AppendedByAsync(Migration.Shipped);
        Assert.Equal("3 1 2 3", appended[0]);
        Assert.Equal(await AppendedByAsync(Migration.Shipped.TakeWhile(step => step.Name != Own)), appended);
    }

    /// <summary>What a series of calls is answered and leaves, as lines.</summary>
    private async Task<string[]> AppendedByAsync(IEnumerable<Migration> migrations)
    {
        await using var database = await postgres.NewDatabaseAsync();
        await LedgerSchema.MigrateAsync(database.ConnectionString, [.. migrations], Cancellation);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        List<string> lines =
        [
            await AppendAsync(source, "a", 0, 3, expected: 0),
            await AppendAsync(source, "a", 3, 17, expected: 3),
            await AppendAsync(source, "a", 20, 1, expected: 3),
            await AppendAsync(source, "a", 20, 2, expected: null),
            await AppendAsync(source, "a", 22, 0, expected: null),
            await AppendAsync(source, "a", 22, 0, expected: 22),
            await AppendAsync(source, "b", 100, 1, expected: 1),
            await AppendAsync(source, "b", 100, 1, expected: null),
            await AppendAsync(source, "b", 100, 1, expected: null),
            await AppendAsync(source, "c", 200, 0, expected: null),
            await AppendAsync(source, "c", 200, 2, expected: 0, tenant: "other"),
            await AppendAsync(source, "a", 300, 1, expected: null, tenant: "other"),
            await AppendAsync(source, "d", 400, 2, expected: null, hashed: false),
        ];
        await RunAsync(source, "update janusq.mt_streams set is_archived = true where id = 'b'");
        lines.Add(await AppendAsync(source, "b", 500, 1, expected: null));
        lines.AddRange(await RowsAsync(
            source,
            """
            select (to_jsonb(e) - 'timestamp')::text || ' ' || (timestamp at time zone 'UTC')::text from janusq.mt_events e order by seq_id
            """));
        lines.AddRange(
            await RowsAsync(source, "select (to_jsonb(s) - 'timestamp' - 'created')::text from janusq.mt_streams s order by id"));
        return [.. lines];
    }

    private static async Task<string> AppendAsync(
        NpgsqlDataSource source, string stream, int from, int count, long? expected, string? tenant = null, bool hashed = true)
    {
        await using var command = source.CreateCommand(
            "select janusq.mt_quick_append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
        var numbers = Enumerable.Range(from, count).ToArray();
        Add(stream, NpgsqlDbType.Varchar);
        Add("kind", NpgsqlDbType.Varchar);
        Add(tenant, NpgsqlDbType.Varchar);
        AddEach(number => new Guid(number, 0, 0, new byte[8]), NpgsqlDbType.Uuid);
        AddEach(number => $"type_{number}", NpgsqlDbType.Varchar);
        AddEach(number => $"Type{number}", NpgsqlDbType.Varchar);
        AddEach(number => $$"""{"number": {{number}}}""", NpgsqlDbType.Jsonb);
        AddEach(byte[]? (number) => number % 3 == 0 ? [1, 2] : null, NpgsqlDbType.Bytea);
        AddEach(number => number % 2 == 0 ? $"cause {number}" : null, NpgsqlDbType.Varchar);
        AddEach(number => $"correlation {number}", NpgsqlDbType.Varchar);
        AddEach(
            number => hashed ? $$"""{"data_sha256": "{{Sha256Hash.OfText($"{number}")}}"}""" : $$"""{"number": {{number}}}""",
            NpgsqlDbType.Jsonb);
        AddEach(number => $"user {number}", NpgsqlDbType.Varchar);
        AddEach(number => DateTime.UnixEpoch.AddSeconds(number), NpgsqlDbType.TimestampTz);
        Add(expected, NpgsqlDbType.Bigint);
        try
        {
            return string.Join(' ', (long[])(await command.ExecuteScalarAsync(Cancellation))!);
        }
        catch (PostgresException refused)
        {
            return $"{refused.SqlState} {refused.ConstraintName} {refused.MessageText}";
        }

        void Add(object? value, NpgsqlDbType type) =>
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });

        void AddEach<T>(Func<int, T> value, NpgsqlDbType type) =>
            Add(Array.ConvertAll(numbers, number => value(number)), type | NpgsqlDbType.Array);
    }

    private static async Task<List<string>> RowsAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation)) rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
