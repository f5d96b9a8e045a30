namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// A lock that the operating system holds for an open file (flock on Unix, share modes on Windows), so that it ends with its holder
/// however that ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    public static FileLock? TryExclusive(string path) => TryOpen(path, FileShare.None, out _);

    public static FileLock? TryShared(string path) => TryOpen(path, FileShare.ReadWrite, out _);

    /// <exception cref="PostgreSqlUnavailableException">Another program held the lock all the time.</exception>
    public static async Task<FileLock> ExclusiveAsync(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        var deadline = Deadline.After(timeout);
        while (true)
        {
            if (TryOpen(path, FileShare.None, out var why) is { } held)
                return held;
            if (deadline.IsOver)
            {
                throw new PostgreSqlUnavailableException(
                    $"Another program has held {path} for {timeout.TotalSeconds:0} s while it starts or stops PostgreSQL: {why!.Message}",
                    why);
            }

            await Task.Delay(50, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => stream.Dispose();

    private static FileLock? TryOpen(string path, FileShare share, out IOException? why)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            why = null;
            return new FileLock(new FileStream(path, options));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            why = e;
            return null;
        }
    }
}
