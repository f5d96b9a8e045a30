using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Decisions;

public sealed class DecisionPagingTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task walking_the_pages_meets_every_decision_once_in_order_while_others_are_made()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var made = new List<string>();
        for (var i = 0; i < 20; i++) made.Add(await ManyDecisions.DecideAsync(server.Ledger, i));
        using var client = server.ClientOf("auditor");
        var more = 100;

        var walked = await PagedWalk.WalkAsync(client, "/v1/decisions?limit=3", "decisions", async () =>
        {
            if (more < 110) made.Add(await ManyDecisions.DecideAsync(server.Ledger, more++));
        });

        Assert.Equal(made, walked.Select(one => (string)one["decision_id"]!));
        var moments = walked.Select(one => (string)one["decided_at"]!).ToArray();
        Assert.Equal(moments.Order(StringComparer.Ordinal), moments);
    }

    [Fact]
    public async Task a_decision_is_found_by_its_id_whether_or_not_the_flat_tables_hold_it_yet()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var early = await ManyDecisions.DecideAsync(server.Ledger, 1);
        await server.Ledger.Projections.CatchUpAsync(Cancellation);
        var late = await ManyDecisions.DecideAsync(server.Ledger, 2);
        using var client = server.ClientOf("auditor");
        foreach (var decision in new[] { early, late })
        {
            var got = await Got.FromAsync(client, $"/v1/decisions/{decision}");
            Assert.Equal(decision, (string)got.Document["promotion_decided"]!["data"]!["decision_id"]!);
        }

        await using var command = server.Ledger.Database.CreateCommand("select count(*) from compliance.decisions");
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task many_who_ask_at_once_are_all_answered_up_to_what_was_recorded_before_they_asked()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        for (var i = 0; i < 5; i++) await ManyDecisions.DecideAsync(server.Ledger, i);
        var last = (await server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence;
        using var client = server.ClientOf("auditor");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Got.FromAsync(client, "/v1/decisions")));
        Assert.All(answers, answer => Assert.Equal((5, last), (answer.Document["decisions"]!.AsArray().Count, answer.Sequence)));
    }
}
