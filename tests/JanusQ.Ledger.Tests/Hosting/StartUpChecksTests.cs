using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.PostgreSql;
using Npgsql;

namespace JanusQ.Ledger.Tests.Hosting;

/// <summary>Each thing that a ledger's promises rest on, taken away on a real server.</summary>
public sealed class StartUpChecksTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_server_that_could_forget_is_refused_unless_that_is_accepted()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var program = await ALogin.OfTheProgramAsync(database);
        foreach (var value in new[] { "off", "local", "remote_write" })
        {
            var forgetful =
                new NpgsqlConnectionStringBuilder(program.ConnectionString) { Options = $"-c synchronous_commit={value}" }.ConnectionString;
            var refused = await RefusedAsync(forgetful, AcceptedRisks.OwnerConnection);
            Assert.Equal("server_not_durable", refused.Code);
            Assert.Contains($"synchronous_commit is {value}", refused.Explanation, StringComparison.Ordinal);
            await OpenAsync(forgetful, AcceptedRisks.VolatileServer);
        }
    }

    [Fact]
    public async Task the_tests_own_server_is_refused_for_each_setting_that_it_lacks()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            "select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var off = new List<string>();
        while (await reader.ReadAsync(Cancellation)) off.Add(reader.GetString(0));
        Assert.SkipWhen(off.Count == 0, "This server lacks none.");
        var refused = await RefusedAsync(database.ConnectionString, AcceptedRisks.OwnerConnection);
        Assert.Equal("server_not_durable", refused.Code);
        Assert.All(off, setting => Assert.Contains($"{setting} is off", refused.Explanation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_standby_is_refused_whatever_is_accepted()
    {
        await using var folder = new DataFolder();
        await using (var primary = await folder.AcquireAsync())
        {
            await using var ledger = await LedgerHost.OpenAsync(
                new LedgerOptions
                {
                    ConnectionString = primary.ConnectionString,
                    CreateSchema = true,
                    Accept = AcceptedRisks.OwnerConnection,
                },
                cancellation: Cancellation);
            await ledger.SendAsync(ALedger.ARun(), Cancellation);
        }

        // A server that finds this file follows another one, and so is never the primary.
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "standby.signal"), "", Cancellation);
        await using var standby = await folder.AcquireAsync();
        var everything = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer;
        Assert.Equal("server_is_standby", (await RefusedAsync(standby.ConnectionString, everything)).Code);
    }

    [Fact]
    public async Task an_embedded_server_passes_but_for_its_one_role_that_does_everything()
    {
        await using var folder = new DataFolder();
        await using var lease = await folder.AcquireAsync();
        Assert.Equal("schema_missing", (await RefusedAsync(lease.ConnectionString, AcceptedRisks.OwnerConnection)).Code);
        var refused = await RefusedAsync(lease.ConnectionString, AcceptedRisks.None, createSchema: true);
        Assert.Equal("role_can_change_events", refused.Code);
        await OpenAsync(lease.ConnectionString, AcceptedRisks.OwnerConnection);
    }

    [Theory]
    [InlineData("", "schema_missing")]
    [InlineData("delete from janusq.migration where number = (select max(number) from janusq.migration)", "schema_outdated")]
    [InlineData("update janusq.migration set sha256 = repeat('0', 64) where number = 1", "migration_changed")]
    [InlineData("delete from janusq.migration where number = 1", "migration_gap")]
    [InlineData(
        "insert into janusq.migration select max(number) + 1, '9999_newer.sql', repeat('0', 64) from janusq.migration",
        "migration_unknown")]
    public async Task another_schema_than_the_programs_is_refused_and_left_as_it_is(string sql, string code)
    {
        await using var database = sql.Length == 0 ? await postgres.NewDatabaseAsync() : await postgres.NewLedgerDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        if (sql.Length > 0)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var before = await SchemaListing.OfAsync(source, Cancellation);
        Assert.Equal(code, (await RefusedAsync(database.ConnectionString, ALedger.Risks)).Code);
        Assert.Equal(before, await SchemaListing.OfAsync(source, Cancellation));
        if (code is not ("schema_missing" or "schema_outdated"))
            Assert.Equal(code, (await RefusedAsync(database.ConnectionString, ALedger.Risks, createSchema: true)).Code);
    }

    [Theory]
    [InlineData("superuser", "", "is a superuser")]
    [InlineData("", "grant update on janusq.mt_events to LOGIN", "may UPDATE mt_events")]
    [InlineData("", "grant update (data) on janusq.mt_events to LOGIN", "may UPDATE mt_events")]
    [InlineData("", "grant delete on janusq.content to LOGIN", "may DELETE content")]
    [InlineData("", "grant truncate on janusq.mt_events to LOGIN", "may TRUNCATE mt_events")]
    [InlineData("", "grant trigger on janusq.mt_events to LOGIN", "may TRIGGER mt_events")]
    [InlineData("", "grant update on janusq.content to public", "may UPDATE content")]
    [InlineData("", "alter table janusq.content owner to LOGIN", "owns content")]
    [InlineData("", "alter table janusq.content owner to janusq_compliance; create role LOGIN_2 noinherit in role janusq_compliance; "
        + "grant LOGIN_2 to LOGIN", "owns content")]
    [InlineData("in role pg_write_all_data", "", "may UPDATE mt_events")]
    [InlineData("in role pg_write_server_files", "", "is a member of pg_write_server_files")]
    public async Task a_role_that_could_change_events_is_refused_unless_that_is_accepted(string attributes, string sql, string why)
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var login = await ALogin.MakeAsync(database.ConnectionString, attributes);
        await login.AsOwnerAsync($"grant janusq_app to LOGIN; {sql}");
        try
        {
            var refused = await RefusedAsync(login.ConnectionString, AcceptedRisks.VolatileServer);
            Assert.Equal("role_can_change_events", refused.Code);
            Assert.Contains(why, refused.Explanation, StringComparison.Ordinal);
            await OpenAsync(login.ConnectionString, ALedger.Risks);
        }
        finally
        {
            await login.AsOwnerAsync("alter table janusq.content owner to current_user; drop role if exists LOGIN_2");
        }
    }

    [Fact]
    public async Task a_member_of_the_programs_role_alone_is_let_in()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var program = await ALogin.OfTheProgramAsync(database);
        await OpenAsync(program.ConnectionString, AcceptedRisks.VolatileServer);
    }

    private static async Task OpenAsync(string connectionString, AcceptedRisks accepted, bool createSchema = false)
    {
        var options = new LedgerOptions { ConnectionString = connectionString, Accept = accepted, CreateSchema = createSchema };
        await using var ledger = await LedgerHost.OpenAsync(options, cancellation: Cancellation);
        Assert.True((await ledger.Queries.StatusAsync(Cancellation)).Exists);
    }

    private static async Task<Refusal> RefusedAsync(string connectionString, AcceptedRisks accepted, bool createSchema = false) =>
        (await Assert.ThrowsAsync<RefusedException>(() => OpenAsync(connectionString, accepted, createSchema))).Refusal;
}
