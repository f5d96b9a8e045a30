using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>The current state of one candidate.</summary>
public static class ShowCandidateEndpoint
{
    /// <summary><c>GET /v1/candidates/{candidateId}</c>.</summary>
    [WolverineGet("/v1/candidates/{candidateId}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [GivesDocument("The candidate's state.")]
    [Refuses("unknown_candidate")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerQueries queries)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(queries);
        return await queries.CandidateAsync(candidateId, context.RequestAborted).ConfigureAwait(false) is { } candidate
            ? Answers.Of(CandidateDocument.Of(candidate))
            : new Problem(CommandRefusals.UnknownCandidate(candidateId));
    }
}
