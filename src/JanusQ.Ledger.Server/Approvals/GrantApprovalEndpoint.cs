using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Approvals;

/// <summary>Agrees to one promotion. Validation and rule: <see cref="Core.Candidates.CandidateDecider"/>.</summary>
public static class GrantApprovalEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/approvals</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/approvals")]
    [Authorize(Policy = AccessPolicies.Approve)]
    [Takes<ApprovePromotionRequest>]
    [Gives<RecordingResponse>]
    [Refuses(
        "command_invalid", "unknown_candidate", "unknown_evaluation", "evaluation_failed", "evaluation_not_completed",
        "approval_not_independent", "approval_stands", "policy_missing", "version_required", "version_changed")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ApprovePromotionRequest>(context).ConfigureAwait(false);
        var command = new ApprovePromotion
        {
            CandidateId = candidateId,
            EvaluationId = request.EvaluationId,
            Target = RequestBody.Target("target", request.Target),
            ExpiresAt = request.ExpiresAt is { } at ? RequestBody.Instant("expires_at", at) : null,
            ExpiresIn = Duration(request.ExpiresInSeconds),
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }

    private static TimeSpan? Duration(long? seconds) => seconds switch
    {
        null => null,
        >= 1 and <= ApprovePromotionRequest.LongestSeconds => TimeSpan.FromSeconds(seconds.Value),
        _ => throw RequestBody.Invalid("expires_in_seconds", $"1 to {ApprovePromotionRequest.LongestSeconds}"),
    };
}
