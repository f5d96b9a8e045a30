using Weasel.Core;
using Weasel.Core.Migrations;

namespace JanusQ.Ledger.Content;

/// <summary>
/// The table of stored documents, as a migration makes it: <c>content(sha256 primary key, size, encoding, bytes, created)</c>. Rows are
/// only ever inserted.
/// </summary>
internal static class ContentTable
{
    public const string TableName = "content";
}

/// <summary>Names the table to Marten, which otherwise takes what writes to it for a document.</summary>
internal sealed class ContentSchema(Migrator migrator) : FeatureSchemaBase("janusq_content", migrator)
{
    protected override IEnumerable<ISchemaObject> schemaObjects() => [];
}
