using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>Derives a decision again from what it recorded and compares (audit.md section 2). Records nothing.</summary>
public static class ReplayDecisionEndpoint
{
    /// <summary><c>GET /v1/decisions/{decisionId}/replay</c>.</summary>
    [WolverineGet("/v1/decisions/{decisionId}/replay")]
    [Authorize(Policy = AccessPolicies.Audit)]
    [GivesDocument("What the replay comes to, and every difference.", Answer = nameof(AnswerSchemas.Replay))]
    [Refuses("unknown_decision")]
    public static async Task<IResult> Handle(string decisionId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var read = await ledger.Decisions.FindAsOfAsync(decisionId, context.RequestAborted).ConfigureAwait(false);
        if (read.Value is not { } decision) return ShowDecisionEndpoint.Unknown(decisionId);
        var replay = await ledger.Decisions.ReplayAsync(decision, context.RequestAborted).ConfigureAwait(false);
        return new QueryAnswer(new([new("candidate_id", decision.CandidateId), .. replay.ToJson().Members]), read.Sequence);
    }
}
