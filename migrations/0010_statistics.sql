-- PostgreSQL samples 300 rows for every unit of the largest statistics target of a table, takes documents and events out of storage and
-- sorts what it finds: at the default of 100 one busy second on a processor that appends need, every minute while a ledger grows. What is
-- looked for here is unique or has few values, and a tenth of the sample says as much about it; documents as a whole are never compared.

alter table janusq.mt_events
    alter column seq_id set statistics 10,
    alter column id set statistics 10,
    alter column stream_id set statistics 10,
    alter column version set statistics 10,
    alter column data set statistics 0,
    alter column bdata set statistics 0,
    alter column type set statistics 10,
    alter column timestamp set statistics 10,
    alter column tenant_id set statistics 10,
    alter column mt_dotnet_type set statistics 10,
    alter column correlation_id set statistics 10,
    alter column causation_id set statistics 10,
    alter column headers set statistics 0,
    alter column user_name set statistics 10,
    alter column is_archived set statistics 10;

alter table janusq.mt_doc_candidate
    alter column id set statistics 10,
    alter column data set statistics 0,
    alter column mt_last_modified set statistics 10,
    alter column mt_dotnet_type set statistics 10,
    alter column mt_version set statistics 10;
alter index janusq.mt_doc_candidate_by_changed alter column 1 set statistics 10;
alter index janusq.mt_doc_candidate_by_stage alter column 1 set statistics 10;
alter index janusq.mt_doc_candidate_by_target alter column 1 set statistics 10;
alter index janusq.mt_doc_candidate_by_reasons alter column 1 set statistics 10;
alter index janusq.mt_doc_candidate_by_policies alter column 1 set statistics 10;

alter table janusq.content
    alter column sha256 set statistics 10,
    alter column size set statistics 10,
    alter column encoding set statistics 10,
    alter column bytes set statistics 0,
    alter column created set statistics 10;
