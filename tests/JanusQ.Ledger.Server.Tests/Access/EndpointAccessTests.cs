using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.Access;

/// <summary>Every endpoint that the application has, whoever added it, against every role.</summary>
public sealed partial class EndpointAccessTests(PostgreSqlFixture postgreSql)
{
    /// <summary>
    /// Routes that anybody may reach: of the server's health, of the description of the API, and of the log where it is public.
    /// </summary>
    private static readonly string[] Public = ["/health/", "/openapi/", "/scalar", "/checkpoint", "/tile/"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task no_endpoint_is_without_a_policy()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var endpoints = EndpointsOf(server);
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                Assert.True(IsPublic(endpoint), $"{endpoint.DisplayName} is public.");
            else Assert.Single(PoliciesOf(endpoint));
        }
    }

    [Fact]
    public async Task every_role_reaches_what_its_policies_say_and_nothing_else()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var refused = 0;
        foreach (var endpoint in EndpointsOf(server).Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var allowed = AccessPolicies.RolesOf[Assert.Single(PoliciesOf(endpoint))];
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get])
            {
                foreach (var role in Roles.All.Append(null))
                {
                    var (status, code) = await AskAsync(server, role, new HttpMethod(method), PathOf(endpoint));
                    var because = $"{method} {endpoint.RoutePattern.RawText} as {role ?? "nobody"}: {status} {code}";
                    if (role is null) Assert.True((status, code) is (HttpStatusCode.Unauthorized, "not_authenticated"), because);
                    else if (!allowed.Contains(role)) Assert.True((status, code) is (HttpStatusCode.Forbidden, "not_authorised"), because);
                    else
                        Assert.True(
                            status is not HttpStatusCode.Unauthorized && code is not "not_authorised" && (int)status < 500, because);
                    if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest) refused++;
                }
            }
        }

        Assert.True((await server.RefusedAsync(refused)).Count >= refused);
        Assert.Equal(0, await server.EventsAsync());
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "not_found")]
    [InlineData("PATCH", "/v1/candidates/cand-0123456789ab", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task where_nothing_is_that_is_said_to_everybody(string method, string path, HttpStatusCode expected, string code)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        foreach (var role in new[] { null, "worker", "admin" })
            Assert.Equal((expected, code), await AskAsync(server, role, new HttpMethod(method), path));
    }

    private static RouteEndpoint[] EndpointsOf(AServer server) =>
        [.. server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()];

    private static bool IsPublic(RouteEndpoint endpoint) =>
        Public.Any(start => ("/" + endpoint.RoutePattern.RawText!.TrimStart('/')).StartsWith(start, StringComparison.Ordinal));

    private static string[] PoliciesOf(RouteEndpoint endpoint)
    {
        var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(one => one.Policy).ToArray();
        Assert.All(
            policies,
            policy => Assert.True(policy is not null && AccessPolicies.RolesOf.ContainsKey(policy), $"{endpoint.DisplayName}: {policy}"));
        return policies!;
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + Parameter().Replace(
        endpoint.RoutePattern.RawText!.TrimStart('/'), match => match.Groups[1].Value switch
        {
            "candidateId" => "cand-0123456789ab",
            "target" => "paper",
            "sequence" => "1",
            _ => new string('a', 24),
        });

    private static async Task<(HttpStatusCode Status, string? Code)> AskAsync(AServer server, string? role, HttpMethod method, string path)
    {
        using var client = server.ClientOf(role);
        using var request = new HttpRequestMessage(method, path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return (answer.StatusCode, isProblem ? (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["code"] : null);
    }

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
