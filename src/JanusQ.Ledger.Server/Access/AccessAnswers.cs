using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Access;

/// <summary>What those are answered who are not let in, whatever they showed: no more than that.</summary>
internal static class AccessAnswers
{
    /// <summary>To those who are not known.</summary>
    public static Task ChallengeAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        var refusal = new Refusal("not_authenticated", "Send a valid API key or token: Authorization: Bearer ...");
        return new Problem(refusal).ExecuteAsync(context);
    }

    /// <summary>To those whose role is another one.</summary>
    public static Task ForbidAsync(HttpContext context) =>
        new Problem(new Refusal("not_authorised", "The caller's role does not reach this endpoint.")).ExecuteAsync(context);
}
