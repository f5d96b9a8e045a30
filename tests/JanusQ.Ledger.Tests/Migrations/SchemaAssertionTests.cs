using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Migrations;

/// <summary>Whatever is changed in the schema by hand is found, and said.</summary>
public sealed class SchemaAssertionTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A change, the kind of the difference, and what it says.</summary>
    public static TheoryData<string, string, string> Changes => new()
    {
        { "drop table compliance.pauses", "missing", "table compliance.pauses" },
        { "create table janusq.more (id integer)", "unexpected", "column janusq.more.id integer" },
        { "create view compliance.more as select 1 as one", "unexpected", "relation of kind v compliance.more" },
        { "alter table janusq.mt_events add column more text", "unexpected", "column janusq.mt_events.more text" },
        { "alter table janusq.mt_streams drop column compacted_version", "missing", "column janusq.mt_streams.compacted_version" },
        { "alter table janusq.mt_streams drop column compacted_version", "event_store", "compacted_version" },
        { "alter table compliance.artifacts alter column size type numeric", "unexpected", "column compliance.artifacts.size numeric" },
        { "alter table compliance.artifacts alter column size drop not null", "unexpected", "column compliance.artifacts.size bigint" },
        { "alter table janusq.content alter column created set default '2000-01-01'", "missing", "column janusq.content.created" },
        { "alter table janusq.content alter column bytes set storage extended", "missing",
            "column janusq.content.bytes bytea not null storage e" },
        { "alter table janusq.content reset (toast_tuple_target)", "missing", "table janusq.content with (toast_tuple_target=8160)" },
        { "alter table janusq.content drop constraint content_sha256_has_32_bytes", "missing", "content_sha256_has_32_bytes" },
        { "alter table janusq.mt_events drop constraint mt_events_carry_the_hash_of_their_data", "missing",
            "mt_events_carry_the_hash_of_their_data" },
        { "alter table janusq.mt_events drop constraint fkey_mt_events_stream_id", "missing", "fkey_mt_events_stream_id" },
        { "drop index janusq.mt_doc_candidate_by_stage", "missing", "mt_doc_candidate_by_stage" },
        { "drop index janusq.mt_doc_candidate_by_stage", "event_store", "mt_doc_candidate_by_stage" },
        { "create index more on compliance.decisions (decided_at, candidate_id)", "unexpected", "INDEX more" },
        { "alter sequence janusq.mt_events_sequence increment by 2", "unexpected",
            "sequence janusq.mt_events_sequence of bigint from 1 by 2" },
        { "alter table janusq.mt_events disable trigger append_only", "unexpected", "trigger janusq.mt_events disabled" },
        { "alter table janusq.mt_events enable trigger append_only_truncate", "missing",
            "trigger janusq.mt_events always CREATE TRIGGER append_only_truncate" },
        { "drop trigger append_only on janusq.content", "missing", "trigger janusq.content always CREATE TRIGGER append_only BEFORE" },
        { "alter table janusq.mt_events disable trigger all", "unexpected", "trigger janusq.mt_events of a foreign key, not enabled" },
        {
            "create or replace function janusq.refuse_change() returns trigger language plpgsql as 'begin return old; end'", "unexpected",
            "function janusq.refuse_change() returns trigger"
        },
        { "alter function janusq.mt_mark_event_progression security definer", "unexpected", "security definer" },
        { "create function janusq.more() returns int language sql as 'select 1'", "unexpected", "function janusq.more()" },
        { "drop function janusq.mt_quick_append_events", "event_store", "mt_quick_append_events" },
        { "create rule more as on insert to janusq.content do also nothing", "unexpected", "rule janusq.content more" },
        { "alter table janusq.mt_events enable row level security", "unexpected", "table janusq.mt_events row security" },
        { "create policy more on janusq.mt_events for select using (true)", "unexpected", "policy janusq.mt_events more" },
        { "grant update on janusq.mt_events to janusq_app", "unexpected",
            "right table janusq.mt_events janusq_app INSERT, SELECT, UPDATE" },
        { "grant update (data) on janusq.mt_events to janusq_app", "unexpected", "right column janusq.mt_events.data janusq_app UPDATE" },
        { "revoke insert on janusq.content from janusq_app", "missing", "right table janusq.content janusq_app INSERT, SELECT" },
        { "grant select on janusq.content to public", "unexpected", "right table janusq.content public SELECT" },
        { "grant create on schema compliance to janusq_compliance", "unexpected",
            "right schema compliance janusq_compliance CREATE, USAGE" },
        { "grant select on janusq.content to janusq_auditor with grant option", "unexpected", "SELECT with grant option" },
        { "grant usage on sequence janusq.mt_events_sequence to janusq_auditor", "unexpected",
            "right sequence janusq.mt_events_sequence janusq_auditor SELECT, USAGE" },
        { "revoke execute on function janusq.refuse_change from public", "missing",
            "right function janusq.refuse_change() public EXECUTE" },
        { "alter table janusq.mt_events owner to pg_monitor", "unexpected", "owner of janusq.mt_events is not the owner of its schema" },
        { "comment on column compliance.pauses.reason is 'Something else.'", "missing", "comment compliance.pauses.reason" },
        { "comment on schema compliance is null", "missing", "comment schema compliance" },
        { "create type janusq.mood as enum ('fine')", "unexpected", "type janusq.mood" },
        { "delete from janusq.migration where number = (select max(number) from janusq.migration)", "migration", "is not applied." },
        { "update janusq.migration set sha256 = repeat('0', 64) where number = 1", "migration", "migration_changed" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task a_change_by_hand_is_found(string sql, string kind, string what)
    {
        await using var database = await postgres.NewLedgerDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(database.ConnectionString))
        await using (var command = source.CreateCommand(sql))
            await command.ExecuteNonQueryAsync(Cancellation);
        var differences = await SchemaAssertion.FindDifferencesAsync(database.ConnectionString, Cancellation);
        Assert.Contains(differences, one => one.Kind == kind && one.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void lines_that_are_there_twice_count_twice()
    {
        Assert.Equal([new SchemaDifference("missing", "a")], SchemaAssertion.Compare(["a", "a", "b"], ["a", "b"]));
        Assert.Equal([new SchemaDifference("unexpected", "a")], SchemaAssertion.Compare(["a"], ["a", "a"]));
    }
}
