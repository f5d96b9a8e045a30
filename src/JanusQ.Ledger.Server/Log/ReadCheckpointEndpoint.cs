using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Log;

/// <summary>
/// The checkpoint of the transparency log that was signed last (C2SP tlog-checkpoint), with the cosignatures that are kept of it.
/// </summary>
public static class ReadCheckpointEndpoint
{
    /// <summary><c>GET /checkpoint</c>.</summary>
    [WolverineGet("/checkpoint")]
    [Authorize(Policy = AccessPolicies.ReadLog)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The signed checkpoint.", "text/plain", Answer = nameof(AnswerSchemas.Checkpoint))]
    [Sends(AnswerHeaders.Sequence, AnswerHeaders.CheckAgain)]
    [Refuses(LogRefusals.NotSignedYet)]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var reader = ledger.Log.Reader;
        if (await reader.LatestCheckpointAsync(context.RequestAborted).ConfigureAwait(false) is not { } latest)
            return new Problem(new Refusal(LogRefusals.NotSignedYet, "No checkpoint is signed yet."));
        var bytes = latest.Signed.ToBytes();
        var sequence = await reader.LastSequenceOfAsync(latest.Size, context.RequestAborted).ConfigureAwait(false);
        return new LogAnswer(bytes, LogAnswer.Text, false, EntityTag.Of(Sha256Hash.Of(bytes).ToString()), sequence);
    }
}
