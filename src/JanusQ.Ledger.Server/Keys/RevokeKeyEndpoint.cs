using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Keys;

/// <summary>
/// Takes an API key back for good. That of the request itself is taken back as well; the answer says so, and how many keys of the role
/// admin are left.
/// </summary>
public static class RevokeKeyEndpoint
{
    /// <summary><c>POST /v1/keys/{keyId}/revoke</c>.</summary>
    [WolverinePost("/v1/keys/{keyId}/revoke")]
    [Authorize(Policy = AccessPolicies.Administer)]
    [Gives<RevokedKeyResponse>]
    [Refuses("unknown_key")]
    public static async Task<IResult> Handle(string keyId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var (key, now) = await ledger.Keys.RevokeAsync(keyId, context.RequestAborted).ConfigureAwait(false);
        var document = new RevokedKeyResponse
        {
            Outcome = now ? RevokedKeyResponse.Revoked : RevokedKeyResponse.Unchanged,
            OwnKey = string.Equals(context.KeyNote(), key.KeyId, StringComparison.Ordinal),
            AdminKeysLeft = await ledger.Keys.CountValidAsync(Roles.Admin, context.RequestAborted).ConfigureAwait(false),
            About = KeyAnswers.DocumentOf(key, ledger.Clock.GetUtcNow()),
        };
        return KeyAnswers.Of(document, context);
    }
}
