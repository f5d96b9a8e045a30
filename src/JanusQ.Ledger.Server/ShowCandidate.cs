using JanusQ.Ledger.Candidates;

namespace JanusQ.Ledger.Server;

/// <summary><c>GET /candidates/{candidateId}</c>: the current state of one candidate; 404 where there is none.</summary>
internal static class ShowCandidate
{
    public static async Task<IResult> HandleAsync(LedgerQueries queries, string candidateId, CancellationToken cancellation) =>
        await queries.CandidateAsync(candidateId, cancellation) is { } candidate
            ? new JsonResult(CandidateDocument.Of(candidate))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no candidate '{candidateId}'.");
}
