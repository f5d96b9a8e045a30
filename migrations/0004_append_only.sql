-- Recorded events and stored documents never change (audit.md section 1): not for the owner of the tables, not for a superuser who does not
-- disable the triggers, and not while triggers are switched off for replication.

create function janusq.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'append_only: % on %.% is refused, because what is recorded never changes', tg_op, tg_table_schema, tg_table_name
        using errcode = 'JQ001';
end
$$;
comment on function janusq.refuse_change() is 'Refuses whatever would change or remove recorded rows.';

create trigger append_only before update or delete on janusq.mt_events for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.mt_events for each statement execute function janusq.refuse_change();
alter table janusq.mt_events enable always trigger append_only, enable always trigger append_only_truncate;

create trigger append_only before update or delete on janusq.content for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.content for each statement execute function janusq.refuse_change();
alter table janusq.content enable always trigger append_only, enable always trigger append_only_truncate;

-- An event without the hash of its data could never be proved. A tombstone stands for a sequence number that was drawn and not used.
alter table janusq.mt_events add constraint mt_events_carry_the_hash_of_their_data
    check (type = 'tombstone' or coalesce(headers ->> 'data_sha256', '') ~ '^[0-9a-f]{64}$');
