using System.Data.Common;
using JanusQ.Ledger.Store;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace JanusQ.Ledger.Log;

/// <summary>Lets Marten create and check the log's tables with its own.</summary>
internal sealed class LogSchema(Migrator migrator) : FeatureSchemaBase("janusq_log", migrator)
{
    /// <summary>The statements that make the tables.</summary>
    public static string ReadSql()
    {
        using var stream = typeof(LogSchema).Assembly.GetManifestResourceStream("JanusQ.Ledger.Migrations.0006_transparency_log.sql")
            ?? throw new InvalidOperationException("0006_transparency_log.sql is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    protected override IEnumerable<ISchemaObject> schemaObjects() => [new LogObjects()];
}

/// <summary>All of <c>0006_transparency_log.sql</c> as one object that is there as a whole or not at all.</summary>
internal sealed class LogObjects : ISchemaObject
{
    public DbObjectName Identifier { get; } =
        new PostgresqlObjectName(LedgerStore.Schema, "log_leaf", SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(LogSchema.ReadSql());
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer) =>
        throw new NotSupportedException("The transparency log is never dropped.");

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append($"select 1 where to_regclass('{LedgerStore.Schema}.log_leaf') is not null;");
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var isThere = await reader.ReadAsync(ct);
        return new SchemaObjectDelta(this, isThere ? SchemaPatchDifference.None : SchemaPatchDifference.Create);
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
