namespace JanusQ.Ledger.PostgreSql;

/// <summary>One program's use of a private server: counted as long as it lasts, and the last one stops the server.</summary>
internal sealed class ServerUse : IAsyncDisposable
{
    private readonly ServerFolder folder;
    private readonly IPrivateServer server;
    private readonly PostgreSqlOptions options;
    private FileLock? use;

    private ServerUse(ServerFolder folder, IPrivateServer server, PostgreSqlOptions options, FileLock use, RunningServer running)
    {
        this.folder = folder;
        this.server = server;
        this.options = options;
        this.use = use;
        Running = running;
    }

    public RunningServer Running { get; }

    public static async Task<ServerUse> BeginAsync(
        ServerFolder folder, IPrivateServer server, PostgreSqlOptions options, CancellationToken cancellation)
    {
        folder.Make();
        using var gate = await folder.LockAsync(options.StartTimeout * 2, cancellation).ConfigureAwait(false);
        var use = folder.Use();
        try
        {
            var running = await server.EnsureRunningAsync(cancellation).ConfigureAwait(false);
            if (options.KeepRunning)
                folder.KeepRunning(true);
            return new ServerUse(folder, server, options, use, running);
        }
        catch
        {
            use.Dispose();
            await EndAsync(folder, server, options).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref use, null) is not { } mine)
            return;
        try
        {
            using var gate = await folder.LockAsync(options.StartTimeout * 2, CancellationToken.None).ConfigureAwait(false);
            mine.Dispose();
            await EndAsync(folder, server, options).ConfigureAwait(false);
        }
        finally
        {
            mine.Dispose();
        }
    }

    private static async Task EndAsync(ServerFolder folder, IPrivateServer server, PostgreSqlOptions options)
    {
        if (!await IsUnusedAsync(folder).ConfigureAwait(false))
            return;
        if (!folder.IsKeptRunning)
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (folder.IsEphemeral)
            await folder.RemoveAsync().ConfigureAwait(false);
        options.Log?.Invoke(folder.IsKeptRunning ? "PostgreSQL keeps running" : "PostgreSQL stopped");
    }

    /// <summary>
    /// Whether nobody uses the server. A program that starts another one while this asks hands its open files on for a moment, ours that
    /// was just closed among them, so a single look can see a user that is none: and the server would run on without one.
    /// </summary>
    private static async Task<bool> IsUnusedAsync(ServerFolder folder)
    {
        const int Looks = 12;
        for (var look = 1; !folder.IsUnused(); look++)
        {
            if (look == Looks)
                return false;
            await Task.Delay(25 * look).ConfigureAwait(false);
        }

        return true;
    }
}
