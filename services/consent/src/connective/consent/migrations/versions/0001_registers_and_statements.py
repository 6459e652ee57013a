"""Registers of legal entities and agreements, and what families said."""

from alembic import op

from connective.kit.migrations import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REGISTERS = """
CREATE TABLE legal_entity (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  ico_registration text NOT NULL,
  ico_registered_until date NOT NULL,
  training_valid_until date NOT NULL,
  dpo_contact text NOT NULL,
  processing_signed_at timestamptz,
  processing_ends_on date,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (place_id, name)
);
CREATE TABLE processing_agreement (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL REFERENCES legal_entity,
  document_reference text NOT NULL,
  confirms text[] NOT NULL,
  signed_by text NOT NULL,
  signed_at timestamptz NOT NULL,
  ends_on date
);
CREATE INDEX processing_agreement_entity ON processing_agreement (legal_entity_id, signed_at);
CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  assurance_level text NOT NULL,
  version integer NOT NULL
);
CREATE INDEX organisation_entity ON organisation (legal_entity_id);
CREATE TABLE agreement (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  reference text NOT NULL,
  lead_entity_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (place_id, reference)
);
CREATE TABLE agreement_version (
  agreement_id uuid NOT NULL REFERENCES agreement,
  number integer NOT NULL,
  place_id uuid NOT NULL,
  state text NOT NULL,
  title text NOT NULL,
  terms jsonb NOT NULL,
  text text NOT NULL,
  text_hash text NOT NULL,
  state_reason text NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  review_on date NOT NULL,
  seen_by uuid[] NOT NULL,
  changed_at timestamptz NOT NULL,
  revision integer NOT NULL,
  PRIMARY KEY (agreement_id, number)
);
CREATE INDEX agreement_version_listed ON agreement_version (place_id, agreement_id, number);
CREATE INDEX agreement_version_open ON agreement_version (state, ends_on)
  WHERE state IN ('awaiting_signatures', 'active', 'suspended');
CREATE TABLE agreement_act (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  number integer NOT NULL,
  act text NOT NULL,
  legal_entity_id uuid,
  actor_id text NOT NULL,
  approved boolean,
  text_hash text,
  note text NOT NULL,
  at timestamptz NOT NULL,
  FOREIGN KEY (agreement_id, number) REFERENCES agreement_version
);
CREATE INDEX agreement_act_version ON agreement_act (agreement_id, number, at);
CREATE TABLE agreement_flow (
  agreement_id uuid NOT NULL,
  version integer NOT NULL,
  line integer NOT NULL,
  place_id uuid NOT NULL,
  from_entity_id uuid NOT NULL,
  to_entity_id uuid NOT NULL,
  purpose text NOT NULL,
  reference text NOT NULL,
  state text NOT NULL,
  signed boolean NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  dpia_review_due_on date NOT NULL,
  categories text[] NOT NULL,
  methods text[] NOT NULL,
  people_covered text NOT NULL,
  excluded_organisation_ids uuid[] NOT NULL,
  discloser_basis jsonb NOT NULL,
  recipient_basis jsonb NOT NULL,
  PRIMARY KEY (agreement_id, version, line),
  FOREIGN KEY (agreement_id, version) REFERENCES agreement_version
);
CREATE INDEX agreement_flow_between ON agreement_flow (from_entity_id, to_entity_id, purpose);
"""

