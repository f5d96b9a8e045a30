using System.Globalization;
using JanusQ.Ledger.PostgreSql;
using Npgsql;

namespace JanusQ.Ledger.Tests.PostgreSql;

/// <summary>Several programs, some of which are killed.</summary>
public sealed class SharedServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task programs_that_start_at_once_share_one_server_and_the_last_stops_it()
    {
        await using var folder = new DataFolder();
        var holders = Enumerable.Range(0, 3).Select(_ => LeaseHolder.Begin(folder.Path)).ToArray();
        try
        {
            await Task.WhenAll(holders.Select(holder => holder.ReadyAsync()));
            var postmaster = Assert.Single(holders.Select(holder => holder.Postmaster).Distinct());
            Assert.Single(holders.Select(holder => holder.Port).Distinct());

            await holders[0].ReleaseAsync();
            await holders[1].ReleaseAsync();
            Assert.True(Processes.IsRunning(postmaster));
            await holders[2].ReleaseAsync();
            await Processes.WaitForEndAsync(postmaster);
        }
        finally
        {
            foreach (var holder in holders)
                await holder.DisposeAsync();
        }
    }

    [Fact]
    public async Task the_server_of_a_killed_program_is_found_by_the_next_and_stops_with_it()
    {
        await using var folder = new DataFolder();
        await using var holder = await LeaseHolder.StartAsync(folder.Path);
        await holder.KillAsync();
        Assert.True(Processes.IsRunning(holder.Postmaster));

        await using (var lease = await folder.AcquireAsync())
        {
            Assert.Equal(holder.Postmaster, lease.Facts.ProcessId);
            await using var connection = new NpgsqlConnection(lease.ConnectionString);
            await connection.OpenAsync(Cancellation);
        }

        await Processes.WaitForEndAsync(holder.Postmaster);
    }

    [Fact]
    public async Task a_killed_program_does_not_count_as_a_user()
    {
        await using var folder = new DataFolder();
        await using var killed = await LeaseHolder.StartAsync(folder.Path);
        await using var other = await LeaseHolder.StartAsync(folder.Path);
        await killed.KillAsync();

        await other.ReleaseAsync();

        await Processes.WaitForEndAsync(other.Postmaster);
    }

    [Fact]
    public async Task a_program_killed_at_any_moment_of_its_start_leaves_a_folder_that_the_next_can_use()
    {
        await using var folder = new DataFolder();
        foreach (var moment in (Func<bool>[])
        [
            () => Directory.Exists(folder.Server) && Directory.GetDirectories(folder.Server, "init-*").Length > 0,
            () => Directory.Exists(folder.Data),
            () => File.Exists(Path.Combine(folder.Data, "postmaster.pid")),
        ])
        {
            await using var holder = LeaseHolder.Begin(folder.Path);
            while (!moment() && Processes.IsRunning(holder.ProcessId))
                await Task.Delay(1, Cancellation);
            await holder.KillAsync();
        }

        await using var lease = await folder.AcquireAsync();
        await using var connection = new NpgsqlConnection(lease.ConnectionString);
        await connection.OpenAsync(Cancellation);
    }

    [Theory]
    [InlineData("TERM", false)]
    [InlineData("INT", true)]
    public async Task a_program_that_is_told_to_stop_stops_its_server_itself(string signal, bool group)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals.");
        Assert.SkipUnless(!group || OperatingSystem.IsLinux(), "Needs setsid.");
        await using var folder = new DataFolder();
        await using var holder = await LeaseHolder.StartAsync(folder.Path, ownSession: group);
        if (OperatingSystem.IsLinux())
        {
            // The terminal's Ctrl-C goes to a group of its session; the server has a session of its own.
            var fields = (await File.ReadAllTextAsync($"/proc/{holder.Postmaster}/stat", Cancellation)).Split(") ")[^1].Split(' ');
            Assert.Equal(holder.Postmaster, int.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        await holder.SignalAsync(signal, group);

        await holder.ReleasedAsync();
        await Processes.WaitForEndAsync(holder.Postmaster);
        var log = await File.ReadAllTextAsync(Path.Combine(folder.Server, "log"), Cancellation);
        Assert.Contains("database system is shut down", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_throwaway_server_of_a_killed_program_is_swept_by_the_next_and_a_living_one_is_not()
    {
        await using var folder = new DataFolder();
        await using var killed = await LeaseHolder.StartAsync(folder.Path, "ephemeral");
        await using var living = await LeaseHolder.StartAsync(folder.Path, "ephemeral");
        Assert.NotEqual(killed.Postmaster, living.Postmaster);
        await killed.KillAsync();
        Assert.True(Processes.IsRunning(killed.Postmaster));

        await using (await PostgreSqlSource.AcquireAsync(folder.Options with { Ephemeral = true, Durable = false }, Cancellation))
        {
            await Processes.WaitForEndAsync(killed.Postmaster);
            Assert.False(Directory.Exists(killed.Data));
            Assert.True(Processes.IsRunning(living.Postmaster));
            Assert.True(Directory.Exists(living.Data));
        }

        // One whose owner was killed before it could mark it.
        var unmarked = Directory.CreateDirectory(Path.Combine(folder.Path, "janusq-ledger-0123456789ab"));
        if (!OperatingSystem.IsWindows())
            unmarked.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await using (await PostgreSqlSource.AcquireAsync(folder.Options with { Ephemeral = true, Durable = false }, Cancellation))
            Assert.True(Directory.Exists(unmarked.FullName));
        unmarked.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-2);
        await using (await PostgreSqlSource.AcquireAsync(folder.Options with { Ephemeral = true, Durable = false }, Cancellation))
            Assert.False(Directory.Exists(unmarked.FullName));

        await living.ReleaseAsync();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
