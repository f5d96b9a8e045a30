using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;

namespace JanusQ.Ledger.Compliance;

/// <summary>A value for a column, with the type that the database is told.</summary>
/// <param name="Type">The type.</param>
/// <param name="Value">The value; null for none.</param>
/// <param name="Cast">What the database makes of it, where that is another type.</param>
internal readonly record struct ColumnValue(NpgsqlDbType Type, object? Value, string Cast = "")
{
    public static implicit operator ColumnValue(string? value) => new(NpgsqlDbType.Text, value);

    public static implicit operator ColumnValue(int value) => new(NpgsqlDbType.Integer, value);

    public static implicit operator ColumnValue(long value) => new(NpgsqlDbType.Bigint, value);

    public static implicit operator ColumnValue(bool value) => new(NpgsqlDbType.Boolean, value);

    public static implicit operator ColumnValue(bool? value) => new(NpgsqlDbType.Boolean, value);

    public static implicit operator ColumnValue(Instant value) => new(NpgsqlDbType.TimestampTz, value.ToDateTimeOffset());

    public static implicit operator ColumnValue(Sha256Hash value) => value.ToString();

    public static implicit operator ColumnValue(Sha256Hash? value) => value?.ToString();

    public static implicit operator ColumnValue(PromotionTarget value) => value.Name();

    public static implicit operator ColumnValue(PromotionTarget? value) => value?.Name();

    public static implicit operator ColumnValue(ImmutableArray<string> value) =>
        new(NpgsqlDbType.Array | NpgsqlDbType.Text, value.ToArray());

    public static ColumnValue Texts(IEnumerable<string> values) => new(NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    /// <summary>The plain text of a decimal, kept digit for digit.</summary>
    public static ColumnValue Number(string? value) => new(NpgsqlDbType.Text, value, "::numeric");

    public static ColumnValue Json(JsonValue value) => new(NpgsqlDbType.Jsonb, CanonicalJson.Text(value));
}

/// <summary>One statement that brings a table up to an event. Run again it changes nothing more.</summary>
/// <param name="Sql">The statement, with a <c>?</c> for each value.</param>
/// <param name="Values">The values.</param>
internal sealed record RowChange(string Sql, IReadOnlyList<ColumnValue> Values)
{
    /// <summary>Inserts a row, or sets the columns of the one that is there.</summary>
    /// <param name="table">The table with its schema.</param>
    /// <param name="keys">Number of columns, from the first, that tell rows apart.</param>
    /// <param name="columns">The columns.</param>
    public static RowChange Put(string table, int keys, params ReadOnlySpan<(string Name, ColumnValue Value)> columns)
    {
        var names = new StringBuilder();
        var places = new StringBuilder();
        var key = new StringBuilder();
        var sets = new StringBuilder();
        var values = new ColumnValue[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var (name, value) = columns[i];
            values[i] = value;
            names.Append(i == 0 ? "" : ", ").Append(name);
            places.Append(i == 0 ? "?" : ", ?").Append(value.Cast);
            if (i < keys) key.Append(i == 0 ? "" : ", ").Append(name);
            else sets.Append(i == keys ? "" : ", ").Append(CultureInfo.InvariantCulture, $"{name} = excluded.{name}");
        }

        var conflict = sets.Length == 0 ? "nothing" : $"update set {sets}";
        return new RowChange($"insert into {table} ({names}) values ({places}) on conflict ({key}) do {conflict}", values);
    }

    /// <summary>Any other statement.</summary>
    public static RowChange Run(string sql, params ReadOnlySpan<ColumnValue> values) => new(sql, values.ToArray());

    /// <summary>Adds the statement to a batch.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder();
        Write(piece => sql.Append(piece), value =>
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = value.Type, Value = value.Value ?? DBNull.Value });
            sql.Append('$').Append(command.Parameters.Count);
        });
        command.CommandText = sql.ToString();
        batch.BatchCommands.Add(command);
    }

    internal void Write(Action<string> text, Action<ColumnValue> place)
    {
        var pieces = Sql.Split('?');
        if (pieces.Length != Values.Count + 1)
            throw new InvalidOperationException($"{pieces.Length - 1} places for {Values.Count} values: {Sql}");
        text(pieces[0]);
        for (var i = 0; i < Values.Count; i++)
        {
            place(Values[i]);
            text(pieces[i + 1]);
        }
    }
}

/// <summary>A change as a part of a unit of work of the event store.</summary>
internal sealed class RowOperation(RowChange change) : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall
{
    public Type DocumentType => typeof(ComplianceSchema);

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session) =>
        change.Write(builder.Append, value => builder.AppendParameter(value.Value ?? DBNull.Value, value.Type));

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;
}
