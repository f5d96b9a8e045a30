using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Log;

/// <summary>That an event, named by its id, is under the last checkpoint.</summary>
public static class ProveEventByIdEndpoint
{
    /// <summary><c>GET /v1/log/events/{eventId}/proof</c>.</summary>
    [WolverineGet("/v1/log/events/{eventId}/proof")]
    [Authorize(Policy = AccessPolicies.ReadLog)]
    [GivesDocument("The proof, verified before it is handed out.", Answer = nameof(AnswerSchemas.EventProof))]
    [Refuses(LogRefusals.UnknownEvent, LogRefusals.NotSignedYet)]
    public static async Task<IResult> Handle(string eventId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        if (!Guid.TryParseExact(eventId, "D", out var id)) throw RequestBody.Invalid("eventId", "the id of an event, a UUID");
        var reader = ledger.Log.Reader;
        var proof = await reader.ProveAsync(id, context.RequestAborted).ConfigureAwait(false);
        var size = proof.Proof.Checkpoint.Checkpoint.Size;
        return LogAnswer.OfProof(proof, await reader.LastSequenceOfAsync(size, context.RequestAborted).ConfigureAwait(false));
    }
}
