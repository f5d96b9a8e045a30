using System.Globalization;
using System.Security.Claims;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;

namespace JanusQ.Ledger.Server.Access;

/// <summary>What those are answered who are not let in.</summary>
internal static class AccessAnswers
{
    /// <summary>To those who are not known: no more than that, whatever they showed.</summary>
    public static Task ChallengeAsync(HttpContext context) =>
        new Problem(new Refusal("not_authenticated", "Send a valid API key or token: Authorization: Bearer ..."))
            .ExecuteAsync(context);

    /// <summary>To those with a token that cannot be judged now: neither that it is good nor that it is not.</summary>
    public static Task UnavailableAsync(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var refusal = new Refusal(
            "issuer_unavailable", "The issuer of the token does not answer; send the same again after the time that Retry-After says.");
        return new Problem(refusal.With("retry_after_seconds", seconds)).ExecuteAsync(context);
    }

    /// <summary>To those whose role is another one: which they have and which is needed, as the ledger's own commands say it.</summary>
    public static Task ForbidAsync(HttpContext context) => new Problem(RefusalOf(context)).ExecuteAsync(context);

    private static Refusal RefusalOf(HttpContext context)
    {
        var (name, role) = (context.User.Identity?.Name, context.User.FindFirstValue(ClaimTypes.Role));
        return name is not null && role is not null && RolesFor(context.GetEndpoint()) is { } needed
            ? Roles.Refuse(name, role, needed)
            : new Refusal("not_authorised", "The caller's role does not reach this endpoint.");
    }

    private static string[]? RolesFor(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } policy ? AccessPolicies.RolesOf.GetValueOrDefault(policy) : null;
}
