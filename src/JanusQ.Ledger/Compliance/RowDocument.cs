using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using Npgsql;

namespace JanusQ.Ledger.Compliance;

/// <summary>Rows of the flat tables as documents: a member a column, by the column's name.</summary>
internal static class RowDocument
{
    /// <summary>All rows that a statement gives, in order.</summary>
    /// <exception cref="NotSupportedException">A column has a type that no document has a form for.</exception>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rows = new List<JsonObject>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) rows.Add(Of(reader));
        return rows;
    }

    private static JsonObject Of(NpgsqlDataReader reader) =>
        JsonObject.Of([.. Enumerable.Range(0, reader.FieldCount).Select(column => (reader.GetName(column), Of(reader, column)))]);

    private static JsonValue Of(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? JsonValue.Null
        : reader.GetDataTypeName(column) switch
        {
            "text" => reader.GetString(column),
            "bigint" => reader.GetInt64(column),
            "integer" => reader.GetInt32(column),
            "boolean" => reader.GetBoolean(column),
            "text[]" => JsonArray.OfTexts(reader.GetFieldValue<string[]>(column)),
            "timestamp with time zone" => Instant.Of(reader.GetFieldValue<DateTimeOffset>(column)).ToString(),
            var other => throw new NotSupportedException($"The column {reader.GetName(column)} is of the type {other}."),
        };
}
