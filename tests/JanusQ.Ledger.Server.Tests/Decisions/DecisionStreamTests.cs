using System.Globalization;
using System.Net;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Decisions;

public sealed class DecisionStreamTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task decisions_are_heard_in_order_as_they_are_made_and_those_before_if_asked_for()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        var before = new[] { await ManyDecisions.DecideAsync(server.Ledger, 1), await ManyDecisions.DecideAsync(server.Ledger, 2) };
        await using var all = await Listener.ListenAsync(client, "0");
        await using var since = await Listener.ListenAsync(client, null, "?after=0");
        await using var fromNow = await Listener.ListenAsync(client);
        await fromNow.NextAsync();
        Assert.Equal(2000, fromNow.RetryMilliseconds);

        var later = new[] { await ManyDecisions.DecideAsync(server.Ledger, 3), await ManyDecisions.DecideAsync(server.Ledger, 4) };

        Assert.Equal([.. before, .. later], await all.DecisionsAsync(4));
        Assert.Equal([.. before, .. later], await since.DecisionsAsync(4));
        Assert.Equal(later, await fromNow.DecisionsAsync(2));
        var recorded = await server.Ledger.Decisions.FindAsync(later[1], Cancellation);
        Assert.Equal(recorded!.Events[^1].Sequence.ToString(CultureInfo.InvariantCulture), fromNow.LastId);
    }

    [Fact]
    public async Task who_is_cut_off_again_and_again_under_load_loses_nothing_and_hears_nothing_twice()
    {
        const int Recorders = 4;
        const int Each = 12;
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        var recording = Task.WhenAll(Enumerable.Range(0, Recorders).Select(async recorder =>
        {
            var made = new List<string>();
            for (var i = 0; i < Each; i++) made.Add(await ManyDecisions.DecideAsync(server.Ledger, (recorder * 1000) + i));
            return made;
        }));

        var heard = new List<string>();
        var (lastId, turn) = ("0", 0);
        while (heard.Count < Recorders * Each)
        {
            await using var listener = await Listener.ListenAsync(client, lastId);
            heard.AddRange(await listener.DecisionsAsync(Math.Min(1 + (turn++ % 5), (Recorders * Each) - heard.Count)));
            lastId = listener.LastId!;
        }

        var expected = (await recording).SelectMany(made => made).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(expected.Count, heard.Count);
        Assert.True(expected.SetEquals(heard));
        await using var again = await Listener.ListenAsync(client, "0");
        Assert.Equal(heard, await again.DecisionsAsync(heard.Count));
    }

    [Fact]
    public async Task nothing_is_heard_behind_a_number_that_could_still_become_an_event()
    {
        await using var server = await StartAsync(new DecisionFeedOptions { PollInterval = TimeSpan.FromMilliseconds(10) });
        using var client = server.ClientOf("auditor");
        await ManyDecisions.DecideAsync(server.Ledger, 1);
        await using var listener = await Listener.ListenAsync(client, "0");
        await listener.DecisionsAsync(1);
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var drawing = new NpgsqlCommand("select nextval('janusq.mt_events_sequence')", connection, transaction))
            await drawing.ExecuteScalarAsync(Cancellation);

        var decided = await ManyDecisions.DecideAsync(server.Ledger, 2);
        var next = listener.DecisionsAsync(1);
        await Task.Delay(500, Cancellation);
        Assert.False(next.IsCompleted);
        await transaction.RollbackAsync(Cancellation);

        Assert.Equal([decided], await next);
    }

    [Fact]
    public async Task where_nothing_is_decided_the_stream_says_how_far_it_is_all_the_same()
    {
        await using var server = await StartAsync(new DecisionFeedOptions
        {
            PollInterval = TimeSpan.FromMilliseconds(10),
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        });
        using var client = server.ClientOf("auditor");
        await using var listener = await Listener.ListenAsync(client);
        await listener.NextAsync();
        Assert.Equal("0", listener.LastId);
        await server.Ledger.SendAsync(SmallRuns.AFinishedRun(1, 1), Cancellation);
        var last = (await server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence.ToString(CultureInfo.InvariantCulture);
        while (listener.LastId != last) Assert.Equal((true, null), await listener.NextAsync());
        Assert.True(listener.Comments >= 2);
    }

    [Fact]
    public async Task only_so_many_listen_at_once_and_a_place_is_free_again_when_one_leaves()
    {
        await using var server = await StartAsync(
            new DecisionFeedOptions { MostFollowers = 2, HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        using var client = server.ClientOf("auditor");
        await using var first = await Listener.ListenAsync(client);
        await using (await Listener.ListenAsync(client))
        {
            var third = await Got.FromAsync(client, "/v1/decisions/stream");
            Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_followers", null), third.Problem);
            var wrong = await Got.FromAsync(client, "/v1/decisions/stream?after=x");
            Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", "after"), wrong.Problem);
        }

        while (server.Ledger.Feed.Followers > 1) await Task.Delay(10, Cancellation);
        await using var fourth = await Listener.ListenAsync(client);
        await fourth.NextAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("99999999999999999999")]
    public async Task an_id_that_the_stream_never_gave_is_refused(string lastId)
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        var got = await Got.FromAsync(client, "/v1/decisions/stream", ("Last-Event-ID", lastId));
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", "Last-Event-ID"), got.Problem);
    }

    [Theory]
    [InlineData("?after=1000", null)]
    [InlineData("", "1000")]
    [InlineData("", "9223372036854775807")]
    public async Task who_begins_behind_what_the_ledger_has_not_come_to_is_refused_instead_of_hearing_nothing(string query, string? lastId)
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        await ManyDecisions.DecideAsync(server.Ledger, 1);
        (string, string)[] headers = lastId is null ? [] : [("Last-Event-ID", lastId)];
        var got = await Got.FromAsync(client, $"/v1/decisions/stream{query}", headers);
        Assert.Equal((HttpStatusCode.Conflict, "sequence_ahead", null), got.Problem);
        var last = (await server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence;
        Assert.Equal(last, (long)got.Document["last"]!);
        await using var listener = await Listener.ListenAsync(client, last.ToString(CultureInfo.InvariantCulture));
        await listener.NextAsync();
    }

    [Fact]
    public async Task who_does_not_keep_up_is_let_go_and_resumes_without_loss()
    {
        const int Count = 12;
        await using var server = await StartAsync(
            new DecisionFeedOptions { PollInterval = TimeSpan.FromMilliseconds(10), MostWaiting = 2 });
        var feed = server.Ledger.Feed;
        await using var slow = feed.Follow(0);
        await using var heard = slow.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await heard.MoveNextAsync());
        var made = new List<string> { await ManyDecisions.DecideAsync(server.Ledger, 0) };
        var ids = new List<string>();
        Assert.True(await heard.MoveNextAsync());
        var position = heard.Current.Sequence;
        ids.Add(heard.Current.Decision!.Id());
        for (var i = 1; i < Count; i++) made.Add(await ManyDecisions.DecideAsync(server.Ledger, i));
        await using (var other = feed.Follow(0))
        {
            // Once somebody else has heard all of it, it was handed out, or was not taken.
            await using var quick = other.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
            var last = (await server.Ledger.Decisions.FindAsync(made[^1], Cancellation))!.Events[^1].Sequence;
            while (feed.Mark < last) await Task.Delay(10, Cancellation);
        }

        while (await heard.MoveNextAsync())
        {
            position = heard.Current.Sequence;
            if (heard.Current.Decision is { } decision) ids.Add(decision.Id());
        }

        Assert.InRange(ids.Count, 1, 3);
        Assert.Equal(made.Take(ids.Count), ids);
        await using var resumed = feed.Follow(position);
        await foreach (var item in resumed.ReadAsync(Cancellation))
        {
            if (item.Decision is not { } decision) continue;
            ids.Add(decision.Id());
            if (ids.Count == Count) break;
        }

        Assert.Equal(made, ids);
    }

    [Fact]
    public async Task the_stream_ends_when_the_server_stops()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        await using var listener = await Listener.ListenAsync(client);
        await listener.NextAsync();
        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var (isMessage, _) = await listener.NextAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.False(isMessage);
    }

    private Task<AServer> StartAsync(DecisionFeedOptions? feed = null) => AServer.StartAsync(
        postgreSql,
        options => options with { Feed = feed ?? new DecisionFeedOptions { PollInterval = TimeSpan.FromMilliseconds(20) } });
}
