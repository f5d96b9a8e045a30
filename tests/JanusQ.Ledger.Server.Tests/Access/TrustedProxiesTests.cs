using System.Net;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Access;

/// <summary>Whose word is taken for where a request comes from. The test itself connects from the loopback address.</summary>
public sealed class TrustedProxiesTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = "/v1/candidates/cand-0123456789ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "203.0.113.7", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "2001:db8::7", "2001:db8::7")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1,10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7, somewhere", "127.0.0.1")]
    [InlineData("127.0.0.1", "' or 1=1 --", "127.0.0.1")]
    public async Task the_security_log_has_the_address_that_the_last_trusted_proxy_saw(string proxies, string forwarded, string expected)
    {
        await using var server = await StartAsync(proxies);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, forwarded));
        Assert.Equal(expected, Assert.Single(await server.RefusedAsync(1)).Address);
    }

    [Fact]
    public async Task callers_behind_a_trusted_proxy_have_rates_of_their_own()
    {
        await using var server = await StartAsync("127.0.0.1", new RateSettings { AddressPerSecond = 1, AddressBurst = 2 });
        Assert.Contains(
            HttpStatusCode.TooManyRequests, await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(server, "203.0.113.7"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, "203.0.113.8"));
    }

    [Fact]
    public async Task nobody_else_gets_another_rate_by_naming_another_address()
    {
        await using var server = await StartAsync("", new RateSettings { AddressPerSecond = 1, AddressBurst = 2 });
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => StatusAsync(server, $"203.0.113.{number}")));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    private Task<AServer> StartAsync(string proxies, RateSettings? rates = null) =>
        AServer.StartAsync(postgreSql, settings: new ServerSettings
        {
            Proxies = [.. proxies.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(
                one => IPNetwork.Parse(one.Contains('/', StringComparison.Ordinal) ? one : one + "/32"))],
            Rates = rates ?? new RateSettings(),
        });

    private static async Task<HttpStatusCode> StatusAsync(AServer server, string forwarded)
    {
        using var client = server.ClientOf(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, Candidate);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
