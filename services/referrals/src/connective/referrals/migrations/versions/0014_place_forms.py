"""Forms that a place adds. What requests are made on never changes: the table itself refuses that."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"

_TABLE = """
CREATE TABLE place_form (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    kind text NOT NULL,
    form_version integer NOT NULL CHECK (form_version > 1000),
    title text NOT NULL,
    one_subject boolean NOT NULL,
    required_categories text[] NOT NULL,
    useful_categories text[] NOT NULL,
    fields jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    version integer NOT NULL,
    drafted_by text NOT NULL,
    drafted_at timestamptz NOT NULL,
    published_by text,
    published_at timestamptz,
    retired_by text,
    retired_at timestamptz,
    UNIQUE (place_id, kind, form_version)
)
"""
_INDEXES = (
    "CREATE UNIQUE INDEX place_form_draft ON place_form (place_id, kind) WHERE state = 'draft'",
    "CREATE UNIQUE INDEX place_form_published ON place_form (place_id, kind) WHERE state = 'published'",
)
_REFUSE = """
CREATE FUNCTION refuse_other_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a form that was published never changes';
END
$$
"""
_TRIGGER = """
CREATE TRIGGER published_forms_stay BEFORE UPDATE ON place_form FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL AND
      (OLD.title, OLD.one_subject, OLD.required_categories, OLD.useful_categories, OLD.fields, OLD.published_at)
      IS DISTINCT FROM
      (NEW.title, NEW.one_subject, NEW.required_categories, NEW.useful_categories, NEW.fields, NEW.published_at))
EXECUTE FUNCTION refuse_other_form()
"""
_CHANGES = (
    "title, one_subject, required_categories, useful_categories, fields, "
    "state, version, published_by, published_at, retired_by, retired_at"
)


def upgrade() -> None:
    op.execute(_TABLE)
    for statement in _INDEXES:
        op.execute(statement)
    op.execute(_REFUSE)
    op.execute(_TRIGGER)
    op.execute("REVOKE UPDATE, DELETE ON place_form FROM referrals_app")
    op.execute(f"GRANT UPDATE ({_CHANGES}) ON place_form TO referrals_app")
    op.execute("ALTER TABLE place_form ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE place_form FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON place_form USING (place_id = {_PLACE} OR {_OWN_WORK})")


def downgrade() -> None:
    op.execute("DROP TABLE place_form")
    op.execute("DROP FUNCTION refuse_other_form()")
