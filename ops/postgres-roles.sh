#!/bin/bash
# Runs once, when the database container is first started: the two roles of the portal and its database.
set -euo pipefail
: "${POSTGRES_OWNER_PASSWORD:?set POSTGRES_OWNER_PASSWORD in .env}"
: "${POSTGRES_APP_PASSWORD:?set POSTGRES_APP_PASSWORD in .env}"
psql -v ON_ERROR_STOP=1 -v owner="$POSTGRES_OWNER_PASSWORD" -v app="$POSTGRES_APP_PASSWORD" -U postgres <<'SQL'
CREATE ROLE quality_owner LOGIN PASSWORD :'owner';
CREATE ROLE quality_app LOGIN PASSWORD :'app';
CREATE DATABASE quality OWNER quality_owner;
SQL
