using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>Decisions as they are made, as server-sent events.</summary>
public static class StreamDecisionsEndpoint
{
    private const string After = "after";
    private const string LastEventId = "Last-Event-ID";

    /// <summary>
    /// <c>GET /v1/decisions/stream</c>. Begins behind the header <c>Last-Event-ID</c>, without it behind <c>after</c>, without both with
    /// what is decided from now on.
    /// </summary>
    [WolverineGet("/v1/decisions/stream")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery(
        After, "The event sequence to begin behind; the header Last-Event-ID goes before it.", QueryForms.Sequence, Example = "0")]
    [TakesParameter(
        ParameterPlace.Header, LastEventId, QueryForms.Sequence, "4711", "The id that the caller heard last: begins behind it.")]
    [GivesDocument(
        "Server-sent events promotion_decided, each with the sequence of its event as id.", "text/event-stream",
        Answer = nameof(AnswerSchemas.DecisionStream))]
    [Sends(AnswerHeaders.Sequence, AnswerHeaders.NeverKeep)]
    [Refuses("too_many_followers", "sequence_ahead")]
    public static IResult Handle(HttpContext context, LedgerHost ledger, IHostApplicationLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(lifetime);
        var after = QueryParameters.Of(context).Number(After, 0, long.MaxValue);
        if (context.Request.Headers.TryGetValue(LastEventId, out var last))
            after = QueryParameters.Number(LastEventId, last.ToString(), 0, long.MaxValue);
        return new DecisionStream(ledger.Feed.Follow(after), lifetime.ApplicationStopping);
    }
}
