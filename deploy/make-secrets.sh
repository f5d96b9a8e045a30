#!/bin/sh
# Makes the passwords of the composed system, each once; what is there stays. The folder is closed to others on this machine, while the
# files are readable for the users that the containers run as.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 700 "$folder"
for who in owner server; do
  file=$folder/${who}_password
  [ -s "$file" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$file"
  printf 'database:5432:*:janusq_%s:%s\n' "$who" "$(cat "$file")" >"$folder/${who}_pgpass"
  chmod 644 "$file" "$folder/${who}_pgpass"
done
