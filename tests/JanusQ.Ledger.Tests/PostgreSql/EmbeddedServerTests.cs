using System.Globalization;
using JanusQ.Ledger.PostgreSql;
using Npgsql;

namespace JanusQ.Ledger.Tests.PostgreSql;

public sealed class EmbeddedServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_ephemeral_cluster_leaves_no_process_and_no_folder()
    {
        await using var folder = new DataFolder();
        var lease = await PostgreSqlSource.AcquireAsync(folder.Options with { Ephemeral = true, Durable = false }, Cancellation);
        Assert.Equal(PostgreSqlOrigin.Embedded, lease.Origin);
        Assert.Equal("off", await AskAsync(lease, "show fsync"));
        Assert.StartsWith(folder.Path, lease.Facts.DataFolder, StringComparison.Ordinal);
        var postmaster = lease.Facts.ProcessId!.Value;
        Assert.True(Processes.IsRunning(postmaster));

        await lease.DisposeAsync();

        await Processes.WaitForEndAsync(postmaster);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task a_second_start_finds_the_data_of_the_first()
    {
        await using var folder = new DataFolder();
        int first;
        await using (var lease = await folder.AcquireAsync())
        {
            first = lease.Facts.ProcessId!.Value;
            await AskAsync(lease, "create table kept as select 42 as answer; select ''");
        }

        await Processes.WaitForEndAsync(first);
        Assert.False(File.Exists(Path.Combine(folder.Data, "postmaster.pid")));
        await using var again = await folder.AcquireAsync();
        Assert.NotEqual(first, again.Facts.ProcessId);
        Assert.Equal("42", await AskAsync(again, "select answer::text from kept"));
    }

    [Fact]
    public async Task two_leases_share_one_server_and_the_last_stops_it()
    {
        await using var folder = new DataFolder();
        var first = await folder.AcquireAsync();
        await using var second = await folder.AcquireAsync();
        Assert.Equal(first.Facts, second.Facts);

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.Equal("1", await AskAsync(second, "select '1'"));
        Assert.False(await PostgreSqlSource.StopAsync(folder.Options, Cancellation));

        await second.DisposeAsync();
        await Processes.WaitForEndAsync(second.Facts.ProcessId!.Value);
    }

    [Fact]
    public async Task a_kept_server_outlives_every_lease_until_it_is_stopped()
    {
        await using var folder = new DataFolder();
        var keeper = await PostgreSqlSource.AcquireAsync(folder.Options with { KeepRunning = true }, Cancellation);
        var postmaster = keeper.Facts.ProcessId!.Value;
        await keeper.DisposeAsync();
        await using (var guest = await folder.AcquireAsync())
            Assert.Equal(postmaster, guest.Facts.ProcessId);
        Assert.True(Processes.IsRunning(postmaster));

        Assert.True(await PostgreSqlSource.StopAsync(folder.Options, Cancellation));

        await Processes.WaitForEndAsync(postmaster);
        var later = await folder.AcquireAsync();
        await later.DisposeAsync();
        await Processes.WaitForEndAsync(later.Facts.ProcessId!.Value);
    }

    [Fact]
    public async Task the_password_is_readable_by_its_owner_only_and_nobody_comes_in_without_it()
    {
        await using var folder = new DataFolder();
        await using var lease = await folder.AcquireAsync();
        var file = Path.Combine(folder.Cluster, "password");
        var password = await File.ReadAllTextAsync(file, Cancellation);
        Assert.Equal(64, password.Length);
        Assert.DoesNotContain(password, lease.Describe(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Server));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Server, "init-*"));
        Assert.Equal("scram-sha-256", await AskAsync(lease, "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules"));
        var without = new NpgsqlConnectionStringBuilder(lease.ConnectionString) { Password = "wrong", Pooling = false };
        await using var intruder = new NpgsqlConnection(without.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => intruder.OpenAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task a_lasting_cluster_is_durable_checked_and_on_loopback_only()
    {
        (string Setting, string Value)[] expected =
        [
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("data_checksums", "on"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("TimeZone", "UTC"),
            ("server_encoding", "UTF8"),
            ("password_encryption", "scram-sha-256"),
        ];
        await using var folder = new DataFolder();
        await using var lease = await folder.AcquireAsync();
        foreach (var (setting, value) in expected)
            Assert.Equal((setting, value), (setting, await AskAsync(lease, $"show {setting}")));
    }

    [Fact]
    public async Task what_an_interrupted_initdb_left_is_removed_and_made_anew()
    {
        await using var folder = new DataFolder();
        var half = Path.Combine(folder.Server, "init-0123");
        Directory.CreateDirectory(Path.Combine(half, "base"));
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15\n", Cancellation);
        await File.WriteAllTextAsync(half + "-password", "left behind", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder.Cluster, "password"), "of the interrupted one", Cancellation);

        await using var lease = await folder.AcquireAsync();

        Assert.Equal("1", await AskAsync(lease, "select '1'"));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Server, "init-*"));
    }

    [Fact]
    public async Task a_server_that_was_killed_is_started_again_with_its_data()
    {
        await using var folder = new DataFolder();
        await using var lease = await folder.AcquireAsync();
        await AskAsync(lease, "create table kept as select 42 as answer; select ''");
        Processes.Kill(lease.Facts.ProcessId!.Value);
        await Processes.WaitForEndAsync(lease.Facts.ProcessId!.Value);
        Assert.True(File.Exists(Path.Combine(folder.Data, "postmaster.pid")));

        await using var again = await folder.AcquireAsync();

        Assert.Equal("42", await AskAsync(again, "select answer::text from kept"));
    }

    [Fact]
    public async Task the_id_of_a_dead_server_that_another_process_has_now_does_not_stop_a_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sleep.");
        await using var folder = new DataFolder();
        await using (await folder.AcquireAsync())
        {
        }

        // PostgreSQL takes the id for its own when the process belongs to its user, so this one must.
        var account = await ServerAccount.FindAsync(Cancellation);
        var sleep = account.RunAsync(
            "/bin/sh", ["-c", "echo $$ > \"$0/id\"; exec sleep 60", folder.Server], TimeSpan.FromMinutes(1), Cancellation);
        var file = Path.Combine(folder.Server, "id");
        var id = "";
        while (!id.EndsWith('\n'))
        {
            await Task.Delay(20, Cancellation);
            id = File.Exists(file) ? await File.ReadAllTextAsync(file, Cancellation) : "";
        }

        var stale = $"{id.Trim()}\n{folder.Data}\n1700000000\n5432\n\n127.0.0.1\n  5432001     32768\nready   \n";
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "postmaster.pid"), stale, Cancellation);
        try
        {
            await using var lease = await folder.AcquireAsync();
            Assert.Equal("1", await AskAsync(lease, "select '1'"));
            Assert.False(sleep.IsCompleted);
        }
        finally
        {
            Processes.Kill(int.Parse(id, CultureInfo.InvariantCulture));
            await sleep;
        }
    }

    [Fact]
    public async Task a_server_that_does_not_start_says_why_in_its_own_last_lines()
    {
        await using var folder = new DataFolder();
        await using (await folder.AcquireAsync())
        {
        }

        await File.AppendAllTextAsync(Path.Combine(folder.Data, "postgresql.conf"), "no_such_setting = 1\n", Cancellation);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(folder.AcquireAsync);

        Assert.StartsWith($"PostgreSQL did not start in {folder.Data}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("unrecognized configuration parameter \"no_such_setting\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_cluster_is_never_passed_over_for_a_container_because_its_programs_are_missing()
    {
        await using var folder = new DataFolder();
        await using (await folder.AcquireAsync())
        {
        }

        var without = folder.Options with { Order = [PostgreSqlOrigin.Embedded, PostgreSqlOrigin.Container], ProgramFolders = [] };
        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => PostgreSqlSource.AcquireAsync(without, Cancellation));

        var major = (await File.ReadAllTextAsync(Path.Combine(folder.Data, "PG_VERSION"), Cancellation)).Trim();
        var expected = $"The cluster in {folder.Cluster} needs the programs of PostgreSQL {major};";
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is missing: its file password was removed")]
    [InlineData("another", "does not accept the password in its file password")]
    public async Task a_lost_password_is_said_and_no_server_is_left(string? password, string expected)
    {
        await using var folder = new DataFolder();
        await using (await folder.AcquireAsync())
        {
        }

        var file = Path.Combine(folder.Cluster, "password");
        if (password is null)
            File.Delete(file);
        else
            await File.WriteAllTextAsync(file, password, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(folder.AcquireAsync);

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Data, "postmaster.pid")));
    }

    [Fact]
    public async Task a_folder_whose_data_are_in_a_container_gets_no_cluster_beside_it()
    {
        await using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Cluster);
        var mark = Path.Combine(folder.Cluster, "container");
        await File.WriteAllTextAsync(mark, "janusq-ledger-elsewhere", Cancellation);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(folder.AcquireAsync);

        var expected = $"the data of {folder.Cluster} are in the container janusq-ledger-elsewhere";
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data));
        File.Delete(mark);
    }

    [Fact]
    public async Task root_is_told_when_the_server_cannot_reach_its_folder()
    {
        Assert.SkipUnless(ServerAccount.IsRoot, "Only root's server runs as another user.");
        await using var folder = new DataFolder();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(folder.AcquireAsync);

        Assert.Matches($"as (postgres|nobody), and (postgres|nobody) cannot reach {folder.Server}; choose a data folder", refused.Message);
    }

    [Fact]
    public async Task a_lock_that_is_never_given_back_ends_in_an_error_and_not_in_a_wait()
    {
        await using var folder = new DataFolder();
        PrivateFile.MakeFolder(folder.Cluster, passThrough: true);
        using var held = FileLock.TryExclusive(Path.Combine(folder.Cluster, "lock"));
        Assert.NotNull(held);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => PostgreSqlSource.AcquireAsync(
            folder.Options with { StartTimeout = TimeSpan.FromMilliseconds(200) }, Cancellation));

        Assert.Contains("Another program has held", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(PostgreSqlLease lease, string sql)
    {
        await using var connection = new NpgsqlConnection(lease.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        return reader.GetString(0);
    }
}
