using System.Collections;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Store;

/// <summary>What is stored of an event is all of it, whichever way it is stored.</summary>
public sealed class EventRoundTripTests(PostgreSqlFixture postgres)
{
    private static LedgerEvent[] All =>
    [
        .. EveryEvent.OfLaneRuns(ALedger.ARun()), .. EveryEvent.OfCandidate(ALedger.ARun()), .. EveryEvent.Champion, .. EveryEvent.Policy,
        .. EveryEvent.Safety,
    ];

    [Fact]
    public void there_is_a_sample_of_every_event_with_every_member_filled()
    {
        Assert.Equal(
            EventNames.All.Select(name => name.Type.Name).Order(), All.Select(happened => happened.GetType().Name).Distinct().Order());
        foreach (var happened in All) AssertFilled(happened, happened.GetType().Name);
    }

    [Fact]
    public void every_event_comes_back_from_its_json_as_it_was()
    {
        foreach (var happened in All)
        {
            var json = Write(happened);
            Assert.Equal(json, Write(JsonSerializer.Deserialize(json, happened.GetType(), LedgerJson.Options)!));
        }
    }

    [Fact]
    public void what_is_null_is_not_written_and_comes_back_as_null()
    {
        var champion = new Champion("cand-a", "decision-a", "evaluation-a", Sha256Hash.OfText("set"), default, Predecessor: null);
        var difference = new SubmissionDifference("target", Path: null, "paper", "live");
        Assert.Equal(champion, JsonSerializer.Deserialize<Champion>(Write(champion), LedgerJson.Options));
        Assert.Equal(difference, JsonSerializer.Deserialize<SubmissionDifference>(Write(difference), LedgerJson.Options));
        Assert.DoesNotContain("null", Write(champion) + Write(difference), StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SubmissionDifference>(
            """{"subject":"target","recorded":"paper"}""", LedgerJson.Options));
    }

    [Fact]
    public async Task every_event_comes_back_from_jsonb_with_the_same_canonical_form()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        foreach (var happened in All)
        {
            await using var command = source.CreateCommand("select ($1::jsonb)::text");
            command.Parameters.AddWithValue(Write(happened));
            var stored = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            var back = JsonSerializer.Deserialize(stored, happened.GetType(), LedgerJson.Options)!;
            Assert.Equal(happened.GetType(), back.GetType());
            Assert.Equal(Canonical(happened), Canonical(back));
        }
    }

    [Fact]
    public void snapshots_do_not_store_what_follows_from_other_members()
    {
        var book = EveryEvent.Policy.Aggregate(PolicyBook.Empty("main"), (state, happened) => state.After(happened));
        Assert.NotNull(book.Active);
        var json = Write(book);
        Assert.DoesNotContain("\"active\":", json, StringComparison.Ordinal);
        Assert.Equal(json, Write(JsonSerializer.Deserialize<PolicyBook>(json, LedgerJson.Options)!));
    }

    private static void AssertFilled(object value, string place)
    {
        foreach (var property in value.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var (member, name) = (property.GetValue(value), $"{place}.{property.Name}");
            Assert.True(member is not null, $"{name} is not filled.");
            Assert.False(member is false or "" or 0, $"{name} has the value that it would have anyway.");
            if (member is IEnumerable and not string) Assert.True(((IEnumerable)member).GetEnumerator().MoveNext(), $"{name} is empty.");
            if (member is JsonArray { Count: 0 } or JsonObject { Count: 0 }) Assert.Fail($"{name} is empty.");
            var elements = member is IEnumerable many and not string ? many.Cast<object>() : [member];
            foreach (var element in elements)
                if (element.GetType().Namespace == typeof(LedgerEvent).Namespace && element.GetType().IsClass) AssertFilled(element, name);
        }
    }

    private static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), LedgerJson.Options);

    private static string Canonical(object value) => CanonicalJson.Text(JsonValue.Read(Encoding.UTF8.GetBytes(Write(value))));
}
