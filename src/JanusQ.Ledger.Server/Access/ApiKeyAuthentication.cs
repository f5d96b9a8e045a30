using System.Security.Claims;
using System.Text.Encodings.Web;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Authenticates by API key: <c>Authorization: Bearer jq_...</c>. Only the key's hash is ever compared or stored.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyHolders holders)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "ApiKey";

    /// <summary>What every key begins with.</summary>
    public const string KeyPrefix = "jq_";

    private const string Bearer = "Bearer ";
    private const int LongestKey = 200;

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer + KeyPrefix, StringComparison.Ordinal)) return AuthenticateResult.NoResult();
        if (header.Length > Bearer.Length + LongestKey) return AuthenticateResult.Fail("The key is too long to be one.");
        var hash = Sha256Hash.OfText(header[Bearer.Length..]);
        var holder = await holders.FindAsync(hash, Context.RequestAborted).ConfigureAwait(false);
        if (holder is null) return AuthenticateResult.Fail("The key is unknown, expired or revoked.");
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, holder.Name), new Claim(ClaimTypes.Role, holder.Role)], SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return new Problem(new Refusal("not_authenticated", "Send a valid API key or token: Authorization: Bearer ...")).ExecuteAsync(Context);
    }

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Problem(new Refusal("not_authorised", "The caller's role does not reach this endpoint.")).ExecuteAsync(Context);
}
