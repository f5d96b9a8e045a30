using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// A private cluster run by the PostgreSQL programs of this machine, listening on 127.0.0.1 at a port of its own, with a password that
/// only its user can read. <c>pg_ctl</c> gives it a session of its own, so that the terminal's Ctrl-C does not reach it.
/// </summary>
internal sealed class EmbeddedServer : IPrivateServer
{
    private const string User = "janusq";
    private const int PortAttempts = 5;
    private const long LogLimit = 8 * 1024 * 1024;

    private readonly ServerFolder folder;
    private readonly PostgreSqlPrograms programs;
    private readonly ServerAccount account;
    private readonly PostgreSqlOptions options;

    public EmbeddedServer(ServerFolder folder, PostgreSqlPrograms programs, ServerAccount account, PostgreSqlOptions options)
    {
        this.folder = folder;
        this.programs = programs;
        this.account = account;
        this.options = options;
    }

    public async Task<RunningServer> EnsureRunningAsync(CancellationToken cancellation)
    {
        if (folder.Container is { } container)
        {
            throw new PostgreSqlUnavailableException(
                $"The data of {folder.Path} are in the container {container}; start Docker, or choose another data folder.");
        }

        await account.OwnAsync(folder.Server, cancellation).ConfigureAwait(false);
        if (!folder.HasCluster)
            await InitialiseAsync(cancellation).ConfigureAwait(false);
        var password = await folder.ReadPasswordAsync(cancellation).ConfigureAwait(false)
            ?? throw new PostgreSqlUnavailableException(
                $"The password of the cluster in {folder.Path} is missing: its file password was removed.");
        return await FindRunningAsync(password, cancellation).ConfigureAwait(false)
            ?? await StartAsync(password, cancellation).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (PostmasterFile.TryRead(folder.Data) is not { } postmaster || !postmaster.IsAlive())
            return;
        // Nothing in a throw-away cluster is worth a checkpoint.
        if (folder.IsEphemeral || !await TryStopAsync("fast", options.StopTimeout, cancellation).ConfigureAwait(false))
            await TryStopAsync("immediate", TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(false);
        if (postmaster.IsAlive())
        {
            postmaster.Kill();
            await Task.Delay(500, cancellation).ConfigureAwait(false);
        }

        if (postmaster.IsAlive())
            throw Failed($"PostgreSQL (process {postmaster.ProcessId}) did not stop");
    }

    private async Task<bool> TryStopAsync(string mode, TimeSpan timeout, CancellationToken cancellation)
    {
        var result = await account.RunAsync(
            programs.PgCtl,
            ["-D", folder.Data, "-m", mode, "-w", "-t", Seconds(timeout), "stop"],
            timeout + TimeSpan.FromSeconds(5),
            cancellation).ConfigureAwait(false);
        return result.Succeeded;
    }

    /// <summary>Makes the cluster beside its place and moves it there when it is complete: a cluster is there whole, or not.</summary>
    private async Task InitialiseAsync(CancellationToken cancellation)
    {
        RemoveUnfinished();
        var unfinished = Path.Combine(folder.Server, $"init-{Guid.NewGuid():N}");
        var secret = unfinished + "-password";
        var password = System.Security.Cryptography.RandomNumberGenerator.GetHexString(64, lowercase: true);
        await folder.WritePasswordAsync(password, cancellation).ConfigureAwait(false);
        await account.WriteSecretAsync(secret, password + "\n", cancellation).ConfigureAwait(false);
        try
        {
            options.Log?.Invoke($"making a PostgreSQL {programs.Version} cluster in {folder.Path}");
            string[] arguments =
            [
                "-D", unfinished, "-U", User, $"--pwfile={secret}", "--auth-local=scram-sha-256", "--auth-host=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--data-checksums",
            ];
            var result = await account.RunAsync(
                programs.InitDb,
                options.Durable ? arguments : [.. arguments, "--no-sync"],
                options.StartTimeout,
                cancellation).ConfigureAwait(false);
            if (!result.Succeeded)
                throw new PostgreSqlUnavailableException($"initdb failed in {folder.Server} {result.Said}");
            await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), Settings(), cancellation).ConfigureAwait(false);
            Directory.Move(unfinished, folder.Data);
        }
        finally
        {
            RemoveUnfinished();
        }
    }

    private static string Settings() => """

        # JanusQ.Ledger
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 300
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] '

        # Under load the default of 1 GB brings a checkpoint a minute, after each of which every page is written whole into the log again.
        max_wal_size = '4GB'
        checkpoint_timeout = '15min'
        wal_compression = on

        # At the default of 128 MB changed pages are soon driven out again, and what commits waits on the disk behind them.
        shared_buffers = '512MB'

        """;

    private void RemoveUnfinished()
    {
        foreach (var path in Directory.GetFileSystemEntries(folder.Server, "init-*"))
        {
            try
            {
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An initdb whose starter was killed may still write there; the next start removes it.
            }
        }
    }

    /// <summary>The server, if it runs already; a starting or stopping one is waited for.</summary>
    private async Task<RunningServer?> FindRunningAsync(string password, CancellationToken cancellation)
    {
        var deadline = Deadline.After(options.StartTimeout);
        while (true)
        {
            if (PostmasterFile.TryRead(folder.Data) is not { } postmaster)
                return null;
            if (!postmaster.IsAlive())
            {
                postmaster.Disown();
                return null;
            }

            string why = "it has no port yet";
            if (postmaster.Port is { } port)
            {
                try
                {
                    return await ProbeAsync(postmaster.ProcessId, port, password, cancellation).ConfigureAwait(false);
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
                {
                    throw new PostgreSqlUnavailableException(
                        $"The cluster in {folder.Path} does not accept the password in its file password.", e);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    why = e.Message;
                }
            }

            if (deadline.IsOver)
                throw Failed($"PostgreSQL (process {postmaster.ProcessId}) runs in {folder.Data} and does not answer ({why})");
            await Task.Delay(100, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<RunningServer> StartAsync(string password, CancellationToken cancellation)
    {
        folder.KeepRunning(false);
        TurnLog();
        for (var attempt = 1; ; attempt++)
        {
            var logged = LogLength();
            var port = FreePort();
            var result = await account.RunAsync(
                programs.PgCtl,
                [
                    "-D", folder.Data, "-l", folder.ServerLog, "-w", "-t", Seconds(options.StartTimeout), "-o", ServerArguments(port),
                    "start",
                ],
                options.StartTimeout + TimeSpan.FromSeconds(5),
                // Not cut short: a server that is half started could neither be used nor be stopped.
                CancellationToken.None).ConfigureAwait(false);
            // Whatever pg_ctl says, a server that answers is what is asked for: one that a killed program just started, too.
            if (await FindRunningAsync(password, cancellation).ConfigureAwait(false) is { } running)
            {
                options.Log?.Invoke($"PostgreSQL {running.Facts.Version} answers on 127.0.0.1:{running.Facts.Port}");
                return running;
            }

            var said = ReadLog(logged);
            var isPortTaken = said.Contains("could not bind", StringComparison.Ordinal)
                || said.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal);
            if (!isPortTaken || attempt == PortAttempts)
                throw Failed($"PostgreSQL did not start in {folder.Data} {result.Said}");
        }
    }

    private string ServerArguments(int port)
    {
        var arguments = $"-p {port.ToString(CultureInfo.InvariantCulture)}";
        return options.Durable ? arguments : arguments + " -F -c synchronous_commit=off -c full_page_writes=off";
    }

    private async Task<RunningServer> ProbeAsync(int processId, int port, string password, CancellationToken cancellation)
    {
        var admin = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Password = password,
            Database = "postgres",
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Timeout = 15,
        };
        var probe = await ServerProbe.AskAsync(admin, cancellation).ConfigureAwait(false);
        if (probe.DataFolder is null || !IsOurs(probe.DataFolder))
            throw new PostgreSqlUnavailableException($"127.0.0.1:{port} is answered by another cluster, in {probe.DataFolder}.");
        return new RunningServer(
            admin,
            new PostgreSqlServerFacts(PostgreSqlOrigin.Embedded, probe.Version, "127.0.0.1", port, User, "postgres")
            {
                DataFolder = folder.Data,
                LedgerFolder = folder.Path,
                Programs = programs.Folder,
                ProcessId = processId,
                RunsAs = account.Name,
            });
    }

    private bool IsOurs(string dataFolder) => string.Equals(
        Path.GetFullPath(dataFolder),
        folder.Data,
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private void TurnLog()
    {
        if (LogLength() > LogLimit)
            File.Move(folder.ServerLog, folder.ServerLog + ".1", overwrite: true);
    }

    private long LogLength() => new FileInfo(folder.ServerLog) is { Exists: true } log ? log.Length : 0;

    private string ReadLog(long from)
    {
        try
        {
            using var stream = new FileStream(folder.ServerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(Math.Min(from, stream.Length), SeekOrigin.Begin);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private PostgreSqlUnavailableException Failed(string what)
    {
        var last = ReadLog(Math.Max(0, LogLength() - 4096)).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(10).ToArray();
        return new PostgreSqlUnavailableException(last.Length == 0
            ? what + "."
            : $"{what}. The last lines of {folder.ServerLog}:\n" + string.Join('\n', last.Select(line => "  " + line)));
    }
}
