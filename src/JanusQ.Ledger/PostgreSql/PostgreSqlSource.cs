using System.ComponentModel;
using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// Gives a PostgreSQL without asking the user (ledger.md section 6): the connection string that is given, else a private cluster run by the
/// programs of this machine, else a container, else an error that says what to install.
/// </summary>
public static class PostgreSqlSource
{
    /// <summary>Gives the first of the sources in <see cref="PostgreSqlOptions.Order"/> that is there.</summary>
    /// <exception cref="PostgreSqlUnavailableException">
    /// None is there, or the one that is chosen does not work. The message is for the user.
    /// </exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static async Task<PostgreSqlLease> AcquireAsync(PostgreSqlOptions options, CancellationToken cancellation = default)
    {
        options.Demand();
        var reasons = new List<string>();
        try
        {
            foreach (var origin in options.Order)
            {
                var lease = origin switch
                {
                    PostgreSqlOrigin.Explicit => await TryExplicitAsync(options, cancellation).ConfigureAwait(false),
                    PostgreSqlOrigin.Embedded => await TryEmbeddedAsync(options, reasons, cancellation).ConfigureAwait(false),
                    PostgreSqlOrigin.Container => await TryContainerAsync(options, reasons, cancellation).ConfigureAwait(false),
                    _ => throw new ArgumentException($"Order: {origin} is not a source."),
                };
                if (lease is not null)
                    return lease;
            }
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or Win32Exception or NpgsqlException or HttpRequestException)
        {
            throw new PostgreSqlUnavailableException($"PostgreSQL cannot be started: {e.Message}", e);
        }

        throw PostgreSqlUnavailableException.NothingFound(reasons);
    }

    /// <summary>
    /// Stops the private server of the data folder that was left running: by <see cref="PostgreSqlOptions.KeepRunning"/>, or by a killed
    /// program.
    /// </summary>
    /// <returns>False: somebody uses it, so it was left alone; it will stop with its last user.</returns>
    /// <exception cref="PostgreSqlUnavailableException">It did not stop.</exception>
    public static async Task<bool> StopAsync(PostgreSqlOptions options, CancellationToken cancellation = default)
    {
        var folder = ServerFolder.Lasting(options);
        if (!Directory.Exists(folder.Path))
            return true;
        using var gate = await folder.LockAsync(options.StartTimeout * 2, cancellation).ConfigureAwait(false);
        folder.KeepRunning(false);
        if (!folder.IsUnused())
            return false;
        if (await ServerOfAsync(folder, options, cancellation).ConfigureAwait(false) is { } server)
            await server.StopAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private static async Task<PostgreSqlLease?> TryExplicitAsync(PostgreSqlOptions options, CancellationToken cancellation)
    {
        if (options.ConnectionString is { } argument)
            return await ExplicitServer.ConnectAsync(argument, "--connection", cancellation).ConfigureAwait(false);
        return options.Variable(options.ExplicitVariable) is { Length: > 0 } variable
            ? await ExplicitServer.ConnectAsync(variable, options.ExplicitVariable, cancellation).ConfigureAwait(false)
            : null;
    }

    private static async Task<PostgreSqlLease?> TryEmbeddedAsync(
        PostgreSqlOptions options, List<string> reasons, CancellationToken cancellation)
    {
        var folder = options.Ephemeral ? ServerFolder.Throwaway(options) : ServerFolder.Lasting(options);
        if (folder.Container is { } container)
        {
            reasons.Add($"the data of {folder.Path} are in the container {container}");
            return null;
        }

        var found = await PostgreSqlPrograms.FindAsync(options.ProgramFolders, cancellation).ConfigureAwait(false);
        if (Choose(folder, found) is not { } programs)
        {
            var reason = NoPrograms(folder, found);
            // Elsewhere there would be another, empty ledger.
            if (folder.HasCluster)
                throw new PostgreSqlUnavailableException($"{reason}\n{PostgreSqlUnavailableException.HowToInstall}");
            reasons.Add(reason);
            return null;
        }

        var account = await ServerAccount.FindAsync(cancellation).ConfigureAwait(false);
        if (options.Ephemeral)
            await SweepAsync(options, cancellation).ConfigureAwait(false);
        var server = new EmbeddedServer(folder, programs, account, options);
        return await LeaseAsync(folder, server, options, cancellation).ConfigureAwait(false);
    }

    private static async Task<PostgreSqlLease?> TryContainerAsync(
        PostgreSqlOptions options, List<string> reasons, CancellationToken cancellation)
    {
        var folder = options.Ephemeral ? ServerFolder.Throwaway(options) : ServerFolder.Lasting(options);
        if (folder.HasCluster)
        {
            reasons.Add($"the data of {folder.Path} are in an embedded cluster");
            return null;
        }

        if (await DockerEngine.FindAsync(options, cancellation).ConfigureAwait(false) is not { } engine)
        {
            reasons.Add("no Docker engine answers");
            return null;
        }

        if (options.Ephemeral)
            await SweepAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            return await LeaseAsync(folder, new ContainerServer(folder, engine, options), options, cancellation).ConfigureAwait(false);
        }
        catch (ContainerUnavailableException e)
        {
            options.Log?.Invoke(e.Message);
            reasons.Add(e.Message);
            return null;
        }
    }

