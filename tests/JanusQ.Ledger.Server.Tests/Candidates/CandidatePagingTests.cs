using System.Net;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Candidates;

public sealed class CandidatePagingTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task walking_the_pages_meets_every_candidate_once_while_others_come_and_change()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        for (var i = 0; i < 30; i++) await server.Ledger.SendAsync(SmallRuns.AFinishedRun(i, 1, $"cand-{i % 10}.{i:00}"), Cancellation);
        var there = await server.Ledger.Queries.CandidatesAsync(Ledger.Candidates.CandidateFilter.None, null, 1000, Cancellation);
        var before = there.Candidates.Select(one => one.CandidateId).ToArray();
        using var client = server.ClientOf("auditor");
        var number = 100;

        var walked = await PagedWalk.WalkAsync(client, "/v1/candidates?limit=4", "candidates", async () =>
        {
            // One comes before the place where the walk is, one after it, and one that is there changes.
            await server.Ledger.SendAsync(SmallRuns.ARun(number, $"cand-0.new-{number}"), Cancellation);
            await server.Ledger.SendAsync(SmallRuns.ARun(number + 1, $"cand-9.new-{number}"), Cancellation);
            await server.Ledger.SendAsync(SmallRuns.ARun(number + 2, before[number % 30]), Cancellation);
            number += 3;
        });

        var ids = walked.Select(one => (string)one["candidate_id"]!).ToArray();
        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), ids);
        Assert.Empty(before.Except(ids, StringComparer.Ordinal));
    }

    [Fact]
    public async Task the_pages_begin_behind_the_candidate_that_is_named_and_go_on_by_their_cursors()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        for (var i = 0; i < 9; i++) await server.Ledger.SendAsync(SmallRuns.ARun(i, $"cand-{i}"), Cancellation);
        using var client = server.ClientOf("auditor");
        var walked = await PagedWalk.WalkAsync(client, "/v1/candidates?limit=2&after=cand-3", "candidates");
        Assert.Equal(["cand-4", "cand-5", "cand-6", "cand-7", "cand-8"], walked.Select(one => (string)one["candidate_id"]!));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "request_invalid", "after"),
            (await Got.FromAsync(client, "/v1/candidates?after=-cand")).Problem);
    }

    [Fact]
    public async Task a_cursor_of_another_query_or_of_other_filters_is_refused_by_name()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        for (var i = 0; i < 3; i++) await server.Ledger.SendAsync(SmallRuns.AFinishedRun(i, 1), Cancellation);
        using var client = server.ClientOf("auditor");
        var cursor = (string)(await Got.FromAsync(client, "/v1/candidates?limit=1")).Document["next_cursor"]!;

        Assert.Equal(HttpStatusCode.OK, (await Got.FromAsync(client, $"/v1/candidates?limit=2&cursor={cursor}")).Status);
        foreach (var other in new[] { "/v1/decisions?", "/v1/candidates?stage=evaluated&" })
        {
            var refused = await Got.FromAsync(client, $"{other}cursor={cursor}");
            Assert.Equal((HttpStatusCode.BadRequest, "cursor_of_another_query", "cursor"), refused.Problem);
        }

        var longer = await Got.FromAsync(client, $"/v1/candidates?cursor={cursor}AAAA");
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", "cursor"), longer.Problem);
        var forged = System.Buffers.Text.Base64Url.EncodeToString("[2,\"candidates\",\"\",\"x\"]"u8);
        var future = await Got.FromAsync(client, $"/v1/candidates?cursor={forged}");
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", "cursor"), future.Problem);
    }
}
