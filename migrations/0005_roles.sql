-- Who may do what. Three roles that nobody logs in as; whoever does is a member of one:
--   janusq_app         the program: reads everything, inserts events and documents, and changes nothing but stream heads, progress and what
--                      is derived from the events
--   janusq_compliance  reads the flat tables for compliance, and nothing else
--   janusq_auditor     reads everything
-- Roles belong to the whole server, so another database may have made them, or may be making them now.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['janusq_app', 'janusq_compliance', 'janusq_auditor'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception
                when duplicate_object or unique_violation then
                    null;
                when insufficient_privilege then
                    raise exception 'role_missing: % is not there and % may not make it; let an administrator run: create role % nologin',
                        wanted, current_user, wanted using errcode = 'JQ002';
            end;
        end if;
    end loop;
end
$$;

revoke all on schema janusq, compliance from public;

grant usage on schema janusq to janusq_app;
grant select on all tables in schema janusq to janusq_app;
grant usage, select on all sequences in schema janusq to janusq_app;

-- Recorded for good.
grant insert on janusq.mt_events, janusq.content, janusq.mt_high_water_skips, janusq.mt_doc_deadletterevent to janusq_app;

-- A stream's head moves; what kind of stream it is and whether it is archived does not.
grant insert, update (version, timestamp) on janusq.mt_streams to janusq_app;
grant insert, update on janusq.mt_event_progression, janusq.mt_event_projection_floors to janusq_app;

-- Derived from the events, and made anew from them.
grant insert, update, delete on
    janusq.mt_doc_candidate, janusq.mt_doc_champion_slot, janusq.mt_doc_decision, janusq.mt_doc_gate_failure_statistics,
    janusq.mt_doc_lane_run, janusq.mt_doc_policy_book, janusq.mt_doc_safety_controls to janusq_app;
grant usage on schema compliance to janusq_app;
grant select, insert, update, delete on all tables in schema compliance to janusq_app;

grant usage on schema compliance to janusq_compliance;
grant select on all tables in schema compliance to janusq_compliance;

grant usage on schema janusq, compliance to janusq_auditor;
grant select on all tables in schema janusq to janusq_auditor;
grant select on all sequences in schema janusq to janusq_auditor;
grant select on all tables in schema compliance to janusq_auditor;
