-- Appends all events of a call in one statement. The event store's own function inserts one event a statement, and takes one and a half times
-- as long for a run. The rest is as the event store has it: what it answers, its errors, and that a version is checked before a sequence
-- number is drawn. A test appends with both and compares.

create or replace function janusq.mt_quick_append_events(
    stream varchar, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[],
    bdatas bytea[], causation_ids varchar[], correlation_ids varchar[], headers jsonb[], user_names varchar[],
    timestamps timestamp with time zone[], expected_version bigint default null) returns bigint[] language plpgsql as $$
declare
    added constant bigint not null := coalesce(array_length(event_ids, 1), 0);
    event_version bigint;
    stream_is_archived boolean;
    actual_tenant varchar;
    sequences bigint[];
begin
    if expected_version is not null then
        select version, is_archived into event_version, stream_is_archived from janusq.mt_streams where id = stream for update;
        if coalesce(event_version, 0) != expected_version then
            raise exception 'Stream version mismatch on ''%'': expected %, actual %', stream, expected_version, coalesce(event_version, 0)
                using errcode = 'MT003';
        end if;
    else
        select version, is_archived into event_version, stream_is_archived from janusq.mt_streams where id = stream;
    end if;

    if event_version is null then
        event_version := 0;
        insert into janusq.mt_streams (id, type, version, timestamp, tenant_id) values (stream, stream_type, added, now(), tenantid);
    else
        if stream_is_archived then
            raise exception 'Attempted to append event to archived stream with Id ''%''.', stream using errcode = 'MT001';
        end if;
        if tenantid is not null then
            select tenant_id into actual_tenant from janusq.mt_streams where id = stream;
            if actual_tenant != tenantid then
                raise exception 'The tenantid does not match the existing stream';
            end if;
        end if;
        if added > 0 then
            update janusq.mt_streams set version = greatest(version, event_version + added), timestamp = now() where id = stream;
        end if;
    end if;

    with appended as (
        insert into janusq.mt_events (
            seq_id, id, stream_id, version, data, bdata, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id,
            correlation_id, headers, user_name)
        select nextval('janusq.mt_events_sequence'), event.id, stream, event_version + event.number, event.body, event.bdata, event.type,
            tenantid, event.at, event.dotnet_type, false, event.causation_id, event.correlation_id, event.header, event.user_name
        from unnest(
            event_ids, bodies, bdatas, event_types, timestamps, dotnet_types, causation_ids, correlation_ids, headers, user_names)
            with ordinality as event (
                id, body, bdata, type, at, dotnet_type, causation_id, correlation_id, header, user_name, number)
        returning seq_id, version)
    select array_agg(seq_id order by version) into sequences from appended;

    return (event_version + added) || sequences;
end
$$;
