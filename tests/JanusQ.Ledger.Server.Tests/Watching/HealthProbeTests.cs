using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Watching;

public sealed class HealthProbeTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task it_tells_a_server_that_is_well_from_one_that_is_not_and_from_none()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        Assert.Equal(0, await HealthProbe.RunAsync(new Uri(server.Address, "/health/live").ToString()));
        Assert.Equal(1, await HealthProbe.RunAsync(new Uri(server.Address, "/health/nothing").ToString()));
        Assert.Equal(1, await HealthProbe.RunAsync("http://127.0.0.1:1/health/live"));
        Assert.Equal(1, await HealthProbe.RunAsync("file:///etc/passwd"));
    }
}
