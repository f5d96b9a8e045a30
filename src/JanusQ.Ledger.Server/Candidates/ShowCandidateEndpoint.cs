using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>The state of one candidate, now or as of a point in its past.</summary>
public static class ShowCandidateEndpoint
{
    /// <summary><c>GET /v1/candidates/{candidateId}</c>.</summary>
    [WolverineGet("/v1/candidates/{candidateId}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery(QueryParameters.Version, "As of this version: after so many of its events.", QueryForms.Count)]
    [TakesQuery(QueryParameters.At, QueryForms.AtText, Forms.Instant)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The candidate's state.", Answer = nameof(AnswerSchemas.Candidate))]
    [Refuses("unknown_candidate", "unknown_version")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var (version, at) = QueryParameters.Of(context).Past();
        var read = await ledger.Snapshots.CandidateAsync(candidateId, version, at, context.RequestAborted).ConfigureAwait(false);
        return read.Value is { } candidate
            ? new QueryAnswer(CandidateDocument.Of(candidate), read.Sequence, candidate.StreamVersion)
            : new Problem(
                await CandidateRefusals.NotFoundAsync(ledger, candidateId, version, at, context.RequestAborted).ConfigureAwait(false));
    }
}
