using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>Decisions by candidate, target, verdict, reason and time, page by page in the order in which they were made.</summary>
public static class ListDecisionsEndpoint
{
    private const string Query = "decisions";

    private static readonly Dictionary<string, PromotionAction> Actions =
        Enum.GetValues<PromotionAction>().ToDictionary(action => action.Name(), StringComparer.Ordinal);

    /// <summary><c>GET /v1/decisions</c>.</summary>
    [WolverineGet("/v1/decisions")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery("candidate", "About this candidate.", Forms.CandidateId)]
    [TakesQuery("target", "For this target.", QueryForms.Target)]
    [TakesQuery("action", "With this verdict.", QueryForms.Action)]
    [TakesQuery("reason", "Giving this reason, among others perhaps.")]
    [TakesQuery("since", "Made then or later.", Forms.Instant)]
    [TakesQuery("until", "Made before.", Forms.Instant)]
    [TakesQuery(QueryParameters.Limit, QueryForms.LimitText, QueryForms.Limit)]
    [TakesQuery(
        QueryParameters.Cursor, QueryForms.CursorText, QueryForms.Cursor,
        Example = "WzEsImRlY2lzaW9ucyIsIjQ0MTM2ZmEzNTViMzY3OGExMTQ2YWQxNiIsIjIwMjYtMDItMjVUMDY6MDA6MDArMDA6MD"
            + "AiLCJjYW5kLTRiZTFhN2YwYzJkOSIsIjA5OGY2YmNkNDYyMWQzNzNjYWRlNGU4MyJd")]
    [GivesDocument("A page of decisions, a line each, and the cursor of the next page.", Answer = nameof(AnswerSchemas.DecisionPage))]
    [Refuses(PageCursor.OfAnotherQuery)]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var parameters = QueryParameters.Of(context);
        var filter = new DecisionFilter
        {
            CandidateId = parameters.Text("candidate", CandidateIdentity.IsCandidateId, "a candidate's id such as cand-0123456789ab"),
            Target = parameters.Target("target"),
            Action = parameters.OneOf("action", Actions),
            Reason = parameters.Text("reason"),
            Since = parameters.Moment("since"),
            Until = parameters.Moment("until"),
        };
        var after = PageCursor.Read(Query, parameters, 3) is { } keys ? PositionOf(keys) : null;
        var read = await ledger.Compliance
            .DecisionsAsync(filter, after, parameters.PageSize, ledger.CatchesUpWhenAsked, context.RequestAborted).ConfigureAwait(false);
        return QueryAnswer.Of(read, page => JsonObject.Of(
            ("decisions", new JsonArray(page.Decisions)),
            ("next_cursor", page.NextAfter is { } next
                ? PageCursor.Of(Query, parameters, next.DecidedAt.ToString(), next.CandidateId, next.DecisionId)
                : JsonValue.Null)));
    }

    private static DecisionPosition PositionOf(IReadOnlyList<string> keys) =>
        Instant.TryParse(keys[0], out var decidedAt) && CandidateIdentity.IsCandidateId(keys[1])
            && CandidateIdentity.IsId(keys[2])
            ? new DecisionPosition(decidedAt, keys[1], keys[2])
            : throw PageCursor.Malformed();
}
