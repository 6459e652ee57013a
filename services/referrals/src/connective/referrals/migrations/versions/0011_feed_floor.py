"""How far the feed has been removed, so that nobody who comes back late is met with silence; and what changed when."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NOTE = """
CREATE FUNCTION note_removed_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.outbox_head SET removed_to = greatest(removed_to, (SELECT max(feed_position) FROM gone))
    WHERE removed_to < (SELECT max(feed_position) FROM gone);
  RETURN NULL;
END
$$
"""
_TRIGGER = """
CREATE TRIGGER note_removed_part AFTER DELETE ON outbox
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_removed_part()
"""
# History is written in the order of time and never rewritten: a few bytes for every sixteen pages find an hour in it.
_CHANGED = """
CREATE INDEX request_history_changed ON request_history
USING brin (at) WITH (pages_per_range = 16, autosummarize = on)
"""


def upgrade() -> None:
    op.execute("ALTER TABLE outbox_head ADD COLUMN removed_to bigint NOT NULL DEFAULT 0")
    # What is gone already lies before the oldest that is left, or before the head where none is.
    op.execute("UPDATE outbox_head SET removed_to = coalesce((SELECT min(feed_position) - 1 FROM outbox), position, 0)")
    op.execute(_NOTE)
    op.execute(_TRIGGER)
    op.execute(_CHANGED)


def downgrade() -> None:
    op.execute("DROP INDEX request_history_changed")
    op.execute("DROP TRIGGER note_removed_part ON outbox")
    op.execute("DROP FUNCTION note_removed_part")
    op.execute("ALTER TABLE outbox_head DROP COLUMN removed_to")
