using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Approvals;

/// <summary>Takes back an approval that was not used. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class RevokeApprovalEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/approvals/{approvalId}/revoke</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/approvals/{approvalId}/revoke")]
    [Authorize(Policy = AccessPolicies.Approve)]
    [Takes<ReasonRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "unknown_candidate", "unknown_approval", "approval_used", "version_required", "version_changed")]
    public static async Task<IResult> Handle(string candidateId, string approvalId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ReasonRequest>(context).ConfigureAwait(false);
        var command = new RevokeApproval
        {
            CandidateId = candidateId,
            ApprovalId = approvalId,
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
