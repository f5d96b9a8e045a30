using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Server;

/// <summary><c>GET /candidates</c>: candidates in the order of their ids, page by page.</summary>
internal static class ListCandidates
{
    private const int LargestPage = 1000;
    private const int DefaultPage = 100;

    public static async Task<IResult> HandleAsync(
        LedgerQueries queries, string? target, string? after, int? limit, CancellationToken cancellation)
    {
        PromotionTarget? wanted = null;
        if (target is not null)
        {
            if (!PromotionTargets.TryParse(target, out var parsed)) return Invalid("target", "shadow, paper or live");
            wanted = parsed;
        }

        if (limit is < 1 or > LargestPage) return Invalid("limit", $"a number from 1 to {LargestPage}");
        var page = await queries.CandidatesAsync(new CandidateFilter { Target = wanted }, after, limit ?? DefaultPage, cancellation);
        return new JsonResult(JsonObject.Of(
            ("candidates", new JsonArray(page.Candidates.Select(CandidateDocument.Summary))), ("next_after", page.NextAfter)));
    }

    private static IResult Invalid(string field, string expected) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [$"'{field}' must be {expected}."] });
}
