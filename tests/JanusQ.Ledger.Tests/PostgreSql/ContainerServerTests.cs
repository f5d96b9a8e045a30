using DotNet.Testcontainers.Builders;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.PostgreSql;

/// <summary>Where Docker gives a container; elsewhere there is nothing to test.</summary>
public sealed class ContainerServerTests(PostgreSqlFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_lasting_container_is_shared_durable_and_keeps_its_data()
    {
        var engine = await DemandDockerAsync();
        await using var folder = new DataFolder();
        var options = folder.Options with { Order = [PostgreSqlOrigin.Container], ContainerImage = PostgreSqlFixture.Image };
        var name = "";
        try
        {
            await using (var first = await PostgreSqlSource.AcquireAsync(options, Cancellation))
            {
                name = first.Facts.Container!;
                Assert.Equal(PostgreSqlOrigin.Container, first.Origin);
                Assert.Equal("on", await AskAsync(first.ConnectionString, "show fsync"));
                Assert.Equal("on", await AskAsync(first.ConnectionString, "show full_page_writes"));
                Assert.Equal("on", await AskAsync(first.ConnectionString, "show synchronous_commit"));
                await AskAsync(first.ConnectionString, "create table kept as select 42 as answer; select ''");
                await using var other = await LeaseHolder.StartAsync(folder.Path, "lasting", false, "Container", PostgreSqlFixture.Image);
                Assert.Equal(name, other.Data);
                Assert.Equal(first.Facts.Port, other.Port);
                await other.ReleaseAsync();
                Assert.Equal("42", await AskAsync(first.ConnectionString, "select answer::text from kept"));
            }

            // Stopped, not removed; and found again when it was removed, because the data are in a volume.
            await using (var second = await PostgreSqlSource.AcquireAsync(options, Cancellation))
                Assert.Equal("42", await AskAsync(second.ConnectionString, "select answer::text from kept"));
            await engine.RemoveContainerAsync(name, Cancellation);
            await using (var third = await PostgreSqlSource.AcquireAsync(options, Cancellation))
                Assert.Equal("42", await AskAsync(third.ConnectionString, "select answer::text from kept"));

            var without = options with { Order = [PostgreSqlOrigin.Embedded, PostgreSqlOrigin.Container], DockerEndpoints = [] };
            var refused = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() =>
                PostgreSqlSource.AcquireAsync(without, Cancellation));
            Assert.Contains($"are in the container {name}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("no Docker engine answers", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await engine.RemoveContainerAsync(name, CancellationToken.None);
            var volume = new VolumeBuilder().WithDockerEndpoint(engine.ForTestcontainers()).WithName(name).WithCleanUp(false).Build();
            await volume.CreateAsync(CancellationToken.None);
            await volume.DeleteAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task the_throwaway_container_of_a_killed_program_is_swept_by_the_next()
    {
        await DemandDockerAsync();
        await using var folder = new DataFolder();
        var options = folder.Options with
        {
            Order = [PostgreSqlOrigin.Container],
            ContainerImage = PostgreSqlFixture.Image,
            Ephemeral = true,
            Durable = false,
        };
        await using var killed = await LeaseHolder.StartAsync(folder.Path, "ephemeral", false, "Container", PostgreSqlFixture.Image);
        await killed.KillAsync();
        var said = new List<string>();

        await using (var lease = await PostgreSqlSource.AcquireAsync(options with { Log = said.Add }, Cancellation))
        {
            Assert.Contains(said, line => line.StartsWith("removed the abandoned", StringComparison.Ordinal));
            Assert.NotEqual(killed.Port, lease.Facts.Port);
            using var socket = new System.Net.Sockets.TcpClient();
            await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () =>
                await socket.ConnectAsync(lease.Facts.Host, killed.Port, Cancellation));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task an_image_that_cannot_be_had_is_said_and_the_next_source_is_taken()
    {
        await DemandDockerAsync();
        await using var folder = new DataFolder();
        var said = new List<string>();

        await using var lease = await PostgreSqlSource.AcquireAsync(
            folder.Options with
            {
                Order = [PostgreSqlOrigin.Container, PostgreSqlOrigin.Embedded],
                ContainerImage = "localhost:1/no-such-image:0",
                Log = said.Add,
            },
            Cancellation);

        Assert.Equal(PostgreSqlOrigin.Embedded, lease.Origin);
        const string Expected = "Docker answers, but gives no container of localhost:1/no-such-image:0:";
        Assert.Contains(said, line => line.StartsWith(Expected, StringComparison.Ordinal));
    }

    private async Task<DockerEngine> DemandDockerAsync()
    {
        Assert.SkipUnless(fixture.Origin == PostgreSqlOrigin.Container, "The fixture's server is no container here.");
        return (await DockerEngine.FindAsync(new PostgreSqlOptions(), Cancellation))!;
    }

    private static async Task<string> AskAsync(string connectionString, string sql)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        return reader.GetString(0);
    }
}
