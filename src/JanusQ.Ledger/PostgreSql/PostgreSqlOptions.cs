namespace JanusQ.Ledger.PostgreSql;

/// <summary>How <see cref="PostgreSqlSource"/> comes by a connection. The defaults are what the programs use.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>The environment variable with a connection string, for when no argument gives one.</summary>
    public const string ConnectionVariable = "JANUSQ_CONNECTION";

    /// <summary>The environment variable with the data folder, for when no argument gives one.</summary>
    public const string DataVariable = "JANUSQ_DATA";

    /// <summary>The sources that are tried, first to last; those that are not named are not tried.</summary>
    public IReadOnlyList<PostgreSqlOrigin> Order { get; init; } =
        [PostgreSqlOrigin.Explicit, PostgreSqlOrigin.Embedded, PostgreSqlOrigin.Container];

    /// <summary>
    /// The connection string that an argument gave; null: look at <see cref="ExplicitVariable"/>. One that does not work is an error.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>The environment variable that is read when <see cref="ConnectionString"/> is null.</summary>
    public string ExplicitVariable { get; init; } = ConnectionVariable;

    /// <summary>The database of an embedded cluster or a container, made when absent. A connection string names its own.</summary>
    public string Database { get; init; } = "janusq";

    /// <summary>
    /// The data folder; the cluster stands in its folder <c>postgresql</c>. Null: <see cref="DataVariable"/>, else the user's own data
    /// folder. With <see cref="Ephemeral"/> it is the folder in which the throw-away folders are made.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>A fresh server in a throw-away folder (or container) of its own, gone when the lease is disposed of.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Leave the server running after its last user; it is stopped by <see cref="PostgreSqlSource.StopAsync"/>.</summary>
    public bool KeepRunning { get; init; }

    /// <summary>False: a crash of the machine may lose data. Only together with <see cref="Ephemeral"/>, and only for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Folders to look for PostgreSQL's programs in; null: PATH, <c>pg_config --bindir</c> and the usual folders.</summary>
    public IReadOnlyList<string>? ProgramFolders { get; init; }

    /// <summary>Docker engines to ask; null: <c>DOCKER_HOST</c> and the usual sockets.</summary>
    public IReadOnlyList<Uri>? DockerEndpoints { get; init; }

    /// <summary>The image of a container: an official PostgreSQL image, or one with the same entry point.</summary>
    public string ContainerImage { get; init; } = "postgres:15";

    /// <summary>How long an embedded server may take to be made and to answer; a lock is waited for twice as long.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a container may take to answer, with the pull of its image.</summary>
    public TimeSpan ContainerStartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a server may take to stop before it is stopped hard.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hears one line for each thing worth knowing; null: nobody does.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Reads an environment variable; null when it is absent.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    internal void Demand()
    {
        if (!Durable && !Ephemeral)
            throw new ArgumentException("Durable: only an ephemeral server may be without durability.");
        if (KeepRunning && Ephemeral)
            throw new ArgumentException("KeepRunning: an ephemeral server ends with its lease; give a data folder instead.");
        DatabaseName.Demand(Database);
    }
}
