#!/bin/sh
# Makes the secrets of the composed system, each once; what is there stays: the passwords, and the key that signs the transparency log,
# whose name is the log's origin (JANUSQ_LOG_ORIGIN, else one of its own). Into the folder JANUSQ_DEPLOY_SECRETS, else beside this script.
# The folder is closed to others on this machine, while the files are readable for the users that the containers run as. Needs openssl.
set -eu
export LC_ALL=C
folder=${JANUSQ_DEPLOY_SECRETS:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for who in owner server; do
  file=$folder/${who}_password
  [ -s "$file" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$file"
  printf 'database:5432:*:janusq_%s:%s\n' "$who" "$(cat "$file")" >"$folder/${who}_pgpass"
done

# The forms of 'janusq audit keygen', which needs a program built. Ends of the two DER forms: the seed and the public key, 32 bytes each.
key=$folder/log_key
if [ ! -s "$key" ]; then
  origin=${JANUSQ_LOG_ORIGIN:-janusq.local/$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')}
  case $origin in *[!!-~]* | *+*) echo "JANUSQ_LOG_ORIGIN holds a blank, a plus or what is not ASCII." >&2; exit 1 ;; esac
  openssl genpkey -algorithm ed25519 -outform DER -out "$key.der"
  openssl pkey -inform DER -in "$key.der" -pubout -outform DER -out "$key.pub"
  typed() { printf '\001'; tail -c 32 "$1"; }
  id=$({ printf '%s\n' "$origin"; typed "$key.pub"; } | openssl dgst -sha256 -r | cut -c 1-8)
  printf '%s+%s+%s\n' "$origin" "$id" "$(typed "$key.pub" | openssl base64 -A)" >>"$key.verifiers"
  printf 'PRIVATE+KEY+%s+%s+%s\n' "$origin" "$id" "$(typed "$key.der" | openssl base64 -A)" >"$key"
  rm "$key.der" "$key.pub"
fi
chmod 644 "$folder"/*
