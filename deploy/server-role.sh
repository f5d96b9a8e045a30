#!/bin/sh
# Makes the role that the server connects as, or gives it the password of today: a member of janusq_app, which changes nothing recorded.
set -eu
PGPASSWORD=$(cat /run/secrets/owner_password)
export PGPASSWORD
psql -X -q -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/server_password)" <<'SQL'
select 'create role janusq_server login in role janusq_app' where not exists (select from pg_roles where rolname = 'janusq_server') \gexec
alter role janusq_server password :'password';
grant connect on database janusq to janusq_server;
SQL
