using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JanusQ.Ledger.Server.Tests.Access;

/// <summary>An OpenID Connect issuer on a socket: its discovery document, its keys, and tokens that it signs.</summary>
internal sealed class AnIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _address = "";

    private AnIssuer(WebApplication app) => _app = app;

    public string Issuer => _address;

    public SecurityKey Key => new ECDsaSecurityKey(_key) { KeyId = "one" };

    /// <summary>Starts one.</summary>
    /// <param name="address">Where, if not anywhere.</param>
    public static async Task<AnIssuer> StartAsync(string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var issuer = new AnIssuer(builder.Build());
        issuer._app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, string>
        {
            ["issuer"] = issuer.Issuer,
            ["jwks_uri"] = $"{issuer.Issuer}/keys",
        }));
        issuer._app.MapGet("/keys", () => Results.Text(issuer.KeySet(), "application/json"));
        await issuer._app.StartAsync();
        issuer._address = issuer._app.Urls.Single();
        return issuer;
    }

    /// <summary>A good token of a worker, unless it is changed.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "ledger",
            IssuedAt = DateTime.UtcNow.AddMinutes(-10),
            NotBefore = DateTime.UtcNow.AddMinutes(-10),
            Expires = DateTime.UtcNow.AddMinutes(10),
            Claims = new Dictionary<string, object> { ["sub"] = "lane-7", ["groups"] = new[] { "lane-workers", "everybody" } },
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string KeySet()
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
            new ECDsaSecurityKey(ECDsa.Create(_key.ExportParameters(false))) { KeyId = "one" });
        return $$"""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","kid":"one","crv":"{{key.Crv}}","x":"{{key.X}}","y":"{{key.Y}}"}]}""";
    }
}
