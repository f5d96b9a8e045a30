using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// A database of its own for one comparison, dropped with it: on the server that the variable <c>JANUSQ_BENCHMARK_CONNECTION</c> names,
/// else on one that is started for it.
/// </summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly PostgreSqlLease _server;
    private readonly string _name;
    private readonly bool _isDurable;

    private BenchmarkDatabase(PostgreSqlLease server, string name, string connection, bool isDurable)
    {
        _server = server;
        _name = name;
        _isDurable = isDurable;
        Connection = connection;
    }

    /// <summary>Its connection string.</summary>
    public string Connection { get; }

    /// <summary>What a ledger that is made in it needs.</summary>
    public LedgerOptions Options => new()
    {
        ConnectionString = Connection,
        CreateSchema = true,
        Accept = _isDurable ? AcceptedRisks.OwnerConnection : AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
    };

    /// <summary>Makes one.</summary>
    /// <param name="purpose">What its name begins with.</param>
    /// <param name="isDurable">Whether a server that is started for it has fsync on: where writing is what is measured.</param>
    /// <exception cref="PostgreSqlUnavailableException">There is no server, and none can be started.</exception>
    public static async Task<BenchmarkDatabase> CreateAsync(string purpose, bool isDurable)
    {
        var server = await PostgreSqlSource.AcquireAsync(new PostgreSqlOptions
        {
            Order = [PostgreSqlOrigin.Explicit, PostgreSqlOrigin.Embedded],
            ExplicitVariable = "JANUSQ_BENCHMARK_CONNECTION",
            Database = "janusq_benchmark",
            Ephemeral = true,
            Durable = isDurable,
        });
        var name = $"{purpose}_{Guid.NewGuid():N}";
        try
        {
            return new BenchmarkDatabase(server, name, await server.CreateDatabaseAsync(name), isDurable);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _server.DropDatabaseAsync(_name);
        }
        finally
        {
            await _server.DisposeAsync();
        }
    }
}
