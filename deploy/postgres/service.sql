-- One service's roles and database, as a superuser. Safe to repeat: a new password is set, the rest stays.
-- Run by provide.sh with the psql variable `service`; passwords come from the environment, never from a command line.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv reader_password READER_PASSWORD
\set owner :service _owner
\set app :service _app
\set reader :service _reader

-- A failing statement is written to the server's log as it stands, and these hold passwords.
SET log_min_error_statement = panic;
SET log_statement = none;

REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY[:'owner', :'app', :'reader']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec

-- None of the three may pass by row-level security, or make other roles.
SELECT format(
  'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L', name, password
)
FROM unnest(
  ARRAY[:'owner', :'app', :'reader'], ARRAY[:'owner_password', :'app_password', :'reader_password']
) AS role (name, password)
\gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service')
\gexec

-- Only they may enter. Table grants are the migrations' to make.
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"owner", :"app", :"reader";
