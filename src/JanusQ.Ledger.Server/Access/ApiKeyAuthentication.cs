using System.Security.Claims;
using System.Text.Encodings.Web;
using JanusQ.Ledger.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Authenticates by API key: <c>Authorization: Bearer jq_...</c>. Only the key's hash is ever compared or stored.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyHolders holders)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";
    private const int LongestKey = 200;

    /// <summary>
    /// Whether nobody is asked who it is: whoever may come in unknown must be let in also when no key can be looked up and no issuer
    /// answers, for that is when it is asked whether the server is well.
    /// </summary>
    public static bool AsksNobody(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>The key that a header shows; none where it shows something else. The scheme is of any case (RFC 9110, 11.1).</summary>
    public static string? KeyIn(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return null;
        var key = header[Bearer.Length..].TrimStart(' ');
        return key.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal) ? key : null;
    }

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (AsksNobody(Context)) return AuthenticateResult.NoResult();
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return AuthenticateResult.NoResult();
        if (KeyIn(header) is not { } key) return Refuse(new CredentialNote("credentials_unknown"));
        if (key.Length > LongestKey) return Refuse(new CredentialNote("key_unknown"));
        var hash = ApiKeyText.HashOf(key);
        var takesKnown = Context.GetEndpoint()?.Metadata.GetMetadata<TakesKnownKeys>() is not null;
        var finding = takesKnown
            ? TakesKnownKeys.FindAsync(holders, hash, Context.RequestAborted)
            : holders.FindAsync(hash, Context.RequestAborted);
        var holder = await finding.ConfigureAwait(false);
        if (holder is null) return Refuse(new CredentialNote("key_unknown"));
        if (holder.Refused is { } refused) return Refuse(new CredentialNote(refused, holder.Name));
        Context.NoteKey(ApiKeyText.IdOf(hash));
        Context.LetInBy(async cancellation => await holders.FindAsync(hash, cancellation).ConfigureAwait(false) == holder);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, holder.Name), new Claim(ClaimTypes.Role, holder.Role)], SchemeName, ClaimTypes.Name,
            ClaimTypes.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AccessAnswers.ChallengeAsync(Context);

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => AccessAnswers.ForbidAsync(Context);

    private AuthenticateResult Refuse(CredentialNote note)
    {
        Context.Note(note);
        return AuthenticateResult.Fail("The key is unknown, expired or revoked.");
    }
}
