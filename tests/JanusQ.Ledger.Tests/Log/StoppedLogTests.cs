using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>What its owner changed with the triggers off is not signed over: the log stops, and says by name why.</summary>
public sealed class StoppedLogTests(PostgreSqlFixture postgres)
{
    private const string FlipATile = "update janusq.log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task a_stored_tile_was_changed(int level, int number)
    {
        await using var log = await WithAsync(66_000);
        await log.TamperAsync(
            "log_tile",
            $"{FlipATile} where level = {level} and number = {number}");
        await log.AppendAsync(1);

        // A level of 256 full tiles stands for the one below it, which is only read to audit it.
        if (level == 0) Assert.Equal(66_001, (await log.CatchUpAsync()).Checkpoint!.Size);
        else await SequencerTests.StopsAsync(LogRefusals.Inconsistent, log);
    }

    [Fact]
    public async Task a_stored_tile_that_the_root_rests_on_was_changed()
    {
        await using var log = await WithAsync(1_000);
        await log.TamperAsync("log_tile", FlipATile + " where number = 1");
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync(LogRefusals.Inconsistent, log);
    }

    [Fact]
    public async Task a_stored_tile_is_gone()
    {
        await using var log = await WithAsync(1_000);
        await log.TamperAsync("log_tile", "delete from janusq.log_tile where number = 2");
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync("log_tile_missing", log);
    }

