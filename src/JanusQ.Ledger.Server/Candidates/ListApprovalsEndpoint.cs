using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>All approvals of a candidate, used, revoked and expired ones too.</summary>
public static class ListApprovalsEndpoint
{
    /// <summary><c>GET /v1/candidates/{candidateId}/approvals</c>. Has no entity tag: an approval expires without an event.</summary>
    [WolverineGet("/v1/candidates/{candidateId}/approvals")]
    [Authorize(Policy = AccessPolicies.Read)]
    [GivesDocument("The candidate's approvals, each with its status as it is now.", Answer = nameof(AnswerSchemas.ApprovalList))]
    [Refuses("unknown_candidate")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var read = await ledger.Snapshots.CandidateAsync(candidateId, cancellation: context.RequestAborted).ConfigureAwait(false);
        return read.Value is { } candidate
            ? new QueryAnswer(ApprovalDocument.Of(candidate, Instant.Of(ledger.Clock.GetUtcNow())), read.Sequence)
            : new Problem(CommandRefusals.UnknownCandidate(candidateId));
    }
}
