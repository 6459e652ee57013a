"""Row security by organisation and person; and what an officer asks of those who have access: training, leaving, use.

The policies are restrictive: a row has to pass the place's policy and its own. `administering` is the work of who looks
after the accounts of the place, `officer` that of who answers for a legal entity (connective.gateway.storage.works).
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_TRAINING = """
CREATE TABLE training_record (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account, course text NOT NULL,
  completed_on date NOT NULL, valid_until date NOT NULL CHECK (valid_until > completed_on), recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL)
"""
_FUNCTION = """
CREATE FUNCTION officer_organisations() RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
SELECT o.organisation_id FROM public.organisation_state AS asker JOIN public.organisation_state AS o
  ON o.legal_entity_id = asker.legal_entity_id
WHERE asker.organisation_id = NULLIF(current_setting('app.organisation', true), '')::uuid
  AND current_setting('app.work', true) = 'officer'
$$
"""
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PERSON = "(SELECT CASE WHEN current_setting('app.kind', true) = 'person' THEN current_setting('app.actor')::uuid END)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ADMINISTERED = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
)
_OFFICERS = "SELECT officer_organisations()"
_POLICIES = {
    "account": f"{_ADMINISTERED} OR id = {_PERSON}"
    " OR EXISTS (SELECT FROM membership AS m WHERE m.account_id = account.id)",
    "membership": f"{_ADMINISTERED} OR account_id = {_PERSON} OR organisation_id IN ({_OFFICERS})",
    "training_record": f"{_ADMINISTERED} OR account_id = {_PERSON}"
    " OR EXISTS (SELECT FROM membership AS m WHERE m.account_id = training_record.account_id)",
    "client": f"{_ADMINISTERED} OR organisation_id = {_ASKER} OR organisation_id IN ({_OFFICERS})",
    "client_credential": "EXISTS (SELECT FROM client AS c WHERE c.id = client_credential.client_id)",
    # Signing in is the gateway's own work from end to end.
    "sign_in": _SERVICE,
    "session": _SERVICE,
    "authorization_code": _SERVICE,
    "refresh_token": _SERVICE,
}


def upgrade() -> None:
    op.execute("ALTER TABLE account ADD COLUMN last_sign_in_at timestamptz, ADD COLUMN left_on date")
    op.execute(_TRAINING)
    op.execute("CREATE INDEX training_record_account ON training_record (account_id, valid_until DESC)")
    op.execute("REVOKE UPDATE, DELETE ON training_record FROM gateway_app")
    op.execute("ALTER TABLE training_record ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE training_record FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON training_record USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON training_record USING ({_SERVICE})")
    op.execute(_FUNCTION)
    for table, condition in _POLICIES.items():
        op.execute(f"CREATE POLICY own ON {table} AS RESTRICTIVE USING ({condition})")


def downgrade() -> None:
    for table in _POLICIES:
        op.execute(f"DROP POLICY own ON {table}")
    op.execute("DROP FUNCTION officer_organisations()")
    op.execute("DROP TABLE training_record")
    op.execute("ALTER TABLE account DROP COLUMN last_sign_in_at, DROP COLUMN left_on")
