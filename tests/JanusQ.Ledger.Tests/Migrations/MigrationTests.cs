using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Migrations;

public sealed class MigrationTests(PostgreSqlFixture postgres)
{
    private static readonly int Last = Migration.Shipped.Length;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> EarlierNumbers => [.. Enumerable.Range(1, Migration.Shipped.Length - 1)];

    [Fact]
    public async Task what_is_shipped_is_what_the_repository_has_in_plain_lines()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "migrations")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(files.Select(Path.GetFileName), Migration.Shipped.Select(step => step.Name));
        foreach (var (file, step) in files.Zip(Migration.Shipped))
        {
            Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), System.Text.Encoding.UTF8.GetBytes(step.Sql));
            Assert.DoesNotContain('\r', step.Sql);
            Assert.DoesNotContain(step.Sql.Split('\n'), line => line.StartsWith('\\'));
            Assert.EndsWith("\n", step.Sql, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(EarlierNumbers))]
    public async Task from_every_earlier_number_the_same_schema_is_reached(int number)
    {
        await using var database = await postgres.NewDatabaseAsync();
        var earlier = await LedgerSchema.MigrateAsync(database.ConnectionString, Migration.Shipped[..number], Cancellation);
        Assert.Equal(number, earlier.Length);
        Assert.Equal(number, (await LedgerSchema.ReadAsync(database.ConnectionString, Cancellation)).Number);
        Assert.Equal(Migration.Shipped[number..], await LedgerSchema.MigrateAsync(database.ConnectionString, Cancellation));
        Assert.Empty(await SchemaAssertion.FindDifferencesAsync(database.ConnectionString, Cancellation));
        Assert.Empty(await LedgerSchema.MigrateAsync(database.ConnectionString, Cancellation));
    }

    [Fact]
    public async Task each_file_is_recorded_with_its_hash()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        var state = await LedgerSchema.ReadAsync(database.ConnectionString, Cancellation);
        Assert.Equal(
            Migration.Shipped.Select(step => (step.Number, step.Name, step.Sha256)),
            state.Applied.Select(one => (one.Number, one.Name, one.Sha256)));
        Assert.Null(state.Refusal);
        Assert.Equal((Last, true), (state.Number, state.Pending.IsEmpty));
    }

    [Theory]
    [InlineData("update janusq.migration set sha256 = repeat('0', 64) where number = 2", "migration_changed", "0002_content.sql")]
    [InlineData("update janusq.migration set name = '0002_other.sql' where number = 2", "migration_changed", "0002_other.sql")]
    [InlineData("insert into janusq.migration values (LAST + 1, '9999_newer.sql', repeat('0', 64))", "migration_unknown", "9999_newer.sql")]
    [InlineData("insert into janusq.migration values (LAST + 2, '9999_newer.sql', repeat('0', 64))", "migration_gap", "9999_newer.sql")]
    [InlineData("delete from janusq.migration where number = 2", "migration_gap", "number 2")]
    public async Task a_database_with_other_migrations_is_refused_by_name_and_nothing_is_applied(string sql, string code, string named)
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await RunAsync(database, sql.Replace("LAST", $"{Last}", StringComparison.Ordinal));
        var more = Migration.Shipped.Add(new Migration(Last + 1, "9998_more.sql", "create table janusq.more ()"));
        if (code == "migration_unknown") more = Migration.Shipped;
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => LedgerSchema.MigrateAsync(database.ConnectionString, more, Cancellation));
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Null(await ScalarAsync(database, "select to_regclass('janusq.more')::text"));
    }

    [Fact]
    public async Task a_recorded_hash_that_is_none_is_an_integrity_violation()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await RunAsync(database, "update janusq.migration set sha256 = 'none' where number = 2");
        await Assert.ThrowsAsync<IntegrityException>(() => LedgerSchema.ReadAsync(database.ConnectionString, Cancellation));
    }

    [Fact]
    public async Task a_migration_that_fails_leaves_nothing_of_itself_and_keeps_those_before_it()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var steps = Migration.Shipped
            .Add(new Migration(Last + 1, "9998_works.sql", "create table janusq.works ()"))
            .Add(new Migration(
                Last + 2,
                "9999_fails.sql",
                "create table janusq.fails (); create role never_made; select 1 / 0; create table janusq.later ()"));
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => LedgerSchema.MigrateAsync(database.ConnectionString, steps, Cancellation));
        Assert.Equal("migration_failed", refused.Refusal.Code);
        Assert.Contains("9999_fails.sql", refused.Message, StringComparison.Ordinal);
        Assert.Equal("9998_works.sql", await ScalarAsync(database, "select name from janusq.migration order by number desc limit 1"));
        Assert.Equal(
            "works",
            await ScalarAsync(database, "select string_agg(relname, ' ') from pg_class where relname in ('works', 'fails', 'later')"));
        Assert.Null(await ScalarAsync(database, "select rolname::text from pg_roles where rolname = 'never_made'"));
    }

    [Fact]
    public async Task a_first_migration_that_fails_leaves_an_empty_database()
    {
        await using var database = await postgres.NewDatabaseAsync();
        ImmutableArray<Migration> steps = [new Migration(1, "0001_fails.sql", "create table janusq.fails (); select 1 / 0")];
        await Assert.ThrowsAsync<RefusedException>(() => LedgerSchema.MigrateAsync(database.ConnectionString, steps, Cancellation));
        Assert.Null(await ScalarAsync(database, "select nspname::text from pg_namespace where nspname in ('janusq', 'compliance')"));
        Assert.Equal(0, (await LedgerSchema.ReadAsync(database.ConnectionString, Cancellation)).Number);
    }

    [Fact]
    public async Task whoever_migrates_at_the_same_time_each_file_is_applied_once_and_roles_are_shared_by_databases()
    {
        await using var first = await postgres.NewDatabaseAsync();
        await using var second = await postgres.NewDatabaseAsync();
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Task.Run(() => LedgerSchema.MigrateAsync((i % 2 == 0 ? first : second).ConnectionString, Cancellation), Cancellation)));
        Assert.Equal(2 * Last, applied.Sum(steps => steps.Length));
        foreach (var database in new[] { first, second })
            Assert.Empty(await SchemaAssertion.FindDifferencesAsync(database.ConnectionString, Cancellation));
    }

    [Fact]
    public async Task an_owner_that_may_not_make_roles_migrates_where_they_are_and_is_told_to_have_them_made_where_they_are_not()
    {
        await using var withRoles = await postgres.NewLedgerDatabaseAsync();
        await using var empty = await postgres.NewDatabaseAsync();
        await using var owner = await ALogin.MakeAsync(empty.ConnectionString, "");
        await owner.AsOwnerAsync($"grant create on database {empty.Name} to LOGIN");
        var roles = Migration.Shipped.Single(step => step.Name == "0005_roles.sql");
        var others = new Migration(
            roles.Number, roles.Name, roles.Sql.Replace("janusq_auditor", "janusq_nobody", StringComparison.Ordinal));
        var steps = Migration.Shipped.Replace(roles, others);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => LedgerSchema.MigrateAsync(owner.ConnectionString, steps, Cancellation));
        Assert.Contains("role_missing: janusq_nobody", refused.Message, StringComparison.Ordinal);
        await LedgerSchema.MigrateAsync(owner.ConnectionString, Cancellation);
        Assert.Empty(await SchemaAssertion.FindDifferencesAsync(owner.ConnectionString, Cancellation));
    }

    private static async Task RunAsync(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation) as string;
    }
}
