using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Compliance;

namespace JanusQ.Ledger.Tests.Store;

/// <summary>The ids of events stand in the indexes as the events were appended.</summary>
public sealed class TimeOrderedEventIdsTests(PostgreSqlFixture postgres)
{
    [Fact]
    public async Task ids_of_events_begin_with_the_time_at_which_they_were_appended()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, TestContext.Current.CancellationToken);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(artifacts: 3), TestContext.Current.CancellationToken);
        var rows = await ledger.ListAsync(
            "select id::text || ' ' || (extract(epoch from timestamp) * 1000)::bigint from janusq.mt_events order by seq_id");
        Assert.True(rows.Count > 20);
        Assert.Equal(rows.Count, rows.Distinct().Count());
        foreach (var row in rows)
        {
            var (id, appended) = (Guid.Parse(row[..36]), long.Parse(row[37..], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(7, id.Version);
            var begins = Convert.ToInt64(row[..8] + row[9..13], 16);
            Assert.InRange(appended - begins, -10_000, 10_000);
        }
    }

    [Fact]
    public async Task ids_of_events_that_were_appended_at_once_are_in_their_order()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(artifacts: 15), TestContext.Current.CancellationToken);
        var ids = await ledger.ListAsync("select id::text from janusq.mt_events order by seq_id");
        Assert.Equal(17, ids.Count);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(17, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(8, Guid.Parse(id).Variant & 0xC));
    }
}