    [Fact]
    public async Task a_tile_is_changed_while_the_writer_runs()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var source = NpgsqlDataSource.Create(log.ConnectionString);
        await using var writer = await LogWriter.TryOpenAsync(source, ALog.Options(), TimeProvider.System, Cancellation);
        await log.AppendAsync(600);
        Assert.Equal(600, (await writer!.TakeAsync(Cancellation)).Taken);
        await log.TamperAsync("log_tile", FlipATile + " where number = 1");
        var stopped = await Assert.ThrowsAsync<LogStoppedException>(() => writer.SignAsync(Cancellation));
        Assert.Equal(LogRefusals.TreeAltered, stopped.Refusal.Code);
        Assert.Equal(0, await log.ScalarAsync<long>("select count(*) from janusq.log_checkpoint"));
    }

    [Fact]
    public async Task a_leaf_that_was_signed_was_changed()
    {
        await using var log = await WithAsync(10);
        await log.TamperAsync(
            "log_leaf", "update janusq.log_leaf set leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1) where log_index = 4");
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync(LogRefusals.Inconsistent, log);
    }

    [Fact]
    public async Task the_tail_was_cut_off()
    {
        await using var log = await WithAsync(10);
        await log.TamperAsync("log_leaf", "delete from janusq.log_leaf where log_index >= 8");
        await SequencerTests.StopsAsync(LogRefusals.TailMissing, log);
    }

    [Fact]
    public async Task the_data_of_an_event_were_changed_before_the_log_took_it()
    {
        await using var log = await WithAsync(10);
        await log.AppendAsync(5);
        await log.TamperAsync("mt_events", """update janusq.mt_events set data = jsonb_set(data, '{text}', '"o"') where seq_id = 13""");
        await SequencerTests.StopsAsync(LogRefusals.EventAltered, log);
        var stopped = await Assert.ThrowsAsync<LogStoppedException>(() => log.CatchUpAsync());
        Assert.Equal("13", stopped.Refusal.ToJson()["sequence"]!.ToString());
        Assert.Equal($"\"{ALog.HashOfData}\"", stopped.Refusal.ToJson()["expected"]!.ToString());
        Assert.Equal(10, await log.ScalarAsync<long>("select count(*) from janusq.log_leaf"));
    }

    [Fact]
    public async Task the_data_of_an_event_were_changed_after_the_log_took_it()
    {
        await using var log = await WithAsync(300);
        await log.TamperAsync("mt_events", "update janusq.mt_events set user_name = 'mallory' where seq_id = 3");
        await log.TamperAsync("mt_events", """update janusq.mt_events set data = data || '{"more": 1}' where seq_id = 4""");
        await log.TamperAsync("mt_events", "delete from janusq.mt_events where seq_id = 5");
        Assert.Equal(LogRefusals.LeafMismatch, await NameAsync(() => log.Reader.ProveAsync(3, Cancellation)));
        Assert.Equal(LogRefusals.EventAltered, await NameAsync(() => log.Reader.ProveAsync(4, Cancellation)));
        Assert.Equal(LogRefusals.LeafMismatch, await NameAsync(() => log.Reader.ReadTileAsync(TilePath.Entries(0), Cancellation)));
        await log.TamperAsync("mt_events", "update janusq.mt_events set user_name = 'wanda' where seq_id = 3");
        await log.TamperAsync("mt_events", $"update janusq.mt_events set data = '{ALog.Data}' where seq_id = 4");
        Assert.Equal(LogRefusals.EventMissing, await NameAsync(() => log.Reader.ReadTileAsync(TilePath.Entries(0), Cancellation)));
        Assert.Equal(3, (await log.Reader.ProveAsync(3, Cancellation)).Sequence);
    }

    [Fact]
    public async Task the_last_checkpoint_was_changed()
    {
        await using var log = await WithAsync(10);
        await log.TamperAsync("log_checkpoint", "update janusq.log_checkpoint set root = sha256('other')");
        await log.AppendAsync(1);
        Assert.Equal(LogRefusals.CheckpointAltered, await NameAsync(() => log.CatchUpAsync()));
        Assert.Equal(LogRefusals.CheckpointAltered, await NameAsync(() => log.Reader.LatestCheckpointAsync(Cancellation)));
        await log.TamperAsync("log_checkpoint", "update janusq.log_checkpoint set note = 'no note'");
        Assert.Equal(LogRefusals.CheckpointAltered, await NameAsync(() => log.CatchUpAsync()));
    }

    [Fact]
    public async Task the_last_checkpoint_was_replaced_by_one_of_another_tree()
    {
        await using var log = await WithAsync(10);
        await log.AppendAsync(1);
        var other = Checkpoint.Of(ALog.Origin, 10, Sha256Hash.OfText("other"));

        // Whoever has no key signs with another: the signature line says the known key and does not verify.
        var forged = SignedCheckpoint.Sign(other, ALog.Key(2)).ToString();
        var known = SignedCheckpoint.Sign(Checkpoint.Of(ALog.Origin, 10, Sha256Hash.OfText("third")), ALog.Key(1)).ToString();
        await ReplaceAsync(log, other, forged, ALog.Key(2).Verifier.KeyId);
        Assert.Equal(LogRefusals.KeyUnknown, await NameAsync(() => log.CatchUpAsync()));
        await ReplaceAsync(log, other, other.ToText() + "\n" + known.Split("\n\n")[1], ALog.Key(1).Verifier.KeyId);
        Assert.Equal(LogRefusals.CheckpointAltered, await NameAsync(() => log.CatchUpAsync()));

        // Who has the key can sign anything, but not two trees: the stored one does not continue what was signed.
        await ReplaceAsync(log, other, SignedCheckpoint.Sign(other, ALog.Key(1)).ToString(), ALog.Key(1).Verifier.KeyId);
        Assert.Equal(LogRefusals.Inconsistent, await NameAsync(() => log.CatchUpAsync()));
    }

    [Fact]
    public async Task another_key_is_named_and_a_rotated_one_goes_on()
    {
        await using var log = await WithAsync(10);
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync(LogRefusals.KeyUnknown, log, ALog.Options(2));
        await SequencerTests.StopsAsync(
            LogRefusals.OriginMismatch, log, ALog.Options() with { Keys = LogKeyRing.Of(ALog.Key(1, "other.example/log")) });
        var rotated = await log.CatchUpAsync(ALog.Options(2, 1));
        Assert.Equal((11, true), (rotated.Checkpoint!.Size, rotated.IsNew));
        Assert.Equal(
            ALog.Key(2).Verifier.KeyId, await log.ScalarAsync<long>("select key_id from janusq.log_checkpoint where tree_size = 11"));
        Assert.Equal(11, await log.CheckAsync(1, 2));
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync(LogRefusals.KeyUnknown, log);
    }

    [Fact]
    public async Task the_whole_log_is_rewritten_and_who_signed_before_remembers()
    {
        using var folder = new DataFolderOfALog();
        var options = ALog.Options() with { MemoryFile = Path.Combine(folder.Path, "signed") };
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres, options);
        await log.AppendAsync(300);
        await log.CatchUpAsync();
        await log.AppendAsync(1);
        Assert.Equal(301, (await log.CatchUpAsync()).Checkpoint!.Size);
        Assert.Contains("\n301\n", await File.ReadAllTextAsync(options.MemoryFile, Cancellation), StringComparison.Ordinal);

        await log.TamperAsync("log_cosignature", "select 1");
        await log.TamperAsync("log_checkpoint", "delete from janusq.log_checkpoint");
        await log.TamperAsync("log_tile", "delete from janusq.log_tile");
        await log.TamperAsync("log_leaf", "delete from janusq.log_leaf");
        await log.TamperAsync("mt_events", "update janusq.mt_events set user_name = 'mallory' where seq_id = 3");
        await SequencerTests.StopsAsync(LogRefusals.TailMissing, log);

        // Another program with the same key that has never signed does sign it: the one that has still does not.
        Assert.Equal(301, (await log.CatchUpAsync(ALog.Options())).Checkpoint!.Size);
        await log.AppendAsync(1);
        await SequencerTests.StopsAsync(LogRefusals.Inconsistent, log);
        await File.WriteAllTextAsync(options.MemoryFile, "nothing", Cancellation);
        await SequencerTests.StopsAsync(LogRefusals.CheckpointAltered, log);
        var foreign = SignedCheckpoint.Sign(Checkpoint.Of(ALog.Origin, 1, Sha256Hash.OfText("r")), ALog.Key(9));
        await File.WriteAllTextAsync(options.MemoryFile, foreign.ToString(), Cancellation);
        await SequencerTests.StopsAsync(LogRefusals.KeyUnknown, log);
    }

    [Fact]
    public async Task a_program_without_a_key_is_told_so()
    {
        await using var log = await WithAsync(1);
        await using var without = log.Ledger.Another();
        var refused = await Assert.ThrowsAsync<Core.RefusedException>(() => without.Log.CatchUpAsync(ALog.Patience, Cancellation));
        Assert.Equal(LogRefusals.KeyMissing, refused.Refusal.Code);
        Assert.Equal(1, (await without.Log.Reader.LatestCheckpointAsync(Cancellation))!.Size);
    }

    [Fact]
    public async Task the_background_says_why_it_stopped_and_commands_go_on()
    {
        await using var log = await WithAsync(10);
        await log.TamperAsync("log_leaf", "delete from janusq.log_leaf where log_index >= 8");
        await using var program = log.Ledger.Another(options => options with { RunLog = true, Log = ALog.Options() });
        await program.StartAsync(Cancellation);
        await SequencerTests.UntilAsync(() => Task.FromResult(program.LogStopped is not null));
        Assert.Equal(LogRefusals.TailMissing, program.LogStopped!.Code);
        Assert.Equal(17, (await program.SendAsync(ALedger.AFinishedRun(), Cancellation)).Appended);
    }

    [Theory]
    [InlineData("log_leaf", "update janusq.log_leaf set event_sequence = 9")]
    [InlineData("log_leaf", "delete from janusq.log_leaf")]
    [InlineData("log_leaf", "truncate janusq.log_leaf")]
    [InlineData("log_tile", "update janusq.log_tile set number = 9")]
    [InlineData("log_tile", "delete from janusq.log_tile")]
    [InlineData("log_tile", "truncate janusq.log_tile")]
    [InlineData("log_checkpoint", "update janusq.log_checkpoint set note = ''")]
    [InlineData("log_checkpoint", "delete from janusq.log_checkpoint")]
    [InlineData("log_checkpoint", "truncate janusq.log_checkpoint cascade")]
    [InlineData("log_cosignature", "update janusq.log_cosignature set signature = ''")]
    [InlineData("log_cosignature", "delete from janusq.log_cosignature")]
    [InlineData("log_cosignature", "truncate janusq.log_cosignature")]
    public async Task rows_are_never_changed_or_removed(string table, string sql)
    {
        await using var log = await WithAsync(300);
        await log.Ledger.ExecuteAsync("insert into janusq.log_cosignature select tree_size, 'w', now(), 's' from janusq.log_checkpoint");
        foreach (var role in new[] { "origin", "replica" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => log.Ledger.ExecuteAsync($"set session_replication_role = {role}; {sql}"));
            Assert.Equal("JQ001", refused.SqlState);
        }

        Assert.True(await log.ScalarAsync<long>($"select count(*) from janusq.{table}") > 0);
    }

    [Theory]
    [InlineData("(11, 12)", "a gap in the index")]
    [InlineData("(10, 12), (12, 13)", "a gap inside")]
    [InlineData("(10, 10)", "an event again")]
    [InlineData("(10, 12), (11, 11)", "another order")]
    [InlineData("(10, 5)", "an earlier event")]
    [InlineData("(9, 12)", "an index again")]
    public async Task leaves_that_do_not_continue_the_log_are_refused(string rows, string what)
    {
        await using var log = await WithAsync(10);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => log.Ledger.ExecuteAsync(
            $"""
            insert into janusq.log_leaf (log_index, event_sequence, event_id, leaf_hash)
            select *, gen_random_uuid(), sha256('leaf') from (values {rows}) row
            """));
        Assert.True(refused.SqlState is "JQ003" or PostgresErrorCodes.UniqueViolation, $"{what}: {refused.MessageText}");
    }

    [Theory]
    [InlineData(11, "JQ003")]
    [InlineData(9, "JQ003")]
    [InlineData(10, PostgresErrorCodes.UniqueViolation)]
    public async Task checkpoints_that_do_not_continue_the_log_are_refused(long size, string state)
    {
        await using var log = await WithAsync(10);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => log.Ledger.ExecuteAsync(
            $"insert into janusq.log_checkpoint values ({size}, sha256('root'), 'note', 1, now())"));
        Assert.Equal(state, refused.SqlState);
    }

    private static async Task ReplaceAsync(ALog log, Checkpoint checkpoint, string note, uint keyId) => await log.TamperAsync(
        "log_checkpoint",
        $"update janusq.log_checkpoint set root = decode('{checkpoint.Root}', 'hex'), note = '{note}', key_id = {keyId}");

    private static async Task<string> NameAsync(Func<Task> work) => (await Assert.ThrowsAsync<LogStoppedException>(work)).Refusal.Code;

    private async Task<ALog> WithAsync(int events)
    {
        var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(events);
        await log.CatchUpAsync();
        return log;
    }
}
