using System.Globalization;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// The folder of one private server: its locks, its password and, for an embedded cluster, its data. <c>lock</c> is held exclusively by
/// who starts or stops the server; <c>users</c> is held shared by everyone who uses it, so that the last one is known even if another was
/// killed.
/// </summary>
internal sealed class ServerFolder
{
    private const string EphemeralPrefix = "janusq-ledger-";
    private static readonly TimeSpan LongestMaking = TimeSpan.FromHours(1);

    private ServerFolder(string path, bool ephemeral)
    {
        Path = path;
        IsEphemeral = ephemeral;
    }

    public string Path { get; }

    public bool IsEphemeral { get; }

    /// <summary>All that the server's own user may write to.</summary>
    public string Server => In("server");

    public string Data => System.IO.Path.Combine(Server, "data");

    public string ServerLog => System.IO.Path.Combine(Server, "log");

    public bool HasCluster => File.Exists(VersionFile);

    /// <summary>The major version of the cluster; null: there is none.</summary>
    public int? Major =>
        HasCluster && int.TryParse(File.ReadAllText(VersionFile), CultureInfo.InvariantCulture, out var major) ? major : null;

    /// <summary>The name of the container that keeps this folder's data; null: none does.</summary>
    public string? Container => File.Exists(ContainerFile) ? File.ReadAllText(ContainerFile) : null;

    public bool IsKeptRunning => File.Exists(KeepRunningFile);

    private string VersionFile => System.IO.Path.Combine(Data, "PG_VERSION");

    private string LockFile => In("lock");

    private string UsersFile => In("users");

    private string PasswordFile => In("password");

    private string ContainerFile => In("container");

    private string KeepRunningFile => In("keep-running");

    private string EphemeralFile => In("ephemeral");

    /// <summary>The lasting folder that the options, the environment or the system's custom name.</summary>
    public static ServerFolder Lasting(PostgreSqlOptions options) =>
        new(System.IO.Path.GetFullPath(System.IO.Path.Combine(DataFolder(options), "postgresql")), ephemeral: false);

    /// <summary>A new folder that nobody else has.</summary>
    public static ServerFolder Throwaway(PostgreSqlOptions options)
    {
        var parent = EphemeralParent(options);
        var name = EphemeralPrefix + Guid.NewGuid().ToString("N")[..12];
        return new ServerFolder(System.IO.Path.Combine(parent, name), ephemeral: true);
    }

    /// <summary>The throw-away folders of this user whose owners have ended.</summary>
    public static IEnumerable<(ServerFolder Folder, IDisposable Claim)> Abandoned(PostgreSqlOptions options)
    {
        var parent = EphemeralParent(options);
        if (!Directory.Exists(parent))
            yield break;
        foreach (var path in Directory.GetDirectories(parent, EphemeralPrefix + "*"))
        {
            var folder = new ServerFolder(path, ephemeral: true);
            if (folder.TryClaim() is { } claim)
                yield return (folder, claim);
        }
    }

    public void Make()
    {
        PrivateFile.MakeFolder(Path, passThrough: ServerAccount.IsRoot);
        PrivateFile.MakeFolder(Server);
    }

    public Task<FileLock> LockAsync(TimeSpan timeout, CancellationToken cancellation) =>
        FileLock.ExclusiveAsync(LockFile, timeout, cancellation);

    /// <summary>Counts the caller among the users. Call it under the lock.</summary>
    public FileLock Use()
    {
        var use = FileLock.TryShared(UsersFile) ?? throw new PostgreSqlUnavailableException($"{UsersFile} is locked by a foreign program.");
        // From now on a sweep can tell whether the owner lives; before, it leaves the folder alone.
        if (IsEphemeral)
            File.WriteAllText(EphemeralFile, "");
        return use;
    }

    /// <summary>Whether nobody uses the server now. Call it under the lock.</summary>
    public bool IsUnused()
    {
        using var all = FileLock.TryExclusive(UsersFile);
        return all is not null;
    }

    public void KeepRunning(bool keep) => Mark(KeepRunningFile, keep ? "" : null);

    public void KeepContainer(string? name) => Mark(ContainerFile, name);

    public Task WritePasswordAsync(string password, CancellationToken cancellation) =>
        PrivateFile.WriteAsync(PasswordFile, password, cancellation);

    public async Task<string?> ReadPasswordAsync(CancellationToken cancellation) =>
        File.Exists(PasswordFile) ? await File.ReadAllTextAsync(PasswordFile, cancellation).ConfigureAwait(false) : null;

    /// <summary>Removes the folder. A server that still writes its last files gets a moment to end.</summary>
    public async Task RemoveAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException) when (!Directory.Exists(Path))
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && attempt < 20)
            {
                await Task.Delay(100).ConfigureAwait(false);
            }
        }
    }

    private static string DataFolder(PostgreSqlOptions options)
    {
        if ((options.DataFolder ?? options.Variable(PostgreSqlOptions.DataVariable)) is { Length: > 0 } given)
            return given;
        // What stands in root's home is out of reach for the user that the server runs as.
        if (ServerAccount.IsRoot)
            return RootFolder;
        return System.IO.Path.Combine(
            options.Variable("XDG_DATA_HOME") is { Length: > 0 } home && System.IO.Path.IsPathRooted(home)
                ? home
                : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "JanusQ.Ledger");
    }

    // Root never works in a folder where others can make what looks like ours.
    private static string EphemeralParent(PostgreSqlOptions options) =>
        System.IO.Path.GetFullPath(options.DataFolder
            ?? (ServerAccount.IsRoot ? System.IO.Path.Combine(RootFolder, "ephemeral") : System.IO.Path.GetTempPath()));

    private const string RootFolder = "/var/lib/janusq-ledger";

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private FileLock? TryClaim()
    {
        FileLock? gate = null;
        try
        {
            // Others' folders are closed to us, and one that is open to all is none of ours.
            if (new DirectoryInfo(Path).LinkTarget is not null || IsOpenToOthers() || IsBeingMade())
                return null;
            gate = FileLock.TryExclusive(LockFile);
            if (gate is not null && IsUnused())
                return gate;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours, or gone meanwhile.
        }

        gate?.Dispose();
        return null;
    }

    // Its owner takes the locks before it sets the mark; one that was killed before that is known by its age.
    private bool IsBeingMade() =>
        !File.Exists(EphemeralFile) && TimeProvider.System.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(Path) < LongestMaking;

    private bool IsOpenToOthers() =>
        !OperatingSystem.IsWindows() && !ServerAccount.IsRoot
        && (File.GetUnixFileMode(Path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0;

    private static void Mark(string file, string? text)
    {
        if (text is null)
            File.Delete(file);
        else
            File.WriteAllText(file, text);
    }
}
