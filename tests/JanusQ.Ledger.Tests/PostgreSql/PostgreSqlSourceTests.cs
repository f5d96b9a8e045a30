using System.Net.Sockets;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.PostgreSql;

public sealed class PostgreSqlSourceTests(PostgreSqlFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_connection_string_that_is_given_is_used_as_it_is()
    {
        var given = fixture.Lease.ConnectionString;
        await using (var lease = await AcquireAsync(argument: given))
        {
            Assert.Equal(PostgreSqlOrigin.Explicit, lease.Origin);
            Assert.Equal(given, lease.ConnectionString);
            Assert.StartsWith("PostgreSQL by connection string", lease.Describe(), StringComparison.Ordinal);
            Assert.Contains($"{fixture.Lease.Facts.Host}:{fixture.Lease.Facts.Port}", lease.Describe(), StringComparison.Ordinal);
        }

        await using var still = new NpgsqlConnection(given);
        await still.OpenAsync(Cancellation);
    }

    [Fact]
    public async Task the_environment_variable_is_used_and_the_argument_wins_over_it()
    {
        var good = fixture.Lease.ConnectionString;
        await using (var fromVariable = await AcquireAsync(variable: good))
            Assert.Equal(PostgreSqlOrigin.Explicit, fromVariable.Origin);
        await using (var fromArgument = await AcquireAsync(argument: good, variable: "nonsense"))
            Assert.Equal(PostgreSqlOrigin.Explicit, fromArgument.Origin);

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => AcquireAsync(argument: "nonsense", variable: good));
        Assert.StartsWith("The connection string of --connection is malformed", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password", "password authentication failed for user \"{user}\" (28P01).")]
    [InlineData("database", "database \"no_such_database\" does not exist (3D000).")]
    [InlineData("port", "does not work: Connection refused.")]
    [InlineData("host", "names no Host; expected for instance Host=localhost;")]
    [InlineData("form", "is malformed; expected for instance Host=localhost;")]
    [InlineData("uri", "is malformed; expected for instance Host=localhost;")]
    [InlineData("value", "is malformed; expected for instance Host=localhost;")]
    public async Task a_connection_string_that_does_not_work_is_one_sentence_without_the_password(string wrong, string expected)
    {
        const string Secret = "s3cr3t-of-this-test";
        var good = new NpgsqlConnectionStringBuilder(fixture.Lease.ConnectionString);
        var text = wrong switch
        {
            "password" => With(target => target.Password = Secret),
            "database" => With(target => target.Database = "no_such_database"),
            "port" => With(target => (target.Port, target.Host, target.Password) = (1, "127.0.0.1", Secret)),
            "host" => $"Username=x;Password={Secret}",
            "form" => $"Host=localhost;Password={Secret};nonsense",
            "uri" => $"postgres://x:{Secret}@localhost/x",
            _ => $"Host=localhost;Port={Secret}",
        };

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => AcquireAsync(
            variable: text, order: [PostgreSqlOrigin.Explicit, PostgreSqlOrigin.Embedded, PostgreSqlOrigin.Container]));

        Assert.StartsWith("The connection string of JANUSQ_CONNECTION ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected.Replace("{user}", good.Username, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Password!, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);

        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var target = new NpgsqlConnectionStringBuilder(good.ConnectionString);
            change(target);
            return target.ConnectionString;
        }
    }

    [Fact]
    public async Task without_programs_and_docker_the_error_says_what_to_install_on_each_system()
    {
        await using var folder = new DataFolder();
        var options = new PostgreSqlOptions { DataFolder = folder.Path, ProgramFolders = [], DockerEndpoints = [], Variable = _ => null };

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => PostgreSqlSource.AcquireAsync(options, Cancellation));

        Assert.Equal(
            """
            No PostgreSQL to work with:
              - no PostgreSQL programs (initdb, pg_ctl, postgres) on PATH or in the usual folders
              - no Docker engine answers
            Install PostgreSQL 15 or newer, start Docker, or give a connection string (--connection or JANUSQ_CONNECTION).
              Debian, Ubuntu:  sudo apt-get install postgresql
              macOS:           brew install postgresql@17
              Windows:         winget install PostgreSQL.PostgreSQL.17
            """,
            refused.Message,
            ignoreLineEndingDifferences: true);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task programs_older_than_15_are_refused_by_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The old programs are shell scripts.");
        await using var folder = new DataFolder();
        var old = FakePrograms(folder, "14.11 (Debian 14.11-1)");

        var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => PostgreSqlSource.AcquireAsync(
            folder.Options with { ProgramFolders = [old] }, Cancellation));

        var expected = $"PostgreSQL 15 or newer is needed; on this machine: PostgreSQL 14.11 in {old}";
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Cluster));
    }

    [Fact]
    public async Task the_newest_programs_come_first_each_folder_once_and_half_an_installation_not_at_all()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");
        await using var folder = new DataFolder();
        string[] folders = [.. ((string[])["15.2", "16.10", "16.9", "17beta1", "9.6.24"]).Select(version => FakePrograms(folder, version))];
        var half = Directory.CreateDirectory(Path.Combine(folder.Path, "half")).FullName;
        File.CreateSymbolicLink(Path.Combine(half, "pg_ctl"), Path.Combine(folders[0], "pg_ctl"));
        var linked = Directory.CreateDirectory(Path.Combine(folder.Path, "linked")).FullName;
        File.CreateSymbolicLink(Path.Combine(linked, "initdb"), Path.Combine(folders[0], "initdb"));

        var found = await PostgreSqlPrograms.FindAsync([half, linked, .. folders, "/no/such/folder"], Cancellation);

        Assert.Equal(["17beta1", "16.10", "16.9", "15.2", "9.6.24"], found.Select(programs => programs.Version));
        Assert.Equal([17, 16, 16, 15, 9], found.Select(programs => programs.Major));
    }

    [Fact(Timeout = 60_000)]
    public async Task an_engine_that_does_not_answer_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets.");
        await using var folder = new DataFolder();
        var path = Path.Combine(folder.Path, "silent.sock");
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen();

        foreach (var endpoint in (string[])[$"unix://{path}", "unix:///no/such/socket", "tcp://127.0.0.1:1"])
        {
            var options = new PostgreSqlOptions { DockerEndpoints = [new Uri(endpoint)] };
            Assert.Null(await DockerEngine.FindAsync(options, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task options_that_contradict_each_other_are_refused()
    {
        foreach (var options in (PostgreSqlOptions[])
        [
            new() { Durable = false },
            new() { Ephemeral = true, KeepRunning = true },
            new() { Database = "No Name" },
        ])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => PostgreSqlSource.AcquireAsync(options, Cancellation));
        }
    }

    private static Task<PostgreSqlLease> AcquireAsync(
        string? argument = null, string? variable = null, IReadOnlyList<PostgreSqlOrigin>? order = null) =>
        PostgreSqlSource.AcquireAsync(
            new PostgreSqlOptions
            {
                Order = order ?? [PostgreSqlOrigin.Explicit],
                ConnectionString = argument,
                Variable = name => name == PostgreSqlOptions.ConnectionVariable ? variable : null,
            },
            Cancellation);

    private static string FakePrograms(DataFolder folder, string version)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder.Path, version.Split(' ')[0], "bin")).FullName;
        foreach (var program in (string[])["initdb", "pg_ctl", "postgres"])
        {
            var path = Path.Combine(bin, program);
            File.WriteAllText(path, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return bin;
    }
}
