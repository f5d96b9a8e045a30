using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.Compliance;
using JanusQ.Ledger.Tests.Concurrency;
using Npgsql;

namespace JanusQ.Ledger.Tests.Migrations;

/// <summary>What is recorded never changes (audit.md section 1), and the program can do its work all the same.</summary>
public sealed class AppendOnlyTests(PostgreSqlFixture postgres)
{
    private const string AppendOnly = "JQ001";

    /// <summary>What neither the program nor, without disabling triggers, the owner can do.</summary>
    private static readonly string[] Changes =
    [
        "update janusq.mt_events set data = '{}'", "update janusq.mt_events set is_archived = true where seq_id = 1",
        "delete from janusq.mt_events",
        "delete from janusq.mt_events where seq_id = 1", "truncate janusq.mt_events", "truncate janusq.mt_streams cascade",
        "update janusq.content set bytes = ''", "delete from janusq.content", "truncate janusq.content", "delete from janusq.mt_streams",
        "select janusq.mt_archive_stream(id) from janusq.mt_streams",
        "insert into janusq.content (sha256, size, encoding, bytes) select sha256, size, encoding, bytes from janusq.content "
            + "on conflict (sha256) do update set bytes = ''",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_programs_role_cannot_change_what_is_recorded_nor_what_protects_it()
    {
        await using var ledger = await ARecordedLedgerAsync();
        await using var program = await ALogin.MakeAsync(ledger.ConnectionString, "in role janusq_app");
        var owner = await ledger.ScalarAsync<string>("select current_user::text");
        string[] around =
        [
            "alter table janusq.mt_events disable trigger append_only", "alter table janusq.mt_events disable trigger all",
            "alter table janusq.content enable replica trigger append_only", "drop trigger append_only on janusq.mt_events",
            "create trigger mine before insert on janusq.mt_events for each row execute function janusq.refuse_change()",
            "create or replace function janusq.refuse_change() returns trigger language plpgsql as 'begin return old; end'",
            "drop function janusq.refuse_change cascade", "alter table janusq.mt_events owner to LOGIN", "drop table janusq.mt_events",
            "drop schema janusq cascade",
            "alter table janusq.mt_events drop constraint mt_events_carry_the_hash_of_their_data", "create table janusq.mine ()",
            "create rule mine as on insert to janusq.mt_events do instead nothing", "set session_replication_role = replica",
            $"set role {owner}", $"grant {owner} to LOGIN", "alter role LOGIN superuser",
            "update janusq.migration set name = ''", "insert into janusq.migration values (99, '', '')",
            "update janusq.mt_streams set is_archived = true", "update janusq.mt_streams set type = 'other'",
            "delete from janusq.mt_high_water_skips",
        ];
        var before = await EverythingAsync(ledger);
        foreach (var sql in Changes.Concat(around))
            Assert.True(await program.TryAsync(sql) == PostgresErrorCodes.InsufficientPrivilege, sql);

        // Granting what one may not grant is a warning in SQL: nothing is granted, which the comparison below shows.
        Assert.Null(await program.TryAsync("grant update on janusq.mt_events to LOGIN"));
        Assert.Equal(before, await EverythingAsync(ledger));
        Assert.Empty(await SchemaAssertion.FindDifferencesAsync(ledger.ConnectionString, Cancellation));
    }

    [Fact]
    public async Task the_owners_change_is_refused_by_name_even_while_triggers_are_off_for_replication()
    {
        await using var ledger = await ARecordedLedgerAsync();
        var before = await EverythingAsync(ledger);
        foreach (var mode in new[] { "origin", "replica" })
        {
            foreach (var sql in Changes)
            {
                await using var connection = new NpgsqlConnection(ledger.ConnectionString);
                await connection.OpenAsync(Cancellation);
                await using (var set = new NpgsqlCommand($"set session_replication_role = {mode}", connection))
                    await set.ExecuteNonQueryAsync(Cancellation);
                await using var command = new NpgsqlCommand(sql, connection);

                // Without its foreign key's trigger this removes stream heads alone; the events stay.
                if (mode == "replica" && sql == "delete from janusq.mt_streams") continue;
                var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
                Assert.True(
                    refused.SqlState == AppendOnly && refused.MessageText.StartsWith("append_only: ", StringComparison.Ordinal), sql);
                await using var reset = new NpgsqlCommand("reset session_replication_role", connection);
                await reset.ExecuteNonQueryAsync(Cancellation);
            }
        }

        Assert.Equal(before, await EverythingAsync(ledger));
    }

    [Fact]
    public async Task an_event_without_the_hash_of_its_data_is_not_recorded()
    {
        await using var ledger = await ARecordedLedgerAsync();
        foreach (var headers in new[] { "null", "'{}'", """'{"data_sha256": "abc"}'""", """'{"data_sha256": null}'""" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ledger.ExecuteAsync(
                $"""
                insert into janusq.mt_events (seq_id, id, stream_id, version, data, type, headers)
                select 1000, gen_random_uuid(), id, version + 1, '{"{}"}', 'lane_run_failed', {headers} from janusq.mt_streams limit 1
                """));
            Assert.Equal("mt_events_carry_the_hash_of_their_data", refused.ConstraintName);
        }
    }

    [Fact]
    public async Task as_the_programs_role_everything_that_the_program_does_is_done()
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using var program = await ALogin.OfTheProgramAsync(database);
        var options = new LedgerOptions
        {
            ConnectionString = program.ConnectionString,
            Accept = AcceptedRisks.VolatileServer,
            Clock = new RunningClock(),
        };
        await using (var host = await LedgerHost.OpenAsync(options, cancellation: Cancellation))
        {
            await PromotableRun.PrepareAsync(host, Cancellation);
            var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
            Assert.Equal(PromotionAction.Promote, (await first.PromoteAsync(host, Cancellation)).Decision!.Action);
            Assert.Equal(PromotionAction.Promote, (await second.PromoteAsync(host, Cancellation)).Decision!.Action);
            foreach (var action in Enum.GetValues<LoadAction>())
                await new LoadCommand(action, 2).IssueAsync(host, $"mark-{action}", Cancellation);
            await host.SendAsync(ALedger.AFinishedRun(), Cancellation);
            await host.SendAsync(ALedger.AFinishedRun(), Cancellation);
            await host.SendAsync(ALedger.ARun(9), Cancellation);

            // Larger than what goes with its events.
            await host.Content.PutAsync(new JanusQ.Ledger.Content.DocumentContent(new byte[1_000_000]), Cancellation);
            Assert.True(await new LedgerInvariants(host, program.ConnectionString).CheckAsync() >= 2);
            Assert.All(
                await host.Projections.RebuildAsync(cancellation: Cancellation),
                (ProjectionComparison one) => Assert.True(one.IsEqual, one.ToString()));
            Assert.True((await host.Queries.StatusAsync(Cancellation)).Contents > 10);
            Assert.Empty(await StartUpFindingsAsync(program.ConnectionString));
        }

        // Kept current in the background, as a server does.
        await using var server = await LedgerHost.StartAsync(options, cancellation: Cancellation);
        using var daemon = await server.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await server.SendAsync(ALedger.AFinishedRun(77), Cancellation);
        var last = (await server.Queries.StatusAsync(Cancellation)).LastSequence;
        for (var i = 0; i < 300; i++)
        {
            if ((await server.Projections.ProgressAsync(Cancellation)).All(one => (one.Sequence ?? last) >= last)) return;
            await Task.Delay(100, Cancellation);
        }

        Assert.Fail("The projections do not follow.");
    }

