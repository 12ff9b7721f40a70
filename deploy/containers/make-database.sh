#!/bin/sh
# Once, when the volume of the database is empty: a role that owns its database and nothing else. After that nobody
# gets in as „postgres“ except inside the container (podman-compose exec db psql --username postgres).
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username postgres --dbname postgres <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
ALTER ROLE postgres PASSWORD NULL;
SQL
