using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Migrations;

/// <summary>
/// What the code expects of a database is checked in as a list. Set JANUSQ_WRITE_SCHEMA=1 to write it anew after a migration was added.
/// </summary>
public sealed class SchemaListingTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_list_that_is_checked_in_is_that_of_a_database_with_all_migrations()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var found = await SchemaListing.OfAsync(source, Cancellation);
        var checkedIn = Path.Combine(RepositoryFiles.Root, "src", "JanusQ.Ledger", "Migrations", "schema.txt");
        if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_SCHEMA") == "1")
            await File.WriteAllTextAsync(checkedIn, string.Join('\n', found) + "\n", Cancellation);
        var expected = (await File.ReadAllTextAsync(checkedIn, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, found);
        Assert.True(found.Length > 500);
    }

    [Fact]
    public async Task a_database_with_all_migrations_is_what_the_code_expects()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        Assert.Empty(await SchemaAssertion.FindDifferencesAsync(database.ConnectionString, Cancellation));
    }
}
