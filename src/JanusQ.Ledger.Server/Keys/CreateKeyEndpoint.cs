using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Keys;

/// <summary>
/// Makes an API key, which is in the answer and nowhere else: kept is its hash. Every request makes one. What a key is:
/// <see cref="Ledger.Access.ApiKeys"/>.
/// </summary>
public static class CreateKeyEndpoint
{
    /// <summary><c>POST /v1/keys</c>.</summary>
    [WolverinePost("/v1/keys")]
    [Authorize(Policy = AccessPolicies.Administer)]
    [Takes<CreateKeyRequest>]
    [Gives<CreatedKeyResponse>]
    [Refuses("command_invalid")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<CreateKeyRequest>(context).ConfigureAwait(false);
        var (text, key) = await ledger.Keys.CreateAsync(
            request.Name, request.Role, Duration(request.ExpiresInSeconds), context.Submitter().Actor, context.RequestAborted)
            .ConfigureAwait(false);
        return KeyAnswers.Of(
            new CreatedKeyResponse { Key = text, About = KeyAnswers.DocumentOf(key, ledger.Clock.GetUtcNow()) }, context);
    }

    private static TimeSpan? Duration(long? seconds) => seconds switch
    {
        null => null,
        >= 1 and <= CreateKeyRequest.LongestSeconds => TimeSpan.FromSeconds(seconds.Value),
        _ => throw RequestBody.Invalid("expires_in_seconds", $"1 to {CreateKeyRequest.LongestSeconds}"),
    };
}
