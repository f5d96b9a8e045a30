using System.Text.Json;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Compliance;
using Npgsql;

namespace JanusQ.Ledger.Tests.Store;

/// <summary>The hash that is kept with an event is that of the row, whoever appended it and whatever is in it.</summary>
public sealed class EventDataTests(PostgreSqlFixture postgres)
{
    // Spelled with escapes, of several planes, and such as only JSON or only jsonb spells in its own way.
    private static readonly Gen<string> Text = AnyOf(
        "", "a", "\"", "\\", "/", "\u007f", "\u0085", "\u2028", "é", "e\u0301", "\ud7ff", "\ue000", "\uffff", "\U0001F600",
        "\b\f\n\r\t\u001f", "\\u0041", "<&>'")
        .Array[0, 5].Select(string.Concat);

    private static readonly Gen<double> Real = Gen.Frequency(
        (2, AnyOf(0.0, -0.0, 1.0, -1.0, 100.0, 1e15, 1e16, 1e22, 1e-7, 5e-324, double.MaxValue, double.MinValue, 9007199254740993.0)),
        (3, Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite)),
        (1, Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 8], (digits, places) => digits / Math.Pow(10, places))));

    private static readonly Gen<JsonValue> Scalar = Gen.OneOf<JsonValue>(
        Gen.Const(JsonValue.Null),
        Gen.Bool.Select(truth => (JsonValue)truth),
        Gen.Long.Select(value => (JsonValue)value),
        Gen.Select(
            Gen.Long, Gen.Int[1, 200], (value, power) => (JsonValue)new JsonInteger(value * System.Numerics.BigInteger.Pow(7, power))),
        Real.Select(value => (JsonValue)new JsonReal(value)),
        Text.Select(value => (JsonValue)value));

    private static readonly Gen<JsonValue> Value = Gen.Recursive<JsonValue>((depth, inner) => depth > 4
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (2, inner.Array[0, 5].Select(elements => (JsonValue)new JsonArray(elements.AsEnumerable()))),
            (3, Gen.Select(Text, inner).Array[0, 6].Select(Object))));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_stored_event_carries_the_hash_of_its_row()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(artifacts: 3), Cancellation);
        await ledger.Host.SendAsync(ALedger.ARun(2), Cancellation);
        await ledger.Host.SendAsync(ALedger.ARun(2) with { CodeVersion = "2.0.0" }, Cancellation);
        Assert.Equal(EventNames.All.Length, await ledger.ScalarAsync<long>("select count(distinct type) from janusq.mt_events"));
        await AssertHashesAsync(ledger);
    }

    [Fact]
    public void an_event_whose_row_was_changed_no_longer_has_the_hash_that_it_carries()
    {
        var data = new EventData();
        var hash = data.HashOf("""{"a": 1.50, "b": ["x", null]}""");
        Assert.Equal(hash, data.HashOf("""{ "b" : [ "\u0078" , null ] , "a" : 1.5 }"""));
        Assert.Equal(Sha256Hash.OfText("""{"a":1.5,"b":["x",null]}"""), hash);
        foreach (var changed in new[]
        {
            """{"a":1.51,"b":["x",null]}""",
            """{"a":1.5,"b":["x"]}""",
            """{"a":"1.5","b":["x",null]}""",
            """{"a":1,"b":["x",null]}""",
        })
            Assert.NotEqual(hash, data.HashOf(changed));
        Assert.Throws<JsonRejectedException>(() => data.HashOf("""{"a":1,"a":1}"""));
    }

    [Fact]
    public async Task whatever_is_written_has_the_same_canonical_form_after_jsonb()
    {
        const int Values = 3000;
        var written = new List<string>(Values);
        Value.Sample(
            value => written.Add(JsonSerializer.Serialize((JsonObject)Object([("value", value)]), LedgerJson.Options)),
            iter: Values,
            threads: 1);
        await using var database = await postgres.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("select t::jsonb::text from unnest($1) with ordinality as given (t, n) order by n");
        command.Parameters.AddWithValue(written.ToArray());
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var (data, i) = (new EventData(), 0);
        for (; await reader.ReadAsync(Cancellation); i++)
        {
            var stored = reader.GetString(0);
            Assert.True(data.HashOf(written[i]) == data.HashOf(stored), $"{written[i]} comes back as {stored}");
        }

        Assert.Equal(written.Count, i);
    }

    internal static async Task AssertHashesAsync(ALedger ledger)
    {
        var rows = await ledger.ListAsync(
            "select coalesce(headers ->> 'data_sha256', 'none') || ' ' || data::text from janusq.mt_events order by seq_id");
        Assert.NotEmpty(rows);
        var data = new EventData();
        foreach (var row in rows)
        {
            var at = row.IndexOf(' ', StringComparison.Ordinal);
            Assert.Equal(data.HashOf(row[(at + 1)..]).ToString(), row[..at]);
        }
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static JsonValue Object((string Name, JsonValue Value)[] members) =>
        new JsonObject(
            members.DistinctBy(member => member.Name).Select(member => new KeyValuePair<string, JsonValue>(member.Name, member.Value)));
}
