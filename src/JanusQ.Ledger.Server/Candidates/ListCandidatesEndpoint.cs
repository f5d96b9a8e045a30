using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>Candidates by stage, target, reason, policy and change, page by page in the order of their ids.</summary>
public static class ListCandidatesEndpoint
{
    private const string Query = "candidates";
    private const string After = "after";

    private static readonly Dictionary<string, CandidateStage> Stages =
        Enum.GetValues<CandidateStage>().ToDictionary(stage => stage.Text(), StringComparer.Ordinal);

    /// <summary><c>GET /v1/candidates</c>.</summary>
    [WolverineGet("/v1/candidates")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery("stage", "At this stage.", "^(registered|evaluating|evaluated|denied|held|paper|live|demoted|paused)$")]
    [TakesQuery("target", "Evaluated last for this target.", QueryForms.Target)]
    [TakesQuery("reason", "The latest decision gives this reason.")]
    [TakesQuery("policy", "Evaluated with the gate policy file of this SHA-256.", Forms.Sha256)]
    [TakesQuery("since", "Changed then or later.", Forms.Instant)]
    [TakesQuery("until", "Changed before, and not since.", Forms.Instant)]
    [TakesQuery(After, "Behind this candidate, in the order of the list.", Forms.CandidateId)]
    [TakesQuery(QueryParameters.Limit, QueryForms.LimitText, QueryForms.Limit)]
    [TakesQuery(
        QueryParameters.Cursor, QueryForms.CursorText, QueryForms.Cursor,
        Example = "WzEsImNhbmRpZGF0ZXMiLCI0NDEzNmZhMzU1YjM2NzhhMTE0NmFkMTYiLCJjYW5kLTRiZTFhN2YwYzJkOSJd")]
    [GivesDocument("A page of candidates, a line each, and the cursor of the next page.", Answer = nameof(AnswerSchemas.CandidatePage))]
    [Refuses(PageCursor.OfAnotherQuery)]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var parameters = QueryParameters.Of(context);
        var filter = new CandidateFilter
        {
            Stage = parameters.OneOf("stage", Stages),
            Target = parameters.Target("target"),
            Reason = parameters.Text("reason"),
            GatePolicySha256 = parameters.Hash("policy"),
            ChangedSince = parameters.Moment("since"),
            ChangedUntil = parameters.Moment("until"),
        };
        var asked = parameters.Text(After, CandidateIdentity.IsCandidateId, "the id of a candidate");
        var last = PageCursor.Read(Query, parameters, 1)?[0];
        if (last is not null && !CandidateIdentity.IsCandidateId(last)) throw PageCursor.Malformed();

        // A cursor belongs to one query with all its filters, and the candidate to begin behind is one of them: it never lies before it.
        var after = last ?? asked;
        var read = await ledger.Snapshots.CandidatesAsync(filter, after, parameters.PageSize, context.RequestAborted).ConfigureAwait(false);
        return QueryAnswer.Of(read, page => JsonObject.Of(
            ("candidates", new JsonArray(page.Candidates.Select(CandidateDocument.Summary))),
            ("next_cursor", page.NextAfter is { } next ? PageCursor.Of(Query, parameters, next) : JsonValue.Null)));
    }
}
