using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.PostgreSql;
using Npgsql;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>
/// Programs that write the log are killed without warning, at every stage and at random, while others append: afterwards the log holds
/// exactly the events, and everything that was signed is of one tree.
/// </summary>
public sealed class KilledSequencerTests(PostgreSqlFixture postgres)
{
    private const string HoldsTheLock =
        "select count(*) from pg_locks where locktype = 'advisory' and classid = 19025 and objid = 1001 and granted "
        + "and database = (select oid from pg_database where datname = current_database())";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("log_leaf", 0, 0)]
    [InlineData("log_tile", 0, 0)]
    [InlineData("log_checkpoint", 270, 0)]
    [InlineData(null, 270, 270)]
    public async Task killed(string? whileItWaitsFor, long leavesThen, long signedThen)
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var connection = await log.OpenAsync();
        await using var blocking = await connection.BeginTransactionAsync(Cancellation);
        if (whileItWaitsFor is not null)
        {
            await using var lockTable = new NpgsqlCommand($"lock table janusq.{whileItWaitsFor} in exclusive mode", connection);
            await lockTable.ExecuteNonQueryAsync(Cancellation);
        }

        await log.AppendAsync(270);
        using (var sequencer = Start(log))
        {
            await SequencerTests.UntilAsync(async () => whileItWaitsFor is null
                ? await SequencerTests.SignedAsync(log) == 270
                : await log.ScalarAsync<long>(
                    "select count(*) from pg_locks l join pg_class c on c.oid = l.relation where not l.granted and c.relname = $1",
                    whileItWaitsFor) > 0);
            sequencer.Kill();
            await sequencer.WaitForExitAsync(Cancellation);
        }

        // A server finishes the statement that it was sent, also for somebody who is gone; here its session ends with its program.
        if (whileItWaitsFor is not null)
            await log.Ledger.ExecuteAsync(
                $"select pg_terminate_backend(pid) from pg_locks where not granted and relation = 'janusq.{whileItWaitsFor}'::regclass");
        await blocking.RollbackAsync(Cancellation);
        await SequencerTests.UntilAsync(async () => await log.ScalarAsync<long>(HoldsTheLock) == 0);
        Assert.Equal(leavesThen, await log.ScalarAsync<long>("select count(*) from janusq.log_leaf"));
        Assert.Equal(signedThen, await SequencerTests.SignedAsync(log));
        await log.AppendAsync(1);
        var done = await log.CatchUpAsync();
        Assert.Equal((271, 271 - leavesThen), (done.Checkpoint!.Size, done.Taken));
        Assert.Equal(271, await log.CheckAsync());
    }

    [Fact]
    public async Task soak()
    {
        var random = new Random(20260601);
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Enumerable.Range(0, 6).Select(number => Task.Run(() => WriteAsync(log, number, ending.Token))).ToArray();
        var watching = Task.Run(() => WatchAsync(log, ending.Token));
        var nodes = Enumerable.Range(0, 2).Select(_ => Start(log)).ToArray();
        var killed = 0;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(random.Next(500, 2500), Cancellation);
            var node = random.Next(nodes.Length);
            nodes[node].Kill();
            await nodes[node].WaitForExitAsync(Cancellation);
            Assert.DoesNotContain("stopped", await nodes[node].StandardOutput.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
            nodes[node].Dispose();
            nodes[node] = Start(log);
            killed++;
        }

        await ending.CancelAsync();
        var appended = (await Task.WhenAll(writers)).Sum();
        var most = await watching;
        await SequencerTests.UntilAsync(async () => await SequencerTests.SignedAsync(log) == appended);
        foreach (var node in nodes)
        {
            node.Kill();
            node.Dispose();
        }

        Assert.Equal(appended, await log.CheckAsync());
        var gaps = await log.ScalarAsync<long>("select max(event_sequence) - count(*) from janusq.log_leaf");
        var checkpoints = await log.ScalarAsync<long>("select count(*) from janusq.log_checkpoint");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{appended} events, {gaps} numbers rolled back, {checkpoints} checkpoints, {killed} programs killed");
        Assert.Equal(1, most);
        Assert.True(appended > 1000 && gaps > 100 && checkpoints > 20 && killed > 5, "The soak is too thin to say anything.");
    }

    [Fact]
    public async Task a_server_that_is_stopped_at_once_takes_back_nothing_that_was_handed_out()
    {
        var random = new Random(20260602);
        await using var data = new DataFolder();
        using var keeper = new DataFolderOfALog();
        for (var round = 0; round < 4; round++)
        {
            await using var lease = await data.AcquireAsync();
            await using (var ledger = await OpenAsync(lease, ALog.Options() with { PublishTo = [keeper.Path] }))
            {
                await ledger.StartAsync(Cancellation);
                var writing = AppendUntilItFailsAsync(lease.ConnectionString, round);
                await SequencerTests.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(keeper.Path, "checkpoint"))));
                await Task.Delay(random.Next(200, 1500), Cancellation);
                using (var quit = Process.Start("kill", ["-QUIT", lease.Facts.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]))
                    await quit.WaitForExitAsync(Cancellation);
                await Processes.WaitForEndAsync(lease.Facts.ProcessId!.Value);
                await writing;
                Assert.Null(ledger.LogStopped);
            }

            keeper.Verify(ALog.Key(1).Verifier);
        }

        await using var recovered = await data.AcquireAsync();
        await using var after = await OpenAsync(recovered, ALog.Options());
        await after.Log.CatchUpAsync(ALog.Patience, Cancellation);
        Assert.True(await ALog.CheckAsync(recovered.ConnectionString) > 100);

        // Refuses unless the log continues what the keeper has.
        using var http = new HttpClient();
        var latest = await after.Log.Reader.LatestCheckpointAsync(Cancellation);
        Assert.Null((await after.Keepers(http).PublishAsync(latest!.Signed, keeper.Path, Cancellation)).Refusal);
        Assert.Equal(latest.Size, keeper.Verify(ALog.Key(1).Verifier));
    }

    [Fact]
    public async Task of_several_programs_one_writes_and_another_takes_over()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var first = log.Ledger.Another(options => options with { RunLog = true, Log = ALog.Options() });
        await using var second = log.Ledger.Another(options => options with { RunLog = true, Log = ALog.Options() });
        await first.StartAsync(Cancellation);
        await second.StartAsync(Cancellation);
        await log.AppendAsync(10);
        await SequencerTests.UntilAsync(async () => await SequencerTests.SignedAsync(log) == 10);
        Assert.Equal(1, await log.ScalarAsync<long>(HoldsTheLock));
        Assert.Equal((0, true), await log.CatchUpAsync() is var asked ? (asked.Taken, asked.IsComplete) : default);
        await log.ScalarAsync<bool>(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 19025 and objid = 1001 and granted "
            + "and database = (select oid from pg_database where datname = current_database())");
        await log.AppendAsync(10);
        await SequencerTests.UntilAsync(async () => await SequencerTests.SignedAsync(log) == 20);
        Assert.Equal(20, await log.CheckAsync());
    }

    [Fact]
    public async Task a_second_writer_is_stopped_by_the_keys_even_without_the_lock()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        await using var source = NpgsqlDataSource.Create(log.ConnectionString);
        await using var first = await LogWriter.TryOpenAsync(source, ALog.Options(), TimeProvider.System, Cancellation);
        Assert.Null(await LogWriter.TryOpenAsync(source, ALog.Options(), TimeProvider.System, Cancellation));

        // As if the server had given the lock away while the first one sleeps.
        await first!.LoseLockAsync();
        await using var second = await LogWriter.TryOpenAsync(source, ALog.Options(), TimeProvider.System, Cancellation);
        Assert.Equal(3, (await second!.TakeAsync(Cancellation)).Taken);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => first.TakeAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        Assert.Equal(3, (await second.SignAsync(Cancellation))!.Size);
        Assert.Equal(3, await log.CheckAsync());
    }

    private static Task<LedgerHost> OpenAsync(PostgreSqlLease lease, LogOptions log) => LedgerHost.OpenAsync(
        new LedgerOptions
        {
            ConnectionString = lease.ConnectionString,
            CreateSchema = true,
            Accept = AcceptedRisks.OwnerConnection,
            Log = log,
            RunLog = true,
        },
        cancellation: Cancellation);

    private static async Task AppendUntilItFailsAsync(string connectionString, int round)
    {
        try
        {
            for (var number = 0; ; number++) await ALog.AppendAsync(connectionString, 10, $"round-{round}-{number}");
        }
        catch (Exception gone) when (gone is NpgsqlException or IOException or SocketException)
        {
            // The server is stopped.
        }
    }

    private static Process Start(ALog log)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.RunRecorder.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, log.ConnectionString, "sequence"])
        {
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>How many programs held the lock at most.</summary>
    private static async Task<long> WatchAsync(ALog log, CancellationToken ending)
    {
        var most = 0L;
        while (!ending.IsCancellationRequested)
        {
            most = Math.Max(most, await log.ScalarAsync<long>(HoldsTheLock));
            await Task.Delay(20, CancellationToken.None);
        }

        return most;
    }

    /// <summary>Appends in transactions that are quick or slow, whole or in parts, and are rolled back now and then.</summary>
    private static async Task<long> WriteAsync(ALog log, int number, CancellationToken ending)
    {
        var random = new Random(number);
        var committed = 0L;
        await using var connection = await log.OpenAsync();
        for (var turn = 0; !ending.IsCancellationRequested; turn++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            var appended = 0;
            for (var part = random.Next(1, 3); part > 0; part--)
            {
                await transaction.SaveAsync("part", Cancellation);
                var count = random.Next(1, 20);
                await using var command = new NpgsqlCommand(ALog.AppendSql, connection, transaction);
                command.Parameters.AddWithValue($"writer-{number}-{turn / 10}");
                command.Parameters.AddWithValue(count);
                command.Parameters.AddWithValue(ALog.HashOfData);
                await command.ExecuteNonQueryAsync(Cancellation);
                await Task.Delay(random.Next(20) == 0 ? random.Next(2000) : random.Next(30), Cancellation);
                if (random.Next(5) == 0) await transaction.RollbackAsync("part", Cancellation);
                else appended += count;
            }

            if (random.Next(5) == 0)
            {
                await transaction.RollbackAsync(Cancellation);
                continue;
            }

            await transaction.CommitAsync(Cancellation);
            committed += appended;
        }

        return committed;
    }
}
