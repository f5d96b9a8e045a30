using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.PostgreSql;
using Npgsql;
using Xunit;

namespace JanusQ.Ledger.Testing;

/// <summary>
/// One PostgreSQL for all tests of a process: the server of JANUSQ_TEST_CONNECTION, else a container (image: JANUSQ_TEST_POSTGRES_IMAGE),
/// else an embedded throw-away cluster. Registered for an assembly by <c>[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]</c>; a test
/// class takes it in its constructor.
/// </summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    public const string ConnectionVariable = "JANUSQ_TEST_CONNECTION";
    public const string ImageVariable = "JANUSQ_TEST_POSTGRES_IMAGE";

    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private readonly SemaphoreSlim templating = new(1, 1);
    private int databases;
    private bool hasTemplate;
    private PostgreSqlLease? lease;

    /// <summary>The image that a container is made from.</summary>
    public static string Image { get; } =
        Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } image ? image : new PostgreSqlOptions().ContainerImage;

    /// <summary>The lease of the server that the tests of this process share.</summary>
    public PostgreSqlLease Lease => lease ?? throw new InvalidOperationException("The fixture is not initialised.");

    /// <summary>Which of the three it is.</summary>
    public PostgreSqlOrigin Origin => Lease.Origin;

    /// <summary>What was said on the way to the server, for instance why there is no container.</summary>
    public IReadOnlyList<string> Said { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var said = new List<string>();
        lease = await PostgreSqlSource.AcquireAsync(
            new PostgreSqlOptions
            {
                Order = [PostgreSqlOrigin.Explicit, PostgreSqlOrigin.Container, PostgreSqlOrigin.Embedded],
                ExplicitVariable = ConnectionVariable,
                ContainerImage = Image,
                Database = "janusq_test",
                Ephemeral = true,
                Durable = false,
                Log = said.Add,
            },
            TestContext.Current.CancellationToken);
        Said = said;
        foreach (var line in said.Append(lease.Describe()))
            TestContext.Current.SendDiagnosticMessage("PostgreSQL for the tests: {0}", line);
    }

    /// <summary>Makes an empty database that only the caller has; disposing of it drops it.</summary>
    public async Task<TestDatabase> NewDatabaseAsync()
    {
        var name = $"test_{run}_{Interlocked.Increment(ref databases)}";
        TestContext.Current.TestOutputHelper?.WriteLine($"database {name} on {Origin} {Lease.Facts.Host}:{Lease.Facts.Port}");
        var connectionString = await Lease.CreateDatabaseAsync(name, TestContext.Current.CancellationToken);
        return new TestDatabase(Lease, name, connectionString);
    }

    /// <summary>
    /// Makes a database with a ledger's schema and nothing in it. It is copied, which is far quicker than migrating each.
    /// </summary>
    public async Task<TestDatabase> NewLedgerDatabaseAsync()
    {
        var template = $"test_{run}_template";
        var name = $"test_{run}_{Interlocked.Increment(ref databases)}";
        TestContext.Current.TestOutputHelper?.WriteLine($"database {name} on {Origin} {Lease.Facts.Host}:{Lease.Facts.Port}");
        await templating.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!hasTemplate)
            {
                var migrated = await Lease.CreateDatabaseAsync(template, TestContext.Current.CancellationToken);
                await LedgerSchema.MigrateAsync(migrated, TestContext.Current.CancellationToken);
                hasTemplate = true;
            }

            // One at a time: a database that is being copied has nobody else on it.
            await using var connection = new NpgsqlConnection(Lease.ConnectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand($"create database {name} template {template}", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            templating.Release();
        }

        return new TestDatabase(
            Lease, name, new NpgsqlConnectionStringBuilder(Lease.ConnectionString) { Database = name }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        templating.Dispose();
        if (lease is not null && hasTemplate && Origin == PostgreSqlOrigin.Explicit) await lease.DropDatabaseAsync($"test_{run}_template");
        if (lease is not null)
            await lease.DisposeAsync();
    }
}
