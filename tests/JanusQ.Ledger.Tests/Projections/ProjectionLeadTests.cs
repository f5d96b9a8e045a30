using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Log;
using Npgsql;

namespace JanusQ.Ledger.Tests.Projections;

public sealed class ProjectionLeadTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task one_of_two_servers_keeps_the_projections_and_the_other_takes_over_when_its_connection_is_killed()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var first = await ServerAsync(ledger, "first");
        await using var second = await ServerAsync(ledger, "second");
        await first.SendAsync(ALedger.AFinishedRun(1), Cancellation);
        await ReachesTheLastEventAsync(ledger);
        var leader = await LeaderAsync(ledger);
        Assert.Equal((leader == "first", leader == "second"), (first.KeepsProjections, second.KeepsProjections));

        await ledger.ExecuteAsync($"select pg_terminate_backend(pid) from pg_locks where {LockOfTheLead}");
        var (lost, other) = leader == "first" ? (first, second) : (second, first);
        await SequencerTests.UntilAsync(() => Task.FromResult(other.KeepsProjections && !lost.KeepsProjections));
        await lost.SendAsync(ALedger.AFinishedRun(2), Cancellation);
        await ReachesTheLastEventAsync(ledger);
        Assert.Equal(leader == "first" ? "second" : "first", await LeaderAsync(ledger));
        Assert.All(await ledger.Host.Projections.CompareAsync(cancellation: Cancellation), compared => Assert.True(compared.IsEqual));
    }

    [Fact]
    public async Task a_server_that_ends_hands_the_projections_over()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var first = await ServerAsync(ledger, "first");
        await using (first)
        {
            await SequencerTests.UntilAsync(() => Task.FromResult(first.KeepsProjections));
            await first.SendAsync(ALedger.AFinishedRun(1), Cancellation);
        }

        await using var second = await ServerAsync(ledger, "second");
        await ReachesTheLastEventAsync(ledger);
        Assert.Equal("second", await LeaderAsync(ledger));
    }

    [Fact]
    public async Task who_asks_waits_for_the_server_that_keeps_the_projections_and_catches_up_alone_where_none_does()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun(1);
        await ledger.Host.SendAsync(run, Cancellation);
        Assert.Single((await ledger.Host.Queries.LaneRunsAsync(run.Start.CandidateId, catchUp: true, Cancellation)).Value);

        await using var server = await ServerAsync(ledger, "server");
        await SequencerTests.UntilAsync(() => Task.FromResult(server.KeepsProjections));
        foreach (var asked in new[] { ledger.Host, server })
        {
            await asked.SendAsync(ALedger.AFinishedRun(asked == server ? 2 : 3, candidateId: run.Start.CandidateId), Cancellation);
            var (_, sequence) = await asked.Queries.LaneRunsAsync(run.Start.CandidateId, catchUp: true, Cancellation);
            Assert.Equal(await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events"), sequence);
        }

        var runs = await server.Queries.LaneRunsAsync(run.Start.CandidateId, catchUp: true, Cancellation);
        Assert.Equal(3, runs.Value.Count);
        Assert.Equal("server", await LeaderAsync(ledger));
    }

    [Fact]
    public async Task many_who_ask_at_once_all_get_complete_answers()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun(1);
        await ledger.Host.SendAsync(run, Cancellation);
        await using var another = ledger.Another();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            (number % 2 == 0 ? ledger.Host : another).Queries.LaneRunsAsync(run.Start.CandidateId, catchUp: true, Cancellation)));
        Assert.All(answers, answer => Assert.Single(answer.Value));
    }

    [Fact]
    public async Task who_waits_for_projections_that_do_not_get_there_is_told_so()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(1), Cancellation);
        await using var held = await OpenAsync(ledger);
        Assert.True(await LedgerLocks.TryProjectAloneAsync(held, Cancellation));
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => ledger.Host.Projections.CatchUpAsync(TimeSpan.FromMilliseconds(200), Cancellation));
        Assert.Equal("projections_behind", refused.Refusal.Code);
    }

    [Fact]
    public async Task a_projection_that_stumbled_over_an_event_goes_on_once_the_event_can_be_read()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(1), Cancellation);
        var data = await ledger.ScalarAsync<string>("select data::text from janusq.mt_events where seq_id = 1");
        await ledger.TamperAsync("update janusq.mt_events set data = '{}' where seq_id = 1");
        await using var server = await ServerAsync(ledger, "server");
        await SequencerTests.UntilAsync(() => Task.FromResult(server.ProjectionTrouble is not null));
        await ledger.TamperAsync("update janusq.mt_events set data = $1::jsonb where seq_id = 1", data);
        await ReachesTheLastEventAsync(ledger);
        await SequencerTests.UntilAsync(() => Task.FromResult(server.ProjectionTrouble is null));
    }

    private const string LockOfTheLead =
        "locktype = 'advisory' and classid = 19025 and objid = 1002 and granted "
        + "and database = (select oid from pg_database where datname = current_database())";

    private static async Task<NpgsqlConnection> OpenAsync(ALedger ledger)
    {
        var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<LedgerHost> ServerAsync(ALedger ledger, string name)
    {
        var server = ledger.Another(options => options with
        {
            ConnectionString = options.ConnectionString + ";Application Name=" + name,
            RunProjections = true,
        });
        await server.StartAsync(Cancellation);
        return server;
    }

    private static Task<string> LeaderAsync(ALedger ledger) => ledger.ScalarAsync<string>(
        $"select application_name from pg_locks join pg_stat_activity using (pid) "
        + $"where {LockOfTheLead.Replace("database =", "pg_locks.database =", StringComparison.Ordinal)}");

    private static Task ReachesTheLastEventAsync(ALedger ledger) => SequencerTests.UntilAsync(async () =>
    {
        var last = await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events");
        var progress = await ledger.Host.Projections.ProgressAsync(Cancellation);
        return progress.All(projection => projection.Sequence is null || projection.Sequence == last);
    });
}
