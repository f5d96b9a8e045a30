using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Policies;

/// <summary>The policies of one name.</summary>
public static class ShowPolicyEndpoint
{
    /// <summary><c>GET /v1/policies/{name}</c>.</summary>
    [WolverineGet("/v1/policies/{name}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The versions of the name, and the one that is active.", Answer = nameof(AnswerSchemas.PolicyBookNow))]
    [Refuses("unknown_policy")]
    public static async Task<IResult> Handle(string name, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var read = await ledger.Snapshots.PolicyAsync(name, context.RequestAborted).ConfigureAwait(false);
        return read.Value is { } book
            ? new QueryAnswer(PolicyBookDocument.Of(book), read.Sequence, book.StreamVersion)
            : new Problem(CommandRefusals.UnknownPolicy(name));
    }
}
