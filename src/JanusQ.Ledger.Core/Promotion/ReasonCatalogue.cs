using System.Collections.Frozen;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>A code with all it can mean: some codes are raised by more than one gate or check.</summary>
/// <param name="Code">The code.</param>
/// <param name="Meanings">One entry for each gate or check that raises it.</param>
public sealed record CatalogueEntry(string Code, IReadOnlyList<ReasonCode> Meanings)
{
    /// <summary>Members <c>code</c> and <c>meanings</c>, each of <c>raised_by</c>, <c>explanation</c>, <c>remedy</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(("code", Code), ("meanings", new JsonArray(Meanings.Select(MeaningToJson))));

    private static JsonObject MeaningToJson(ReasonCode meaning) => JsonObject.Of(
        ("raised_by", meaning.RaisedBy), ("explanation", meaning.Explanation), ("remedy", meaning.Remedy));
}

/// <summary>
/// Every code that a rule can raise, with an explanation and a remedy of one sentence each. Rules raise <see cref="ReasonCode"/> objects,
/// and all of them stand here, so there is no code without an entry; only drift reasons that the evidence itself brings are somebody
/// else's words.
/// </summary>
public static class ReasonCatalogue
{
    private static readonly FrozenDictionary<string, CatalogueEntry> ByCode = GateReasons.All
        .Concat(PromotionReasons.All)
        .Concat(ReasonsElsewhere.All)
        .Concat(LedgerReasons.All)
        .Concat(CommandReasons.All)
        .GroupBy(reason => reason.Code, StringComparer.Ordinal)
        .Select(group => new CatalogueEntry(group.Key, [.. group.Distinct()]))
        .ToFrozenDictionary(entry => entry.Code, StringComparer.Ordinal);

    /// <summary>All entries, sorted by code.</summary>
    public static IReadOnlyList<CatalogueEntry> All { get; } = [.. ByCode.Values.OrderBy(entry => entry.Code, CodePoints.Order)];

    /// <summary>The entry of a code, or null if no rule raises it.</summary>
    public static CatalogueEntry? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>The codes nearest to one that is not there, best first: what somebody may have meant.</summary>
    public static IReadOnlyList<string> Near(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return [.. All
            .Select(entry => (entry.Code, Distance: Distance(code, entry.Code)))
            .Where(near => near.Distance <= Math.Max(3, code.Length / 3))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Code, CodePoints.Order)
            .Select(near => near.Code)
            .Take(5)];
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
