using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Testing;

/// <summary>A database of one test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgreSqlLease lease;

    internal TestDatabase(PostgreSqlLease lease, string name, string connectionString)
    {
        this.lease = lease;
        Name = name;
        ConnectionString = connectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>Drops it, with whatever is still connected.</summary>
    public async ValueTask DisposeAsync() => await lease.DropDatabaseAsync(Name);
}
