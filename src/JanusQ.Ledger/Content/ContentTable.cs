using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace JanusQ.Ledger.Content;

/// <summary>
/// The table of stored documents: <c>content(sha256 primary key, size, encoding, bytes, created)</c>. Rows are only ever inserted.
/// </summary>
internal sealed class ContentTable : Table
{
    public const string TableName = "content";

    // Most documents of a run fit into a page once they are compressed: one row each, instead of one and some pieces elsewhere.
    private const int LargestInline = 8160;

    public ContentTable(string schema)
        : base(new PostgresqlObjectName(schema, TableName, SchemaUtils.IdentifierUsage.General))
    {
        AddColumn("sha256", "bytea").AsPrimaryKey();
        AddColumn("size", "bigint").NotNull();
        AddColumn("encoding", "text").NotNull();
        AddColumn("bytes", "bytea").NotNull();
        AddColumn("created", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
    }

    public override void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        base.WriteCreateStatement(migrator, writer);
        writer.WriteLine(
            $"""
            ALTER TABLE {Identifier}
                ADD CONSTRAINT content_sha256_has_32_bytes CHECK (length(sha256) = 32),
                ADD CONSTRAINT content_size_is_not_negative CHECK (size >= 0),
                ADD CONSTRAINT content_encoding_is_known CHECK (encoding IN ('{ContentEncoding.Raw}', '{ContentEncoding.Brotli}')),
                ADD CONSTRAINT content_raw_has_its_size CHECK (encoding <> '{ContentEncoding.Raw}' OR length(bytes) = size),
                ALTER COLUMN bytes SET STORAGE EXTERNAL,
                SET (toast_tuple_target = {LargestInline});
            COMMENT ON TABLE {Identifier} IS 'Documents by the SHA-256 of their bytes. Rows are inserted and never changed.';
            """);
    }
}

/// <summary>Lets Marten create, check and export the table with its own.</summary>
internal sealed class ContentSchema(string schema, Migrator migrator) : FeatureSchemaBase("janusq_content", migrator)
{
    protected override IEnumerable<ISchemaObject> schemaObjects() => [new ContentTable(schema)];
}
