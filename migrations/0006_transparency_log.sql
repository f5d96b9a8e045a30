-- The transparency log (audit.md section 3): every event as a leaf of one Merkle tree (RFC 6962), the full tiles of its hashes (C2SP
-- tlog-tiles), the checkpoints that were signed and the cosignatures of witnesses. Rows are only ever inserted. Partial tiles are not kept:
-- they follow from the leaves and the full tiles. The bytes of a leaf are not kept either: they follow from the event's row, and its hash
-- says whether that row is still what it was.

create table janusq.log_leaf (
    log_index      bigint primary key,
    event_sequence bigint not null unique,
    event_id       uuid   not null unique,
    leaf_hash      bytea  not null,
    constraint log_leaf_index_is_not_negative check (log_index >= 0),
    constraint log_leaf_hash_has_32_bytes check (octet_length(leaf_hash) = 32)
);

comment on table janusq.log_leaf is 'One row an event that the log has taken. Inserted by one writer at a time, never changed.';
comment on column janusq.log_leaf.log_index is 'Position in the log, from 0 and without gaps.';
comment on column janusq.log_leaf.event_sequence is 'Sequence of the event in the store; grows with the position but may have gaps.';
comment on column janusq.log_leaf.event_id is 'Id of the event.';
comment on column janusq.log_leaf.leaf_hash is 'SHA-256 of a zero byte and the canonical JSON of the event''s envelope, 32 bytes.';

create table janusq.log_tile (
    level  smallint not null,
    number bigint   not null,
    hashes bytea    not null,
    primary key (level, number),
    constraint log_tile_level_is_one_of_a_tree check (level between 0 and 7),
    constraint log_tile_number_is_not_negative check (number >= 0),
    constraint log_tile_is_full check (octet_length(hashes) = 8192)
);

alter table janusq.log_tile alter column hashes set storage external;
comment on table janusq.log_tile is 'The full tiles of the tree''s hashes, written in the transaction of the leaf that completes them.';
comment on column janusq.log_tile.level is '0 for the hashes of leaves; above it one hash for every full tile of the level below.';
comment on column janusq.log_tile.number is 'Position among the tiles of the level, from 0.';
comment on column janusq.log_tile.hashes is '256 hashes of 32 bytes, one behind the other.';

create table janusq.log_checkpoint (
    tree_size bigint primary key,
    root      bytea  not null,
    note      text   not null,
    key_id    bigint not null,
    issued_at timestamptz not null,
    constraint log_checkpoint_size_is_positive check (tree_size > 0),
    constraint log_checkpoint_root_has_32_bytes check (octet_length(root) = 32),
    constraint log_checkpoint_key_id_has_32_bits check (key_id between 0 and 4294967295)
);

comment on table janusq.log_checkpoint is 'The checkpoints that the log has signed: one a size, so never two roots for one.';
comment on column janusq.log_checkpoint.tree_size is 'Number of leaves that it speaks for.';
comment on column janusq.log_checkpoint.root is 'Root of the tree of that size, 32 bytes.';
comment on column janusq.log_checkpoint.note is 'The signed note as it was first handed out, without cosignatures.';
comment on column janusq.log_checkpoint.key_id is 'Id of the key that signed it, as the note''s signature line has it.';
comment on column janusq.log_checkpoint.issued_at is 'When it was signed, by the clock of who signed.';

create table janusq.log_cosignature (
    tree_size   bigint not null references janusq.log_checkpoint (tree_size),
    witness     text   not null,
    cosigned_at timestamptz not null,
    signature   text   not null,
    primary key (tree_size, witness, cosigned_at)
);

comment on table janusq.log_cosignature is 'Cosignatures that witnesses made of checkpoints, verified before they were kept.';
comment on column janusq.log_cosignature.tree_size is 'The checkpoint, by its size.';
comment on column janusq.log_cosignature.witness is 'The witness''s verifier key.';
comment on column janusq.log_cosignature.cosigned_at is 'When it cosigned, as the signature itself says.';
comment on column janusq.log_cosignature.signature is 'The signature line.';

-- What is behind the last leaf may be added and nothing else, so that two writers can never leave a gap or another order.
create function janusq.log_check_leaves() returns trigger language plpgsql as $$
declare
    first_index bigint;
    last_index  bigint;
    added       bigint;
    before      bigint;
begin
    select min(log_index), max(log_index), count(*) into first_index, last_index, added from added_leaf;
    if added = 0 then return null; end if;
    select event_sequence into before from janusq.log_leaf where log_index = first_index - 1;
    if last_index - first_index + 1 <> added or (before is null and first_index <> 0) then
        raise exception 'leaves % to % leave a gap in the log', first_index, last_index using errcode = 'JQ003';
    end if;
    if exists (
        select from (
            select event_sequence, lag(event_sequence, 1, coalesce(before, -1)) over (order by log_index) as previous from added_leaf) pair
        where event_sequence <= previous)
    then
        raise exception 'leaves % to % are not in the order of their events', first_index, last_index
            using errcode = 'JQ003';
    end if;
    return null;
end $$;
comment on function janusq.log_check_leaves() is 'Refuses leaves that leave a gap in the log or another order than that of their events.';

create function janusq.log_check_checkpoint() returns trigger language plpgsql as $$
begin
    if not exists (select from janusq.log_leaf where log_index = new.tree_size - 1) then
        raise exception 'the log holds fewer than % leaves', new.tree_size using errcode = 'JQ003';
    end if;
    if exists (select from janusq.log_checkpoint where tree_size > new.tree_size) then
        raise exception 'a larger checkpoint than % is signed already', new.tree_size using errcode = 'JQ003';
    end if;
    return new;
end $$;
comment on function janusq.log_check_checkpoint() is 'Refuses a checkpoint of leaves that are not there, or behind a larger one.';

create trigger log_leaf_continues after insert on janusq.log_leaf
    referencing new table as added_leaf for each statement execute function janusq.log_check_leaves();
create trigger log_checkpoint_continues before insert on janusq.log_checkpoint
    for each row execute function janusq.log_check_checkpoint();

create trigger append_only before update or delete on janusq.log_leaf for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.log_leaf for each statement execute function janusq.refuse_change();
alter table janusq.log_leaf enable always trigger append_only, enable always trigger append_only_truncate;

create trigger append_only before update or delete on janusq.log_tile for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.log_tile for each statement execute function janusq.refuse_change();
alter table janusq.log_tile enable always trigger append_only, enable always trigger append_only_truncate;

create trigger append_only before update or delete on janusq.log_checkpoint for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.log_checkpoint for each statement execute function janusq.refuse_change();
alter table janusq.log_checkpoint enable always trigger append_only, enable always trigger append_only_truncate;

create trigger append_only before update or delete on janusq.log_cosignature for each row execute function janusq.refuse_change();
create trigger append_only_truncate before truncate on janusq.log_cosignature for each statement execute function janusq.refuse_change();
alter table janusq.log_cosignature enable always trigger append_only, enable always trigger append_only_truncate;

-- A session that replicates fires only triggers that are enabled always.
alter table janusq.log_leaf enable always trigger log_leaf_continues;
alter table janusq.log_checkpoint enable always trigger log_checkpoint_continues;

grant select, insert on janusq.log_leaf, janusq.log_tile, janusq.log_checkpoint, janusq.log_cosignature to janusq_app;
grant select on janusq.log_leaf, janusq.log_tile, janusq.log_checkpoint, janusq.log_cosignature to janusq_auditor;
