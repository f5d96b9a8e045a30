using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// The right to use a PostgreSQL server. As long as it is held, a private server runs; the last lease to be disposed of stops it.
/// </summary>
public sealed class PostgreSqlLease : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder admin;
    private readonly ServerUse? use;

    internal PostgreSqlLease(NpgsqlConnectionStringBuilder admin, PostgreSqlServerFacts facts, string connectionString, ServerUse? use)
    {
        this.admin = admin;
        this.use = use;
        Facts = facts;
        ConnectionString = connectionString;
    }

    /// <summary>Which of the sources gave it.</summary>
    public PostgreSqlOrigin Origin => Facts.Origin;

    /// <summary>Connects to the ledger's database. Holds the password: not for logs.</summary>
    public string ConnectionString { get; }

    /// <summary>What is known about the server.</summary>
    public PostgreSqlServerFacts Facts { get; }

    /// <summary>Which server it is, for people: a line for each fact, no password.</summary>
    public string Describe() => Facts.ToString();

    /// <summary>Makes a database when it is absent: UTF-8, ordered by code point. Two callers at once both succeed.</summary>
    /// <param name="name">1 to 63 of <c>a-z 0-9 _</c>, a digit not first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>A connection string for it.</returns>
    /// <exception cref="ArgumentException">The name is not of that form.</exception>
    /// <exception cref="PostgresException">The server refuses, for instance because the role may not make databases.</exception>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        DatabaseName.Demand(name);
        if (!await ExistsAsync(name, cancellation).ConfigureAwait(false))
        {
            try
            {
                await ExecuteAsync(
                    $"create database \"{name}\" template template0 encoding 'UTF8' locale 'C' locale_provider 'libc'",
                    cancellation).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Somebody else was as quick.
            }
        }

        return ConnectionStringFor(name);
    }

    /// <summary>Removes a database with its connections; an absent one is fine.</summary>
    /// <exception cref="ArgumentException">The name is not one that <see cref="CreateDatabaseAsync"/> takes.</exception>
    public async Task DropDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        DatabaseName.Demand(name);
        using (var connection = new NpgsqlConnection(ConnectionStringFor(name)))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"drop database if exists \"{name}\" with (force)", cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the use. The last user of a private server stops it, and waits until it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (use is null)
            return;
        using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await use.DisposeAsync().ConfigureAwait(false);
    }

    private string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(admin.ConnectionString);
        await using var closing = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(admin.ConnectionString);
        await using var closing = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
