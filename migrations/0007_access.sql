-- Who may reach the ledger over HTTP, and who was refused. Neither is part of the ledger: no event names a key, and no decision rests on one.
-- Of a key only the hash is kept; it is made once, never changed but to be revoked, and never removed, so that whoever acted under its name
-- can be told later.

create table janusq.api_key (
    key_id     text  primary key,
    sha256     bytea not null unique,
    name       text  not null,
    role       text  not null,
    created_at timestamptz not null,
    created_by text  not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    constraint api_key_id_is_of_its_hash check (key_id = 'key-' || left(encode(sha256, 'hex'), 12)),
    constraint api_key_sha256_has_32_bytes check (octet_length(sha256) = 32),
    constraint api_key_name_is_plain check (name ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$'),
    constraint api_key_role_is_one check (role in ('worker', 'operator', 'approver', 'compliance', 'auditor', 'admin')),
    constraint api_key_expires_after_it_was_made check (expires_at > created_at)
);

comment on table janusq.api_key is 'The API keys that were ever made. A row is inserted once; nothing of it changes but revoked_at, once.';
comment on column janusq.api_key.key_id is 'What people name the key by: key- and the first 12 hex digits of its hash.';
comment on column janusq.api_key.sha256 is 'SHA-256 of the key''s text, 32 bytes. The key itself is kept nowhere.';
comment on column janusq.api_key.name is 'Who holds it: the actor of the events that come in with it. Several keys may have one name.';
comment on column janusq.api_key.role is 'The role in which its holder acts.';
comment on column janusq.api_key.created_at is 'When it was made.';
comment on column janusq.api_key.created_by is 'Who made it.';
comment on column janusq.api_key.expires_at is 'From which instant on it no longer counts; null: it does not expire.';
comment on column janusq.api_key.revoked_at is 'From which instant on it no longer counts, because it was revoked.';

create function janusq.check_key_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if old.revoked_at is null and new.revoked_at is not null
            and (new.key_id, new.sha256, new.name, new.role, new.created_at, new.created_by)
                = (old.key_id, old.sha256, old.name, old.role, old.created_at, old.created_by)
            and new.expires_at is not distinct from old.expires_at
        then
            return new;
        end if;
        raise exception 'append_only: a key is revoked once and not changed otherwise' using errcode = 'JQ001';
    end if;
    raise exception 'append_only: % on %.% is refused, because keys are kept for good', tg_op, tg_table_schema, tg_table_name
        using errcode = 'JQ001';
end
$$;
comment on function janusq.check_key_change() is 'Lets a key be revoked once, and refuses every other change.';

create trigger revoked_only before update or delete on janusq.api_key for each row execute function janusq.check_key_change();
create trigger revoked_only_truncate before truncate on janusq.api_key for each statement execute function janusq.check_key_change();
alter table janusq.api_key enable always trigger revoked_only, enable always trigger revoked_only_truncate;

create table janusq.security_log (
    entry          bigint generated always as identity primary key,
    refused_at     timestamptz not null,
    status         smallint not null,
    code           text not null,
    actor          text,
    role           text,
    key_name       text,
    address        text,
    method         text not null,
    path           text not null,
    correlation_id text not null,
    constraint security_log_status_is_one_of_refusals check (status between 400 and 499),
    constraint security_log_texts_are_short check (
        length(code) <= 100 and length(actor) <= 200 and length(role) <= 50 and length(key_name) <= 100 and length(address) <= 100
        and length(method) <= 20 and length(path) <= 500 and length(correlation_id) <= 200)
);

create index security_log_by_time on janusq.security_log (refused_at);

comment on table janusq.security_log is 'Requests that the server refused: who asked for what, and why not. Rows are only ever inserted.';
comment on column janusq.security_log.entry is 'Number of the entry, growing; may have gaps.';
comment on column janusq.security_log.refused_at is 'When the request was refused, by the server''s clock.';
comment on column janusq.security_log.status is 'HTTP status of the answer.';
comment on column janusq.security_log.code is 'Why, for instance key_revoked, token_expired, not_authorised, rate_limited, content_too_large.';
comment on column janusq.security_log.actor is 'Who asked, as authenticated; null where nobody was.';
comment on column janusq.security_log.role is 'The role of the one who asked.';
comment on column janusq.security_log.key_name is 'Name of the key that was shown, also of one that no longer counts; null without a key that is known.';
comment on column janusq.security_log.address is 'Address of the one who asked, as the server sees it.';
comment on column janusq.security_log.method is 'HTTP method; empty where the request was not read so far.';
comment on column janusq.security_log.path is 'Path without the query, cut after 500 characters and without control characters.';
comment on column janusq.security_log.correlation_id is 'The correlation id of the answer.';

create trigger append_only before update or delete on janusq.security_log for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.security_log for each statement execute function janusq.refuse_change();
alter table janusq.security_log enable always trigger append_only, enable always trigger append_only_truncate;

grant select, insert, update (revoked_at) on janusq.api_key to janusq_app;
grant select, insert on janusq.security_log to janusq_app;
grant select on janusq.api_key, janusq.security_log to janusq_auditor;
