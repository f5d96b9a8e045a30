using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Promotions;

/// <summary>Decides whether a candidate may be promoted, with all that follows. A denial is an answer, no problem.</summary>
public static class RequestPromotionEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/promotions</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/promotions")]
    [Authorize(Policy = AccessPolicies.RequestPromotion)]
    [Takes<RequestPromotionRequest>]
    [Gives<PromotionResponse>]
    [Refuses("command_invalid", "unknown_candidate", "unknown_evaluation", "evaluation_not_completed")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<RequestPromotionRequest>(context).ConfigureAwait(false);
        var command = new RequestPromotion
        {
            CandidateId = candidateId,
            EvaluationId = request.EvaluationId,
            Target = request.Target is { } target ? RequestBody.Target("target", target) : null,
            By = context.Submitter(),
        };
        return PromotionAnswers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
