using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// PostgreSQL in a container that Testcontainers makes. A lasting one has a name and a volume of its folder, is found again by every
/// program that uses the folder, and is stopped, not removed, by the last of them. An ephemeral one is removed.
/// </summary>
internal sealed class ContainerServer : IPrivateServer
{
    private const string User = "janusq";
    private const string DataMount = "/var/lib/postgresql/data";

    private readonly ServerFolder folder;
    private readonly DockerEngine engine;
    private readonly PostgreSqlOptions options;
    private readonly string name;

    public ContainerServer(ServerFolder folder, DockerEngine engine, PostgreSqlOptions options)
    {
        this.folder = folder;
        this.engine = engine;
        this.options = options;
        var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)));
        name = $"janusq-ledger-{place[..16]}";
    }

    /// <exception cref="ContainerUnavailableException">The engine cannot give the container: no image, no answer in time.</exception>
    public async Task<RunningServer> EnsureRunningAsync(CancellationToken cancellation)
    {
        var wasThere = folder.Container is not null;
        if (!wasThere && await folder.ReadPasswordAsync(cancellation).ConfigureAwait(false) is null)
            await folder.WritePasswordAsync(RandomNumberGenerator.GetHexString(64, lowercase: true), cancellation).ConfigureAwait(false);
        var password = await folder.ReadPasswordAsync(cancellation).ConfigureAwait(false)
            ?? throw new PostgreSqlUnavailableException(
                $"The password of the container in {folder.Path} is missing: its file password was removed.");
        folder.KeepContainer(name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ContainerStartTimeout);
        try
        {
            var container = Describe(password);
            options.Log?.Invoke($"starting a container of {options.ContainerImage}");
            await container.StartAsync(limit.Token).ConfigureAwait(false);
            return await ProbeAsync(container, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is not PostgreSqlUnavailableException)
        {
            if (!wasThere)
            {
                await StopAsync(CancellationToken.None).ConfigureAwait(false);
                folder.KeepContainer(null);
            }

            var why = e is OperationCanceledException
                ? $"no answer in {options.ContainerStartTimeout.TotalSeconds:0} s"
                : FirstLine(e.Message);
            throw new ContainerUnavailableException($"Docker answers, but gives no container of {options.ContainerImage}: {why}", e);
        }
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (folder.Container is not { } known)
            return;
        if (folder.IsEphemeral)
            await engine.RemoveContainerAsync(known, cancellation).ConfigureAwait(false);
        else
            await engine.StopContainerAsync(known, options.StopTimeout, cancellation).ConfigureAwait(false);
    }

    private PostgreSqlContainer Describe(string password)
    {
        var builder = new PostgreSqlBuilder(options.ContainerImage)
            .WithDockerEndpoint(engine.ForTestcontainers())
            .WithLogger(NullLogger.Instance)
            // Leases and the sweep remove what they made; the reaper would be one more image to pull.
            .WithCleanUp(false)
            .WithName(name)
            .WithDatabase("postgres")
            .WithUsername(User)
            .WithPassword(password)
            .WithEnvironment("PGDATA", DataMount)
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--data-checksums")
            .WithCommand("-c", "max_connections=300");
        if (!folder.IsEphemeral)
            builder = builder.WithReuse(true).WithVolumeMount(name, DataMount);
        // The module's own arguments switch durability off; the last one said holds.
        if (options.Durable)
            builder = builder.WithCommand("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on");
        return builder.Build();
    }

    private async Task<RunningServer> ProbeAsync(PostgreSqlContainer running, CancellationToken cancellation)
    {
        var admin = new NpgsqlConnectionStringBuilder(running.GetConnectionString())
        {
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Timeout = 15,
        };
        var probe = await ServerProbe.AskAsync(admin, cancellation).ConfigureAwait(false);
        if (probe.Major < PostgreSqlPrograms.OldestMajor)
        {
            throw new PostgreSqlUnavailableException(
                $"The image {options.ContainerImage} holds PostgreSQL {probe.Version}; " +
                $"{PostgreSqlPrograms.OldestMajor} or newer is needed.");
        }

        return new RunningServer(
            admin,
            new PostgreSqlServerFacts(PostgreSqlOrigin.Container, probe.Version, admin.Host!, admin.Port, User, "postgres")
            {
                Container = name,
                Image = options.ContainerImage,
            });
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}

/// <summary>A container cannot be had; another source may be tried.</summary>
internal sealed class ContainerUnavailableException(string message, Exception innerException) : Exception(message, innerException);