    private static async Task<PostgreSqlLease> LeaseAsync(
        ServerFolder folder, IPrivateServer server, PostgreSqlOptions options, CancellationToken cancellation)
    {
        var use = await ServerUse.BeginAsync(folder, server, options, cancellation).ConfigureAwait(false);
        try
        {
            var admin = use.Running.Admin;
            var target = new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Database = options.Database, Pooling = true };
            var lease = new PostgreSqlLease(admin, use.Running.Facts with { Database = options.Database }, target.ConnectionString, use);
            await lease.CreateDatabaseAsync(options.Database, cancellation).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await use.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops and removes the throw-away servers whose programs were killed.</summary>
    private static async Task SweepAsync(PostgreSqlOptions options, CancellationToken cancellation)
    {
        foreach (var (folder, claim) in ServerFolder.Abandoned(options))
        {
            using (claim)
            {
                try
                {
                    if (await ServerOfAsync(folder, options, cancellation).ConfigureAwait(false) is { } server)
                        await server.StopAsync(cancellation).ConfigureAwait(false);
                    await folder.RemoveAsync().ConfigureAwait(false);
                    options.Log?.Invoke($"removed the abandoned {folder.Path}");
                }
                catch (Exception e) when (
                    e is IOException or UnauthorizedAccessException or PostgreSqlUnavailableException or HttpRequestException)
                {
                    options.Log?.Invoke($"the abandoned {folder.Path} stays: {e.Message}");
                }
            }
        }
    }

    /// <summary>The server that has the folder's data; null: there is none yet.</summary>
    private static async Task<IPrivateServer?> ServerOfAsync(ServerFolder folder, PostgreSqlOptions options, CancellationToken cancellation)
    {
        if (folder.Container is not null)
        {
            return await DockerEngine.FindAsync(options, cancellation).ConfigureAwait(false) is { } engine
                ? new ContainerServer(folder, engine, options)
                : throw new PostgreSqlUnavailableException($"The data of {folder.Path} are in a container, and no Docker engine answers.");
        }

        if (!folder.HasCluster)
            return null;
        var found = await PostgreSqlPrograms.FindAsync(options.ProgramFolders, cancellation).ConfigureAwait(false);
        return Choose(folder, found) is { } programs
            ? new EmbeddedServer(folder, programs, await ServerAccount.FindAsync(cancellation).ConfigureAwait(false), options)
            : throw new PostgreSqlUnavailableException(NoPrograms(folder, found));
    }

    // A cluster belongs to one major version: newer programs do not open its data.
    private static PostgreSqlPrograms? Choose(ServerFolder folder, IReadOnlyList<PostgreSqlPrograms> found) =>
        found.FirstOrDefault(programs =>
            programs.Major >= PostgreSqlPrograms.OldestMajor && (folder.Major ?? programs.Major) == programs.Major);

    private static string NoPrograms(ServerFolder folder, IReadOnlyList<PostgreSqlPrograms> found)
    {
        var there = found.Count == 0
            ? "no PostgreSQL programs (initdb, pg_ctl, postgres) on PATH or in the usual folders"
            : "on this machine: " + string.Join(", ", found.Select(programs => $"PostgreSQL {programs.Version} in {programs.Folder}"));
        return folder.Major is { } major
            ? $"The cluster in {folder.Path} needs the programs of PostgreSQL {major}; {there}."
            : found.Count == 0 ? there : $"PostgreSQL {PostgreSqlPrograms.OldestMajor} or newer is needed; {there}";
    }
}