    [Fact]
    public async Task an_auditor_reads_everything_and_writes_nowhere()
    {
        await using var ledger = await ARecordedLedgerAsync();
        await using var auditor = await ALogin.MakeAsync(ledger.ConnectionString, "in role janusq_auditor");
        var tables = await ledger.ListAsync(
            "select table_schema || '.' || table_name from information_schema.tables where table_schema in ('janusq', 'compliance') "
            + "order by 1");
        Assert.True(tables.Count > 30);
        foreach (var table in tables)
        {
            Assert.Null(await auditor.TryAsync($"select * from {table}"));
            foreach (var sql in new[]
            {
                $"insert into {table} default values",
                $"delete from {table}",
                $"truncate {table}",
                $"drop table {table}",
            })
                Assert.True(await auditor.TryAsync(sql) == PostgresErrorCodes.InsufficientPrivilege, sql);
        }

        Assert.Null(await auditor.TryAsync("select last_value from janusq.mt_events_sequence"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await auditor.TryAsync("select nextval('janusq.mt_events_sequence')"));
    }

    private static async Task<IReadOnlyList<string>> StartUpFindingsAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        return [.. (await StartUpChecks.FindAsync(source, Cancellation)).Select(one => one.Refusal.Code).Where(
            code => code != "server_not_durable")];
    }

    private static async Task<string> EverythingAsync(ALedger ledger) => string.Join('\n', await ledger.ListAsync(
        """
        select to_jsonb(e)::text from janusq.mt_events e
        union all select to_jsonb(c)::text from janusq.content c
        union all select to_jsonb(s)::text from janusq.mt_streams s order by 1
        """));

    private async Task<ALedger> ARecordedLedgerAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(artifacts: 2), Cancellation);
        return ledger;
    }
}
