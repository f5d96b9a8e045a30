using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Log;

/// <summary>That an event is under the last checkpoint: as JSON, or as a C2SP tlog-proof.</summary>
public static class ProveEventEndpoint
{
    private const string Extension = ".tlog-proof";
    private const string PlainText = "text/plain";

    /// <summary>
    /// <c>GET /v1/log/proofs/{sequence}</c>; a tlog-proof with <c>.tlog-proof</c> behind the sequence, or where the caller takes
    /// <c>text/plain</c> and no JSON.
    /// </summary>
    [WolverineGet("/v1/log/proofs/{sequence}")]
    [Authorize(Policy = AccessPolicies.ReadLog)]
    [GivesDocument("The proof, verified before it is handed out.")]
    [Refuses(LogRefusals.UnknownEvent, LogRefusals.NotSignedYet)]
    public static async Task<IResult> Handle(string sequence, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var isFile = sequence.EndsWith(Extension, StringComparison.Ordinal);
        var number = QueryParameters.Number("sequence", isFile ? sequence[..^Extension.Length] : sequence, 1, long.MaxValue);
        var reader = ledger.Log.Reader;
        var proof = await reader.ProveAsync(number, context.RequestAborted).ConfigureAwait(false);
        var size = proof.Proof.Checkpoint.Checkpoint.Size;
        var complete = await reader.LastSequenceOfAsync(size, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.Vary = "Accept";
        return isFile || TakesOnlyText(context.Request)
            ? new LogAnswer(proof.Proof.ToBytes(), LogAnswer.Text, false, sequence: complete)
            : new QueryAnswer(proof.ToJson(), complete);
    }

    private static bool TakesOnlyText(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(one => one.MediaType.Equals(PlainText, StringComparison.OrdinalIgnoreCase))
            && !accepted.Any(one => one.MatchesMediaType("application/json"));
    }
}
