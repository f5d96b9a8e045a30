using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Log;

public sealed class SequencerTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task events_of_commands_become_leaves_and_a_checkpoint()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var none = await log.CatchUpAsync();
        Assert.Equal((null, 0, false, true), (none.Checkpoint, none.Taken, none.IsNew, none.IsComplete));
        await log.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        var first = await log.CatchUpAsync();
        Assert.Equal((17, 17, true, true), (first.Checkpoint!.Size, first.Taken, first.IsNew, first.IsComplete));
        Assert.Equal(ALog.Origin, first.Checkpoint.Signed.Checkpoint.Origin);
        var again = await log.CatchUpAsync();
        Assert.Equal((17, 0, false, true), (again.Checkpoint!.Size, again.Taken, again.IsNew, again.IsComplete));
        Assert.Equal(17, await log.CheckAsync());
    }

    [Fact]
    public async Task a_leaf_says_what_the_row_says()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        await log.CatchUpAsync();
        var proof = await log.Reader.ProveAsync(3, Cancellation);
        Assert.True(LogLeaf.TryParse(proof.Leaf.AsSpan(), out var leaf, out _));
        Assert.Equal(
            (3, 3, "artifact_emitted", 1, "worker-7", proof.EventId),
            (leaf.Sequence, leaf.Version, leaf.Type, leaf.SchemaVersion, leaf.Actor, leaf.Id));
        Assert.Equal(leaf.Stream, await log.ScalarAsync<string>("select stream_id from janusq.mt_events where seq_id = 3"));
        Assert.Equal(
            leaf.DataSha256.ToString(),
            await log.ScalarAsync<string>("select headers ->> 'data_sha256' from janusq.mt_events where seq_id = 3"));
        Assert.Equal(
            leaf.Timestamp.ToDateTimeOffset().UtcDateTime,
            await log.ScalarAsync<DateTime>("select timestamp from janusq.mt_events where seq_id = 3"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public async Task batches_of_any_size_give_the_same_log(int batch)
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres, ALog.Options() with { BatchEvents = batch });
        await log.AppendAsync(batch == 1 ? 300 : 700);
        await log.CatchUpAsync();
        await log.AppendAsync(70);
        await log.CatchUpAsync();
        Assert.Equal(batch == 1 ? 370 : 770, await log.CheckAsync());
    }

    [Fact]
    public async Task a_tree_of_more_than_two_levels_is_taken_up_again()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(66_000);
        await log.CatchUpAsync();
        Assert.Equal(66_000 / 256 + 1, await log.ScalarAsync<long>("select count(*) from janusq.log_tile"));
        await log.AppendAsync(300);
        Assert.Equal(66_300, (await log.CatchUpAsync()).Checkpoint!.Size);
        Assert.Equal(66_300, await log.CheckAsync());
    }

    [Fact]
    public async Task a_transaction_that_takes_longer_than_five_seconds_is_not_passed_over()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(2);
        await using var slow = await log.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync(Cancellation);
        await AppendInAsync(slow, "slow", 3);
        await log.AppendAsync(4, "quick");

        var held = await log.CatchUpAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((2, false), (held.Checkpoint!.Size, held.IsComplete));
        var status = await log.Reader.StatusAsync(Cancellation);
        Assert.Equal((2, 4, 1), (status!.Size, status.EventsBehind, status.OpenAppends));

        await transaction.CommitAsync(Cancellation);
        var done = await log.CatchUpAsync();
        Assert.Equal((9, true), (done.Checkpoint!.Size, done.IsComplete));
        Assert.Equal(9, await log.CheckAsync());
    }

    /// <summary>
    /// The one that a mark by the snapshot's bounds would pass over: it holds the larger transaction id, drew the smaller number, and no
    /// transaction behind it has ended, so that no snapshot lists it.
    /// </summary>
    [Fact]
    public async Task a_transaction_that_begins_last_and_draws_first_is_not_passed_over()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var older = await log.OpenAsync();
        await using var younger = await log.OpenAsync();
        await using var begun = await older.BeginTransactionAsync(Cancellation);
        await RunAsync(older, "select pg_current_xact_id()");
        await using var open = await younger.BeginTransactionAsync(Cancellation);
        await AppendInAsync(younger, "younger", 1);
        await AppendInAsync(older, "older", 1);
        await begun.CommitAsync(Cancellation);

        Assert.Equal(0, (await log.CatchUpAsync(TimeSpan.FromMilliseconds(300))).Taken);
        await open.CommitAsync(Cancellation);
        Assert.Equal(2, (await log.CatchUpAsync()).Taken);
        Assert.Equal(2, await log.CheckAsync());
    }

    [Fact]
    public async Task a_transaction_that_has_drawn_and_has_no_id_yet_is_not_passed_over()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(1);
        await using var slow = await log.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync(Cancellation);
        await RunAsync(slow, "savepoint before");
        await RunAsync(slow, "select nextval('janusq.mt_events_sequence')");
        await RunAsync(slow, "rollback to savepoint before");
        Assert.Equal(0, await log.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where backend_xid is not null and datname = current_database()"));
        await log.AppendAsync(1, "quick");

        Assert.Equal(1, (await log.CatchUpAsync(TimeSpan.FromMilliseconds(300))).Checkpoint!.Size);
        await RunAsync(slow,
            $"""
            insert into janusq.mt_streams (id, type, version) values ('late', 'test', 1);
            insert into janusq.mt_events (seq_id, id, stream_id, version, data, type, headers)
            values (2, gen_random_uuid(), 'late', 1, '{ALog.Data}', 'lane_run_started',
                jsonb_build_object('data_sha256', '{ALog.HashOfData}'))
            """);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(3, (await log.CatchUpAsync()).Checkpoint!.Size);
        Assert.Equal(3, await log.CheckAsync());
    }

    [Fact]
    public async Task a_gap_of_a_roll_back_holds_nothing_up()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await log.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await AppendInAsync(connection, "rolled back", 5);
            await transaction.RollbackAsync(Cancellation);
            await log.AppendAsync(2, "kept");
        }

        await using var reader = await log.OpenAsync();
        await using var reading = await reader.BeginTransactionAsync(Cancellation);
        await RunAsync(reader, "select count(*), pg_current_xact_id() from janusq.mt_events");
        var done = await log.CatchUpAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((6, true), (done.Checkpoint!.Size, done.IsComplete));
        Assert.Equal(21, await log.ScalarAsync<long>("select max(event_sequence) from janusq.log_leaf"));
        Assert.Equal(6, await log.CheckAsync());
    }

    [Fact]
    public async Task a_prepared_transaction_is_waited_for()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        if (await log.ScalarAsync<string>("show max_prepared_transactions") == "0") Assert.Skip("The server prepares no transactions.");
        await using var connection = await log.OpenAsync();
        await RunAsync(connection, "begin");
        await AppendInAsync(connection, "prepared", 1);
        await RunAsync(connection, "prepare transaction 'one'");
        await log.AppendAsync(1, "quick");
        Assert.Equal(0, (await log.CatchUpAsync(TimeSpan.FromMilliseconds(300))).Taken);
        await RunAsync(connection, "commit prepared 'one'");
        Assert.Equal(2, (await log.CatchUpAsync()).Taken);
    }

    [Fact]
    public async Task who_draws_a_number_for_an_event_holds_it_to_the_end_of_its_transaction()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var blocking = await log.OpenAsync();
        await using var transaction = await blocking.BeginTransactionAsync(Cancellation);

        // The documents of a run are stored in the transaction of its events, after them.
        await RunAsync(blocking, "lock table janusq.content in exclusive mode");
        var sending = log.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        await UntilAsync(async () => (await log.Reader.StatusAsync(Cancellation))!.OpenAppends == 1);
        var drawn = await log.ScalarAsync<long>("select last_value from janusq.mt_events_sequence");
        await transaction.RollbackAsync(Cancellation);
        Assert.Equal((await sending).Appended, drawn);
        Assert.Equal(0, (await log.Reader.StatusAsync(Cancellation))!.OpenAppends);
    }

    [Fact]
    public async Task an_event_that_becomes_visible_behind_the_mark_is_found()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(1);
        await log.Ledger.ExecuteAsync("select nextval('janusq.mt_events_sequence')");
        await log.AppendAsync(1);
        await log.CatchUpAsync();
        Assert.Empty(await log.Reader.EventsPassedOverAsync(cancellation: Cancellation));
        await log.Ledger.ExecuteAsync(
            $"""
            insert into janusq.mt_events (seq_id, id, stream_id, version, data, type, headers)
            select 2, gen_random_uuid(), id, version + 1, '{ALog.Data}', 'lane_run_started',
                jsonb_build_object('data_sha256', '{ALog.HashOfData}')
            from janusq.mt_streams
            """);
        Assert.Equal([2], await log.Reader.EventsPassedOverAsync(cancellation: Cancellation));
        await log.CatchUpAsync();
        Assert.Equal([2], await log.Reader.EventsPassedOverAsync(cancellation: Cancellation));
    }

    [Theory]
    [InlineData("cache 10")]
    [InlineData("increment by 2")]
    [InlineData("cycle")]
    public async Task a_sequence_that_is_not_drawn_one_by_one_is_refused(string setting)
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.Ledger.ExecuteAsync($"alter sequence janusq.mt_events_sequence {setting}");
        await StopsAsync(LogRefusals.SequenceUnsafe, log);
    }

    [Fact]
    public async Task checkpoints_come_by_count_and_by_time()
    {
        var byCount = ALog.Options() with { CheckpointEvents = 10, CheckpointInterval = TimeSpan.FromHours(1) };
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres, byCount);
        await using var program = log.Ledger.Another(options => options with { RunLog = true, Log = byCount });
        await program.StartAsync(Cancellation);
        await log.AppendAsync(1);
        await UntilAsync(async () => await SignedAsync(log) == 1);
        await log.AppendAsync(9);
        await UntilAsync(async () => (await log.Reader.StatusAsync(Cancellation))!.Size == 10);
        await Task.Delay(100, Cancellation);
        Assert.Equal(1, await SignedAsync(log));
        await log.AppendAsync(1);
        await UntilAsync(async () => await SignedAsync(log) == 11);
        Assert.Equal(2, await log.ScalarAsync<long>("select count(*) from janusq.log_checkpoint"));
    }

    internal static async Task<long> SignedAsync(ALog log) => (await log.Reader.LatestCheckpointAsync(Cancellation))?.Size ?? 0;

    internal static async Task StopsAsync(string code, ALog log, LogOptions? options = null)
    {
        var checkpoints = await log.ScalarAsync<long>("select count(*) from janusq.log_checkpoint");
        var stopped = await Assert.ThrowsAsync<LogStoppedException>(() => log.CatchUpAsync(options));
        Assert.Equal(code, stopped.Refusal.Code);
        Assert.Equal(checkpoints, await log.ScalarAsync<long>("select count(*) from janusq.log_checkpoint"));
    }

    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < ALog.Patience, "It did not come to that.");
            await Task.Delay(10, Cancellation);
        }
    }

    private static async Task AppendInAsync(NpgsqlConnection connection, string stream, int count)
    {
        await using var command = new NpgsqlCommand(ALog.AppendSql, connection);
        command.Parameters.AddWithValue(stream);
        command.Parameters.AddWithValue(count);
        command.Parameters.AddWithValue(ALog.HashOfData);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
