#!/usr/bin/env bash
# Makes each service's roles and database on the server that PGHOST, PGUSER and PGPASSWORD name. Safe to repeat.
# For every service X it needs X_OWNER_PASSWORD, X_APP_PASSWORD and X_READER_PASSWORD.
set -euo pipefail

folder="$(dirname "${BASH_SOURCE[0]}")"

password() {
  local name="${1}_PASSWORD"
  printf '%s' "${!name:?is not set}"
}

for service in consent families frontend gateway partners referrals; do
  prefix="${service^^}"
  OWNER_PASSWORD="$(password "${prefix}_OWNER")" \
    APP_PASSWORD="$(password "${prefix}_APP")" \
    READER_PASSWORD="$(password "${prefix}_READER")" \
    psql --no-psqlrc --quiet --dbname postgres --set "service=${service}" --file "${folder}/service.sql"
  echo "The database ${service} and its three roles are there."
done
