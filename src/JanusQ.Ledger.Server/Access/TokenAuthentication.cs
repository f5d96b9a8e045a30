using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// Authenticates by a token of the issuer: signed by one of its published keys with an asymmetric algorithm, for this audience, not
/// expired, with a name and exactly one role that is known. While the issuer's keys are not to be had no token is judged:
/// <c>issuer_unavailable</c>.
/// </summary>
internal static class TokenAuthentication
{
    private const string Bearer = "Bearer ";
    private const int LongestName = 200;
    private const int LargestToken = 8 * 1024;

    // What signs with a secret that both sides know is not there, nor is none.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Sets what is demanded of tokens.</summary>
    public static void Configure(JwtBearerOptions options, TokenSettings settings)
    {
        options.Authority = settings.Issuer;
        options.RequireHttpsMetadata = !TokenSettings.IsHere(new Uri(settings.Issuer));
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.BackchannelTimeout = TimeSpan.FromSeconds(5);
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer,
            ValidateIssuer = true,
            ValidAudience = settings.Audience,
            ValidateAudience = true,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = settings.ClockSkew,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = async context =>
            {
                var header = context.Request.Headers.Authorization.ToString();
                if (header.Length > LargestToken) context.Fail("The token is too long to be one.");
                else if (IsToken(header) && await UnavailableForAsync(context).ConfigureAwait(false) is { } wait)
                    context.Fail(new IssuerUnavailableException(wait));
            },
            OnTokenValidated = context =>
            {
                if (HasCriticalHeader(context.SecurityToken)) context.Fail(new CriticalHeaderException());
                else if (PrincipalOf(context.Principal, context.SecurityToken, settings) is { } principal) context.Principal = principal;
                else context.Fail(new NoRoleException());
                var (clock, until) =
                    (context.HttpContext.RequestServices.GetRequiredService<TimeProvider>(), context.SecurityToken.ValidTo);
                context.HttpContext.LetInBy(_ => Task.FromResult(clock.GetUtcNow().UtcDateTime < until + settings.ClockSkew));
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = context =>
            {
                // Where the token is fine and its role is not, validation itself has not failed: that is noted in the challenge.
                context.HttpContext.Note(new CredentialNote(CodeOf(context.Exception)));
                return Task.CompletedTask;
            },
            OnChallenge = context =>
            {
                context.HandleResponse();
                if (context.AuthenticateFailure is IssuerUnavailableException unavailable)
                    return AccessAnswers.UnavailableAsync(context.HttpContext, unavailable.Wait);
                if (context.AuthenticateFailure is { } failure) context.HttpContext.Note(new CredentialNote(CodeOf(failure)));
                return AccessAnswers.ChallengeAsync(context.HttpContext);
            },
            OnForbidden = context => AccessAnswers.ForbidAsync(context.HttpContext),
        };
    }

    // What is no token at all is refused without the issuer.
    private static bool IsToken(string header) =>
        header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && new JsonWebTokenHandler().CanReadToken(header[Bearer.Length..].Trim());

    private static Task<TimeSpan?> UnavailableForAsync(MessageReceivedContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<IssuerKeys>()
            .UnavailableForAsync(context.Options.ConfigurationManager!, context.HttpContext.RequestAborted);

    // RFC 7515 section 4.1.11: who does not understand every extension named there refuses the token, and none is understood here.
    private static bool HasCriticalHeader(SecurityToken token) =>
        token is not JsonWebToken json || json.TryGetHeaderValue<object>("crit", out _);

    // Only name and role go on: whatever else a token says is nobody's business here.
    private static ClaimsPrincipal? PrincipalOf(ClaimsPrincipal? claims, SecurityToken token, TokenSettings settings)
    {
        var names = claims?.FindAll(settings.NameClaim).Select(claim => claim.Value).ToArray() ?? [];
        if (names is not [{ Length: >= 1 and <= LongestName } name] || name.Any(static c => c is ' ' || char.IsControl(c))) return null;
        var values = settings.RolePath is { } path
            ? NestedIn(token, path)
            : claims!.FindAll(settings.RoleClaim).Select(claim => claim.Value);
        var roles = values.Select(settings.Roles.GetValueOrDefault).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        if (roles is not [var role]) return null;
        return new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role)],
            JwtBearerDefaults.AuthenticationScheme,
            ClaimTypes.Name,
            ClaimTypes.Role));
    }

    private static IReadOnlyList<string> NestedIn(SecurityToken token, ClaimPath path) =>
        token is JsonWebToken { EncodedPayload: var payload } ? path.Find(Base64UrlEncoder.DecodeBytes(payload)) : [];

    private static string CodeOf(Exception failure) => failure switch
    {
        NoRoleException => "token_without_role",
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => "token_expired",
        SecurityTokenInvalidAudienceException => "token_for_others",
        SecurityTokenInvalidIssuerException => "token_of_others",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            "token_forged",
        _ => "token_invalid",
    };

    private sealed class IssuerUnavailableException(TimeSpan wait) : Exception("The issuer's keys are not to be had.")
    {
        public TimeSpan Wait { get; } = wait;
    }

    private sealed class CriticalHeaderException() : Exception("The token names extensions that must be understood, and are not.");

    private sealed class NoRoleException() : Exception("The token names nobody, or not exactly one known role.");
}
