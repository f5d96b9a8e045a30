using Weasel.Core;
using Weasel.Core.Migrations;

namespace JanusQ.Ledger.Compliance;

/// <summary>
/// The flat tables for compliance (ledger.md section 5), as a migration makes them.
/// </summary>
public static class ComplianceTables
{
    /// <summary>The PostgreSQL schema of the tables.</summary>
    public const string Schema = "compliance";

    /// <summary>The database role that may read them and nothing else.</summary>
    public const string Role = "janusq_compliance";

    /// <summary>All tables in the order of their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "approvals", "artifacts", "candidates", "champions", "completeness", "conflicts", "decision_drills", "decisions", "demotions",
        "drills", "gate_results", "kill_switch", "lane_runs", "pauses", "policies", "policy_activations", "submitters",
    ];
}

/// <summary>Names the tables to Marten, which otherwise takes what writes to them for a document. They are made by a migration.</summary>
internal sealed class ComplianceSchema(Migrator migrator) : FeatureSchemaBase("janusq_compliance", migrator)
{
    protected override IEnumerable<ISchemaObject> schemaObjects() => [];
}
