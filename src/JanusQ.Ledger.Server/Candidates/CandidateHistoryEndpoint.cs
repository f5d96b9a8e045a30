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

/// <summary>Everything that happened to one candidate, with who and when.</summary>
public static class CandidateHistoryEndpoint
{
    /// <summary><c>GET /v1/candidates/{candidateId}/history</c>.</summary>
    [WolverineGet("/v1/candidates/{candidateId}/history")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery(QueryParameters.Version, "Up to this version: so many of its events.", QueryForms.Count)]
    [TakesQuery(QueryParameters.At, QueryForms.AtText, Forms.Instant)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The candidate's events in order, each with its data.", Answer = nameof(AnswerSchemas.CandidateHistory))]
    [Refuses("unknown_candidate", "unknown_version")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var (version, at) = QueryParameters.Of(context).Past();
        var read = await ledger.Snapshots.HistoryAsync(candidateId, context.RequestAborted).ConfigureAwait(false);
        RecordedEvent[] events =
        [
            .. read.Value.TakeWhile(
                recorded => (version is null || recorded.Version <= version) && (at is null || recorded.Happened.At <= at)),
        ];
        return events.Length > 0 && (version is null || events.Length == version)
            ? new QueryAnswer(CandidateDocument.History(candidateId, events), read.Sequence, events[^1].Version)
            : new Problem(
                await CandidateRefusals.NotFoundAsync(ledger, candidateId, version, at, context.RequestAborted).ConfigureAwait(false));
    }
}
