using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Compliance;

public sealed class ComplianceSchemaTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_table_and_every_column_has_a_comment_and_the_tables_are_those_that_are_listed()
    {
        await using var ledger = await ACaughtUpLedgerAsync();
        Assert.Equal(
            ComplianceTables.All,
            (await ledger.ListAsync("select table_name from information_schema.tables where table_schema = 'compliance'")).Order(
                StringComparer.Ordinal));
        Assert.Empty(await ledger.ListAsync(
            """
            select c.relname || coalesce('.' || a.attname, '') from pg_class c
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'compliance'::regnamespace and c.relkind = 'r'
                and (obj_description(c.oid, 'pg_class') is null or col_description(c.oid, a.attnum) is null)
            """));
    }

    [Fact]
    public async Task a_member_of_the_role_reads_these_tables_and_nothing_else_and_writes_nowhere()
    {
        await using var ledger = await ACaughtUpLedgerAsync();
        var login = $"auditor_{Guid.NewGuid():N}"[..20];
        await ledger.ExecuteAsync($"create role {login} login password 'secret' in role {ComplianceTables.Role}");
        try
        {
            var asAuditor = new NpgsqlConnectionStringBuilder(ledger.ConnectionString)
            {
                Username = login,
                Password = "secret",
                Pooling = false,
            }.ConnectionString;
            await using var connection = new NpgsqlConnection(asAuditor);
            await connection.OpenAsync(Cancellation);
            foreach (var table in ComplianceTables.All)
            {
                Assert.True(await CountAsync(connection, $"compliance.{table}") > 0, table);
                foreach (var sql in new[]
                {
                    $"insert into compliance.{table} default values", $"delete from compliance.{table}", $"truncate compliance.{table}",
                    $"drop table compliance.{table}",
                })
                    Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, sql));
            }

            var others = await ledger.ListAsync("select table_name from information_schema.tables where table_schema = 'janusq'");
            Assert.Contains("mt_events", others);
            foreach (var table in others)
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, $"select from janusq.{table}"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, "create table compliance.mine (id int)"));
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                await RefusalAsync(connection, "update compliance.candidates set progress = 'live'"));
        }
        finally
        {
            await ledger.ExecuteAsync($"drop role {login}");
        }
    }

    [Fact]
    public async Task the_stage_of_the_flat_row_is_the_stage_of_the_candidate()
    {
        await using var ledger = await ACaughtUpLedgerAsync();
        Assert.Empty(await ledger.ListAsync(
            """
            select candidate_id from compliance.candidates full join janusq.mt_doc_candidate s on s.id = 'candidate-' || candidate_id
            where stage is distinct from data ->> 'stage' or progress is distinct from data ->> 'progress'
                or role is distinct from data ->> 'role' or version is distinct from (data ->> 'stream_version')::bigint
                or changed_at is distinct from (data ->> 'changed_at')::timestamptz or target is distinct from data ->> 'target'
                or last_run_id is distinct from data ->> 'last_run_id'
                or conflict_count is distinct from coalesce(jsonb_array_length(data -> 'conflicts'), 0)
            """));
        Assert.Equal(
            ["denied", "held", "paper", "paused", "registered"],
            (await ledger.ListAsync("select distinct stage from compliance.candidates")).Order().Except(["demoted"]));
    }

    private async Task<ALedger> ACaughtUpLedgerAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ledger.Host.Projections.CatchUpAsync(Cancellation);
        return ledger;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand($"select count(*) from {table}", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task<string?> RefusalAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(Cancellation);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }
}
