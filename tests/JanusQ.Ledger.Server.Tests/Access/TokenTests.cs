using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JanusQ.Ledger.Server.Tests.Access;

/// <summary>Tokens of an issuer that is asked for its keys over a socket.</summary>
public sealed class TokenTests(PostgreSqlFixture postgreSql)
{
    private const string Candidate = "/v1/candidates/cand-0123456789ab";
    private const string Evaluations = Candidate + "/evaluations";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_token_is_taken_for_what_its_role_reaches_and_a_key_beside_it()
    {
        await using var issuer = await AnIssuer.StartAsync();
        await using var server = await ServerOf(issuer);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Get, Candidate, issuer.Token()));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusAsync(server, HttpMethod.Post, Evaluations, issuer.Token()));
        var reader = issuer.Token(token => token.Claims["groups"] = "readers");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Get, Candidate, reader));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, HttpMethod.Post, Evaluations, reader));
        using var byKey = server.ClientOf("worker");
        using var answer = await byKey.GetAsync(Candidate, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(
            [("media_type_unsupported", "lane-7", "worker", null), ("not_authorised", "lane-7", "auditor", (string?)null)],
            (await server.RefusedAsync(2)).Select(one => (one.Code, one.Actor, one.Role, one.KeyName)));
    }

    [Fact]
    public async Task every_other_token_is_refused_and_the_security_log_says_why()
    {
        await using var issuer = await AnIssuer.StartAsync();
        await using var server = await ServerOf(issuer);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var published = Encoding.UTF8.GetBytes("the text of a public key that everybody knows and uses as secret");
        var good = issuer.Token().Split('.');
        var another = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(good[1]).Replace("lane-7", "lane-8", StringComparison.Ordinal));
        (string Token, string Code)[] refused =
        [
            (issuer.Token(token => token.Expires = DateTime.UtcNow.AddMinutes(-2)), "token_expired"),
            (issuer.Token(token => token.Expires = null), "token_expired"),
            (issuer.Token(token => token.SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(otherKey) { KeyId = "one" }, SecurityAlgorithms.EcdsaSha256)), "token_forged"),
            (issuer.Token(token => token.SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(rsa) { KeyId = "two" }, SecurityAlgorithms.RsaSha256)), "token_forged"),
            (issuer.Token(token => token.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(published) { KeyId = "one" }, SecurityAlgorithms.HmacSha256)), "token_forged"),
            (issuer.Token(token => token.SigningCredentials = null), "token_forged"),
            ($"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{good[1]}.", "token_forged"),
            ($"{good[0]}.{another}.{good[2]}", "token_forged"),
            (issuer.Token(token => token.Audience = "another"), "token_for_others"),
            (issuer.Token(token => token.Audience = null), "token_for_others"),
            (issuer.Token(token => token.Issuer = "https://elsewhere.example"), "token_of_others"),
            (issuer.Token(token => token.Claims["groups"] = "everybody"), "token_without_role"),
            (issuer.Token(token => token.Claims.Remove("groups")), "token_without_role"),
            (issuer.Token(token => token.Claims["groups"] = new[] { "lane-workers", "readers" }), "token_without_role"),
            (issuer.Token(token => token.Claims["groups"] = "worker"), "token_without_role"),
            (issuer.Token(token => token.Claims.Remove("sub")), "token_without_role"),
            (issuer.Token(token => token.Claims["sub"] = "a\nb"), "token_without_role"),
            (issuer.Token(token => token.AdditionalHeaderClaims = Header("crit", new[] { "exp2" })), "token_invalid"),
            (issuer.Token(token => token.AdditionalHeaderClaims = Header("crit", Array.Empty<string>())), "token_invalid"),
            (issuer.Token(token => token.NotBefore = DateTime.UtcNow.AddMinutes(5)), "token_invalid"),
            ("abc", "token_invalid"),
            (new string('a', 9000), "token_invalid"),
        ];
        foreach (var (token, _) in refused)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, HttpMethod.Get, Candidate, token));
        var entries = await server.RefusedAsync(refused.Length);
        Assert.Equal(refused.Select(one => one.Code), entries.Select(one => one.Code));
        Assert.All(entries, one => Assert.Equal((401, null, "127.0.0.1"), (one.Status, one.Actor, one.Address)));
        Assert.Equal(0, await server.EventsAsync());
    }

    [Theory]
    [InlineData("/realm_access/roles", """{"roles":["everybody","lane-workers"]}""", true)]
    [InlineData("/realm_access/roles", """{"roles":"lane-workers"}""", true)]
    [InlineData("/realm_access/roles", """{"roles":["lane-workers","readers"]}""", false)]
    [InlineData("/realm_access/roles", """{"roles":["lane-workers",["readers"]]}""", false)]
    [InlineData("/realm_access/roles", """{"roles":{"lane-workers":true}}""", false)]
    [InlineData("/realm_access/roles", """["lane-workers"]""", false)]
    [InlineData("/realm_access/roles", """{"more":{"roles":["lane-workers"]}}""", false)]
    [InlineData("/realm_access/my~1ledger~0/roles", """{"my/ledger~":{"roles":["lane-workers"]}}""", true)]
    [InlineData("/realm_access", """{"roles":["lane-workers"]}""", false)]
    [InlineData("/groups", "{}", true)]
    public async Task roles_are_taken_from_where_the_issuer_nests_them_and_from_nowhere_else(string path, string nested, bool isTaken)
    {
        await using var issuer = await AnIssuer.StartAsync();
        Assert.True(ClaimPath.TryParse(path, out var rolePath));
        await using var server = await ServerOf(issuer, rolePath);
        var token = issuer.Token(one => one.Claims["realm_access"] = JsonDocument.Parse(nested).RootElement);
        Assert.Equal(
            isTaken ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.Unauthorized,
            await StatusAsync(server, HttpMethod.Post, Evaluations, token));
        if (!isTaken) Assert.Equal("token_without_role", Assert.Single(await server.RefusedAsync(1)).Code);
    }

    [Fact]
    public async Task while_the_issuer_does_not_answer_tokens_wait_once_and_together_and_keys_not_at_all()
    {
        await using var issuer = await AnIssuer.StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await ServerOf($"http://{silent.LocalEndpoint}");
        var begun = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 5).Select(_ => ProblemOfUnavailableAsync(server, issuer.Token())).ToArray();
        using var byKey = server.ClientOf("worker");
        using var answer = await byKey.GetAsync(Candidate, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        await Task.WhenAll(waiting);
        Assert.InRange(begun.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));

        // That it did not answer is remembered for a while.
        begun.Restart();
        await ProblemOfUnavailableAsync(server, issuer.Token());
        Assert.InRange(begun.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, HttpMethod.Get, Candidate, "abc"));
        Assert.Equal("token_invalid", Assert.Single(await server.RefusedAsync(1)).Code);
    }

    [Fact]
    public async Task an_issuer_that_answers_again_is_believed_again()
    {
        var gone = await AnIssuer.StartAsync();
        var (address, token) = (gone.Issuer, gone.Token());
        await gone.DisposeAsync();
        await using var server = await ServerOf(address);
        var wait = await ProblemOfUnavailableAsync(server, token);
        using var byKey = server.ClientOf("worker");
        using var answer = await byKey.GetAsync(Candidate, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await using (var back = await AnIssuer.StartAsync(address))
        {
            token = back.Token();
            await Task.Delay(wait, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Get, Candidate, token));
        }

        // Whose keys are known is believed without being asked.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Get, Candidate, token));
    }

    private static Dictionary<string, object> Header(string name, object value) => new(StringComparer.Ordinal) { [name] = value };

    /// <summary>Asks with a token of an issuer that does not answer; the answer says when to ask again.</summary>
    private static async Task<TimeSpan> ProblemOfUnavailableAsync(AServer server, string token)
    {
        using var client = server.ClientOf(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(Candidate, Cancellation);
        await AClient.ProblemAsync(HttpStatusCode.ServiceUnavailable, "issuer_unavailable", answer);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        return answer.Headers.RetryAfter.Delta.Value;
    }

    private Task<AServer> ServerOf(AnIssuer issuer, ClaimPath? rolePath = null) => ServerOf(issuer.Issuer, rolePath);

    private Task<AServer> ServerOf(string issuer, ClaimPath? rolePath = null) =>
        AServer.StartAsync(postgreSql, settings: new ServerSettings
        {
            Tokens = new TokenSettings
            {
                Issuer = issuer,
                Audience = "ledger",
                RoleClaim = "groups",
                RolePath = rolePath,
                Roles = new Dictionary<string, string> { ["lane-workers"] = "worker", ["readers"] = "auditor" },
            },
        });

    private static async Task<HttpStatusCode> StatusAsync(AServer server, HttpMethod method, string path, string token)
    {
        using var client = server.ClientOf(null);
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
