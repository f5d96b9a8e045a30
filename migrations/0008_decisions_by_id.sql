-- A decision is asked for by its id alone; without this index every decision ever made would be read for it.

create index decisions_by_id on compliance.decisions (decision_id);
