using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.PostgreSql;

public sealed class PostgreSqlFixtureTests(PostgreSqlFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_fixture_says_which_server_it_uses_and_takes_the_first_that_is_there()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(fixture.Lease.Describe());
        TestContext.Current.TestOutputHelper.WriteLine(string.Join('\n', fixture.Said));
        if (Environment.GetEnvironmentVariable(PostgreSqlFixture.ConnectionVariable) is { Length: > 0 })
            Assert.Equal(PostgreSqlOrigin.Explicit, fixture.Origin);
        else if (await DockerEngine.FindAsync(new PostgreSqlOptions(), Cancellation) is null)
            Assert.Equal(PostgreSqlOrigin.Embedded, fixture.Origin);
        else if (fixture.Origin != PostgreSqlOrigin.Container)
            Assert.Contains(fixture.Said, line => line.StartsWith("Docker answers, but gives no container", StringComparison.Ordinal));
    }

    [Fact]
    public async Task every_test_has_a_database_of_its_own_that_is_gone_at_its_end()
    {
        var first = await fixture.NewDatabaseAsync();
        await using var second = await fixture.NewDatabaseAsync();
        await ExecuteAsync(first.ConnectionString, "create table only_here ()");
        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal(1L, await CountAsync(first.ConnectionString, "select count(*) from pg_tables where tablename = 'only_here'"));
        Assert.Equal(0L, await CountAsync(second.ConnectionString, "select count(*) from pg_tables where tablename = 'only_here'"));

        await first.DisposeAsync();

        var absent = $"select count(*) from pg_database where datname = '{first.Name}'";
        Assert.Equal(0L, await CountAsync(second.ConnectionString, absent));
    }

    [Fact]
    public async Task a_database_sorts_by_code_point_and_holds_utf8()
    {
        await using var database = await fixture.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            "select string_agg(t, '' order by t) || current_setting('server_encoding') from unnest(array['b','B','a','A','ä','_']) t");
        Assert.Equal("AB_abäUTF8", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task many_callers_make_the_same_database_at_once_and_all_succeed()
    {
        await using var database = await fixture.NewDatabaseAsync();
        var name = database.Name + "_shared";
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.Lease.CreateDatabaseAsync(name, Cancellation)));
        Assert.Single(all.Distinct());
        await fixture.Lease.DropDatabaseAsync(name, Cancellation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a\"; drop database postgres; --")]
    [InlineData("1st")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public async Task a_name_that_needs_quoting_is_refused(string name)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => fixture.Lease.CreateDatabaseAsync(name, Cancellation));
        Assert.Contains("database name: expected 1 to 63 of a-z, 0-9 and _", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> CountAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
