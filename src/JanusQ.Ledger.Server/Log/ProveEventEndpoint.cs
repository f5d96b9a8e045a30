using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Log;

/// <summary>That an event is under the last checkpoint: as JSON, or as a C2SP tlog-proof.</summary>
public static class ProveEventEndpoint
{
    private const string Extension = ".tlog-proof";
    private const string PlainText = "text/plain";

    /// <summary>
    /// <c>GET /v1/log/proofs/{sequence}</c>; a tlog-proof with <c>.tlog-proof</c> behind the sequence, or where the caller would rather
    /// have <c>text/plain</c> than JSON (RFC 9110 section 12.5.1).
    /// </summary>
    [WolverineGet("/v1/log/proofs/{sequence}")]
    [Authorize(Policy = AccessPolicies.ReadLog)]
    [GivesDocument("The proof, verified before it is handed out.", Answer = nameof(AnswerSchemas.EventProof))]
    [GivesDocument("The proof as a file.", PlainText, Answer = nameof(AnswerSchemas.TlogProof))]
    [Sends(AnswerHeaders.ByAccept)]
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
        return isFile || WouldRatherHaveText(context.Request)
            ? new LogAnswer(proof.Proof.ToBytes(), LogAnswer.Text, false, sequence: complete)
            : LogAnswer.OfProof(proof, complete);
    }

    private static bool WouldRatherHaveText(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(PlainText, accepted) > QualityOf(LogAnswer.Json, accepted);
    }

    // The range that says the most about a media type is the one that counts.
    private static double QualityOf(string mediaType, IList<MediaTypeHeaderValue> accepted) => accepted
        .Where(range => range.MatchesMediaType(mediaType))
        .OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes).ThenByDescending(range => range.Quality ?? 1)
        .Select(range => range.Quality ?? 1).FirstOrDefault();
}
