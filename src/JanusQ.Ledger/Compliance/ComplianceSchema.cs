using System.Data.Common;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace JanusQ.Ledger.Compliance;

/// <summary>
/// The flat tables for compliance (ledger.md section 5) as <c>compliance.sql</c> says them: the tables, their comments and indexes, and what
/// the role may read.
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
        "approvals", "artifacts", "candidates", "champions", "completeness", "conflicts", "decision_drills", "decisions", "demotions", "drills",
        "gate_results", "kill_switch", "lane_runs", "pauses", "policies", "policy_activations", "submitters",
    ];

    // Kept in the database as the schema's comment: tables of another shape are not written to.
    internal const string Shape = "Flat tables for compliance, shape 1.";

    /// <summary>The statements that make them.</summary>
    public static string ReadSql()
    {
        using var stream = typeof(ComplianceTables).Assembly.GetManifestResourceStream("JanusQ.Ledger.Compliance.compliance.sql")
            ?? throw new InvalidOperationException("compliance.sql is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Lets Marten create, check and export the tables with its own.</summary>
internal sealed class ComplianceSchema(Migrator migrator) : FeatureSchemaBase("janusq_compliance", migrator)
{
    protected override IEnumerable<ISchemaObject> schemaObjects() => [new ComplianceObjects()];
}

/// <summary>All of <c>compliance.sql</c> as one object that is there as a whole or not at all.</summary>
internal sealed class ComplianceObjects : ISchemaObject
{
    public DbObjectName Identifier { get; } =
        new PostgresqlObjectName(ComplianceTables.Schema, "candidates", SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(ComplianceTables.ReadSql());
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine($"drop schema if exists {ComplianceTables.Schema} cascade;");
    }

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append("select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = ");
        builder.AppendParameter(ComplianceTables.Schema);
        builder.Append($" and to_regclass('{ComplianceTables.Schema}.candidates') is not null;");
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (!await reader.ReadAsync(ct)) return new SchemaObjectDelta(this, SchemaPatchDifference.Create);
        var same = string.Equals(await reader.GetFieldValueAsync<string>(0, ct), ComplianceTables.Shape, StringComparison.Ordinal);
        return new SchemaObjectDelta(this, same ? SchemaPatchDifference.None : SchemaPatchDifference.Invalid);
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
