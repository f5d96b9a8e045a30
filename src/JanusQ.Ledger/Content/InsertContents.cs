using System.Data.Common;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;

namespace JanusQ.Ledger.Content;

/// <summary>
/// Inserts documents in the same round trip and transaction as the events that name them. What is there already stays as it is.
/// </summary>
internal sealed class InsertContents : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall
{
    private readonly string _schema;
    private readonly DocumentContent[] _contents;

    public InsertContents(string schema, IEnumerable<DocumentContent> contents)
    {
        _schema = schema;

        // In one order everywhere: two transactions that insert the same documents must not wait for each other in a circle.
        _contents = [.. contents.DistinctBy(content => content.Sha256).OrderBy(
            content => content.Sha256.ToString(), StringComparer.Ordinal)];
    }

    public Type DocumentType => typeof(ContentSchema);

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        builder.Append($"insert into {_schema}.{ContentTable.TableName} (sha256, size, encoding, bytes) select * from unnest(");
        builder.AppendParameter(
            Array.ConvertAll(_contents, content => content.Sha256.Bytes.ToArray()), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        builder.Append(", ");
        builder.AppendParameter(Array.ConvertAll(_contents, content => content.Size), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        builder.Append(", ");
        builder.AppendParameter(Array.ConvertAll(_contents, content => content.Stored.Encoding), NpgsqlDbType.Array | NpgsqlDbType.Text);
        builder.Append(", ");
        builder.AppendParameter(Array.ConvertAll(_contents, content => content.Stored.Bytes), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        builder.Append(") on conflict (sha256) do nothing");
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;
}
