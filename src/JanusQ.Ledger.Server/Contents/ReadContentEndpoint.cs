using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Contents;

/// <summary>The bytes of a stored document, by their hash: an artifact, a policy, evidence.</summary>
public static class ReadContentEndpoint
{
    /// <summary><c>GET /v1/contents/{sha256}</c>. What it answers never changes, so it says no sequence.</summary>
    [WolverineGet("/v1/contents/{sha256}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The bytes, exactly as they were stored.", "application/octet-stream")]
    [Sends(AnswerHeaders.NeverChanges, AnswerHeaders.FileName)]
    [Refuses("unknown_artifact")]
    public static IResult Handle(string sha256, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        return new ContentAnswer(ledger.Content, RequestBody.Hash("sha256", sha256));
    }
}
