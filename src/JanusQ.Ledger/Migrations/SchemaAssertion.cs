using System.Collections.Immutable;
using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JasperFx;
using Marten.Storage;
using Npgsql;
using Weasel.Core;

namespace JanusQ.Ledger.Migrations;

/// <summary>Something in which a database is not what the program expects.</summary>
/// <param name="Kind">
/// <c>migration</c>: other files were applied, or not all; <c>missing</c>: expected and not there; <c>unexpected</c>: there and not
/// expected; <c>event_store</c>: what the event store's own comparison says, which is made as a role that owns the tables only.
/// </param>
/// <param name="What">What it is.</param>
public sealed record SchemaDifference(string Kind, string What);

/// <summary>Compares the whole schema of a database with what the program expects, and says every difference.</summary>
public static class SchemaAssertion
{
    /// <summary>What was found, as a document.</summary>
    public static JsonObject DocumentOf(IReadOnlyCollection<SchemaDifference> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return JsonObject.Of(
            ("equal", differences.Count == 0),
            ("differences", new JsonArray(differences.Select(one => (JsonValue)JsonObject.Of(("kind", one.Kind), ("what", one.What))))));
    }

    /// <summary>Every difference; none if the database is as expected.</summary>
    public static async Task<ImmutableArray<SchemaDifference>> FindDifferencesAsync(
        string connectionString, CancellationToken cancellation = default)
    {
        var differences = ImmutableArray.CreateBuilder<SchemaDifference>();
        var state = await LedgerSchema.ReadAsync(connectionString, cancellation);
        if (state.Refusal is { } refusal) differences.Add(new SchemaDifference("migration", $"{refusal.Code}: {refusal.Explanation}"));
        foreach (var pending in state.Pending) differences.Add(new SchemaDifference("migration", $"{pending.Name} is not applied."));

        await using var ledger = LedgerHost.OpenUnchecked(new LedgerOptions { ConnectionString = connectionString });
        differences.AddRange(Compare(SchemaListing.Expected, await SchemaListing.OfAsync(ledger.Database, cancellation)));
        if (await OwnsTablesAsync(ledger.Database, cancellation))
            differences.AddRange(await FindForEventStoreAsync(ledger.Store.Storage.Database, cancellation));
        return differences.ToImmutable();
    }

    // The event store looks where only owners see keys, and would miss them all. What it expects stands in the listing as well.
    private static async Task<bool> OwnsTablesAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select coalesce(pg_has_role(relowner, 'usage'), true) from pg_class "
            + $"where oid = to_regclass('{LedgerStore.Schema}.mt_events')");
        return await command.ExecuteScalarAsync(cancellation) is not false;
    }

    /// <summary>What the event store finds different from its configuration, one by one.</summary>
    internal static async Task<ImmutableArray<SchemaDifference>> FindForEventStoreAsync(
        IMartenDatabase database, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<SchemaDifference>();
        foreach (var delta in (await database.CreateMigrationAsync(cancellation)).Deltas)
        {
            if (delta.Difference == SchemaPatchDifference.None || IsReplaced(delta)) continue;
            await using var sql = new StringWriter(CultureInfo.InvariantCulture);
            new SchemaMigration(delta).WriteAllUpdates(sql, database.Migrator, AutoCreate.All);
            found.Add(new SchemaDifference("event_store", $"{delta.SchemaObject.Identifier}: {sql.ToString().ReplaceLineEndings(" ")}"));
        }

        return found.ToImmutable();
    }

    internal static IEnumerable<SchemaDifference> Compare(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        foreach (var line in Without(expected, found)) yield return new SchemaDifference("missing", line);
        foreach (var line in Without(found, expected)) yield return new SchemaDifference("unexpected", line);
    }

    // A migration has replaced its body; what it has to be is a line of the listing.
    private static bool IsReplaced(ISchemaObjectDelta delta) =>
        delta.Difference == SchemaPatchDifference.Update
        && delta.SchemaObject.Identifier.QualifiedName == $"{LedgerStore.Schema}.mt_quick_append_events";

    private static IEnumerable<string> Without(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var left = others.CountBy(line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (left.TryGetValue(line, out var count) && count > 0) left[line] = count - 1;
            else yield return line;
        }
    }
}
