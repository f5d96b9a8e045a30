using System.Collections.Immutable;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using Weasel.Core.Migrations;

namespace JanusQ.Ledger.Migrations;

/// <summary>Something in which a database is not what the program expects.</summary>
/// <param name="Kind">
/// <c>migration</c>: other files were applied, or not all; <c>missing</c>: expected and not there; <c>unexpected</c>: there and not expected;
/// <c>event_store</c>: what the event store's own comparison says.
/// </param>
/// <param name="What">What it is.</param>
public sealed record SchemaDifference(string Kind, string What);

/// <summary>Compares the whole schema of a database with what the program expects, and says every difference.</summary>
public static class SchemaAssertion
{
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
        try
        {
            await ledger.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(cancellation);
        }
        catch (DatabaseValidationException different)
        {
            differences.Add(new SchemaDifference("event_store", different.Message.ReplaceLineEndings(" ")));
        }

        return differences.ToImmutable();
    }

    internal static IEnumerable<SchemaDifference> Compare(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        foreach (var line in Without(expected, found)) yield return new SchemaDifference("missing", line);
        foreach (var line in Without(found, expected)) yield return new SchemaDifference("unexpected", line);
    }

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