_PEOPLE = """
CREATE TABLE person_fact (
  person_id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  age_years integer,
  facts_at timestamptz NOT NULL
);
CREATE TABLE person_key (
  person_id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  key bytea NOT NULL
);
CREATE TABLE consent_record (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  family_id uuid,
  kind text NOT NULL,
  state text NOT NULL,
  giver_id uuid NOT NULL,
  recipient_organisation_ids uuid[] NOT NULL,
  service_kinds text[] NOT NULL,
  purposes text[] NOT NULL,
  categories text[] NOT NULL,
  how text NOT NULL,
  note text NOT NULL,
  recorded_by text NOT NULL,
  said_at timestamptz NOT NULL,
  expires_at timestamptz,
  withdrawn_at timestamptz,
  version integer NOT NULL
);
CREATE INDEX consent_record_expiring ON consent_record (expires_at) WHERE state = 'given';
CREATE TABLE consent_subject (
  consent_id uuid NOT NULL REFERENCES consent_record,
  person_id uuid NOT NULL,
  place_id uuid NOT NULL,
  authority text NOT NULL,
  competence jsonb,
  evidence text NOT NULL,
  PRIMARY KEY (consent_id, person_id)
);
CREATE INDEX consent_subject_person ON consent_subject (person_id, consent_id);
CREATE TABLE consent_act (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  consent_id uuid NOT NULL REFERENCES consent_record,
  act text NOT NULL,
  actor_id text NOT NULL,
  organisation_id uuid,
  note text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX consent_act_record ON consent_act (consent_id, at);
CREATE TABLE ruling (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  share boolean NOT NULL,
  recipient_organisation_ids uuid[] NOT NULL,
  service_kinds text[] NOT NULL,
  purposes text[] NOT NULL,
  categories text[] NOT NULL,
  reasons text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL
);
CREATE INDEX ruling_person ON ruling (person_id);
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  recipient_organisation_ids uuid[] NOT NULL,
  purposes text[] NOT NULL,
  how text NOT NULL,
  language text NOT NULL,
  document_reference text NOT NULL,
  told_on date NOT NULL,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE TABLE notice_subject (
  notice_id uuid NOT NULL REFERENCES notice,
  person_id uuid NOT NULL,
  place_id uuid NOT NULL,
  PRIMARY KEY (person_id, notice_id)
);
CREATE TABLE objection (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  raised_by uuid NOT NULL,
  state text NOT NULL,
  recipient_organisation_ids uuid[] NOT NULL,
  reason text NOT NULL,
  recorded_by text NOT NULL,
  raised_at timestamptz NOT NULL,
  resolved_by text,
  resolved_at timestamptz,
  resolution text NOT NULL,
  version integer NOT NULL
);
CREATE INDEX objection_person ON objection (person_id);
CREATE TABLE restriction (
  person_id uuid NOT NULL,
  kind text NOT NULL,
  place_id uuid NOT NULL,
  active boolean NOT NULL,
  named_organisation_ids uuid[] NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (person_id, kind)
);
CREATE TABLE safeguarding_override (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  recipient_organisation_id uuid NOT NULL,
  person_ids uuid[] NOT NULL,
  categories text[] NOT NULL,
  share boolean NOT NULL,
  reason text NOT NULL,
  risk_of_not_sharing text NOT NULL,
  family_told boolean NOT NULL,
  family_told_note text NOT NULL,
  used_by text NOT NULL,
  used_at timestamptz NOT NULL,
  stands_until timestamptz NOT NULL,
  review_by timestamptz NOT NULL,
  decision_id uuid NOT NULL,
  restriction_confirmed_by text,
  restriction_confirmed_at timestamptz,
  reviewed_by text,
  reviewed_at timestamptz,
  upheld boolean,
  review_note text NOT NULL,
  version integer NOT NULL
);
CREATE INDEX safeguarding_override_between
  ON safeguarding_override (organisation_id, recipient_organisation_id, stands_until);
CREATE TABLE one_off_disclosure (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  recipient_organisation_id uuid NOT NULL,
  ground text NOT NULL,
  person_ids uuid[] NOT NULL,
  categories text[] NOT NULL,
  condition text NOT NULL,
  reason text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  stands_until timestamptz NOT NULL
);
CREATE INDEX one_off_disclosure_between
  ON one_off_disclosure (organisation_id, recipient_organisation_id, stands_until);
"""

_ONLY_ADDED_TO = (
    "agreement_act",
    "consent_act",
    "consent_subject",
    "notice",
    "notice_subject",
    "one_off_disclosure",
    "processing_agreement",
    "ruling",
)
_CHANGED_NEVER_REMOVED = (
    "agreement",
    "agreement_version",
    "consent_record",
    "legal_entity",
    "objection",
    "safeguarding_override",
)
_ALSO_OF_A_PLACE = ("agreement_flow", "organisation", "person_fact", "person_key", "restriction")
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    create_kit_tables(op.get_bind())
    for part in (_REGISTERS, _PEOPLE):
        for statement in part.split(";")[:-1]:
            op.execute(statement)
    for table in _ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
    for table in _CHANGED_NEVER_REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM consent_app")
    for table in (*_ONLY_ADDED_TO, *_CHANGED_NEVER_REMOVED, *_ALSO_OF_A_PLACE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    for tables in (
        "one_off_disclosure, safeguarding_override, restriction, objection, notice_subject, notice, ruling",
        "consent_act, consent_subject, consent_record, person_key, person_fact",
        "agreement_flow, agreement_act, agreement_version, agreement, organisation",
        "processing_agreement, legal_entity",
    ):
        op.execute(f"DROP TABLE {tables}")
    drop_kit_tables(op.get_bind())
