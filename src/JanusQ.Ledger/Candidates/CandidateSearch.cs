using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using Marten;
using Marten.Schema;
using Weasel.Postgresql.Tables;

namespace JanusQ.Ledger.Candidates;

/// <summary>
/// How candidates are found by what their snapshots say: the conditions, and the indexes that serve them. Both stand here because an index
/// serves only the very expression that is asked for.
/// </summary>
internal static class CandidateSearch
{
    // Instant texts are in the order of time, character by character: '+' comes before '.'.
    private const string ChangedAt = "data ->> 'changed_at'";
    private const string Id = "id collate \"C\"";
    private const string Policies = "jsonb_path_query_array(data, '$.evaluations[*].start.gate_policy_sha256')";
    private const string Reasons = "data #> '{decisions,-1,reasons}'";
    private const string Stage = "data ->> 'stage'";
    private const string Target = "data ->> 'target'";

    /// <summary>The condition and order of a page, with its values.</summary>
    public static (string Sql, object[] Values) Of(CandidateFilter filter, string? after, int limit)
    {
        var where = new StringBuilder("where true");
        var values = new List<object>();
        void And(string condition, object? value)
        {
            if (value is null) return;
            where.Append(" and ").Append(condition);
            values.Add(value);
        }

        And($"{Stage} = ?", filter.Stage is { } stage ? JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.ToString()) : null);
        And($"{Target} = ?", filter.Target?.Name());
        And($"{Reasons} @> ?::jsonb", filter.Reason is { } reason ? Element(reason) : null);
        And($"{Policies} @> ?::jsonb", filter.GatePolicySha256 is { } policy ? Element(policy.ToString()) : null);
        And($"({ChangedAt}) collate \"C\" >= ?", filter.ChangedSince?.ToString());
        And($"({ChangedAt}) collate \"C\" < ?", filter.ChangedUntil?.ToString());
        And($"{Id} > ?", after is null ? null : CandidateIdentity.StreamOf(after));
        where.Append(" order by ").Append(Id).Append(" limit ?");
        values.Add(limit);
        return (where.ToString(), [.. values]);
    }

    /// <summary>Adds the indexes.</summary>
    public static void Index(StoreOptions store) => store.Policies.ForAllDocuments(mapping =>
    {
        if (mapping.DocumentType != typeof(Candidate)) return;
        foreach (var index in Indexes(mapping)) mapping.Indexes.Add(index);
    });

    private static IEnumerable<IndexDefinition> Indexes(DocumentMapping mapping)
    {
        yield return Btree("id", Id);
        yield return Btree("stage", $"({Stage})", Id);
        yield return Btree("target", $"({Target})", Id);
        yield return Btree("changed", $"({ChangedAt}) collate \"C\"");

        // Spelled as the database gives them back, else the comparison of what is there with what should be takes them for changed.
        yield return Gin("reasons", "(data #> '{decisions,-1,reasons}'::text[])");
        yield return Gin(
            "policies", """jsonb_path_query_array(data, CAST('$."evaluations"[*]."start"."gate_policy_sha256"' as jsonpath))""");

        IndexDefinition Btree(string name, params string[] columns) => new($"{mapping.TableName.Name}_by_{name}") { Columns = columns };

        IndexDefinition Gin(string name, string column) =>
            new($"{mapping.TableName.Name}_by_{name}") { Columns = [column], Method = IndexMethod.gin, Mask = "? jsonb_path_ops" };
    }

    private static string Element(string text) => JsonSerializer.Serialize(new[] { text });
}
