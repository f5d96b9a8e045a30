using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>One decision: every step with its reasons, the facts and hashes that it rests on.</summary>
public static class ShowDecisionEndpoint
{
    /// <summary><c>GET /v1/decisions/{decisionId}</c>.</summary>
    [WolverineGet("/v1/decisions/{decisionId}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [GivesDocument("The decision's events, each with its data.", Answer = nameof(AnswerSchemas.Decision))]
    [Refuses("unknown_decision")]
    public static async Task<IResult> Handle(string decisionId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        var read = await ledger.Decisions.FindAsOfAsync(decisionId, context.RequestAborted).ConfigureAwait(false);
        return read.Value is { } decision ? new QueryAnswer(decision.ToJson(), read.Sequence) : Unknown(decisionId);
    }

    internal static Problem Unknown(string decisionId) =>
        new(new Refusal("unknown_decision", $"There is no decision '{decisionId}'.").With("decision_id", decisionId));
}
