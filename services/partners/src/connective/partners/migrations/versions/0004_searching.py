"""Search by words and by age from indexes alone, and unmet need by district and age band."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_WORDS = """
INSERT INTO directory_word SELECT s.place_id, w.word, s.id, e.easting, e.northing
FROM service s JOIN organisation o ON o.id = s.organisation_id
LEFT JOIN LATERAL (SELECT easting, northing FROM directory_entry WHERE service_id = s.id LIMIT 1) e ON true,
LATERAL unnest(tsvector_to_array(to_tsvector('english', concat_ws(' ', s.name, s.description, o.name)))) AS w(word)
WHERE s.status IN ('active', 'temporarily closed')
"""
_INDEX = """
CREATE UNIQUE INDEX directory_entry_search ON directory_entry (place_id, need, cell, service_id)
INCLUDE (easting, northing{ages})
"""
_FORCED = ("service", "organisation", "directory_entry", "directory_word", "unmet_need")
_UNMET_KEY = "ALTER TABLE unmet_need DROP CONSTRAINT unmet_need_pkey, ADD PRIMARY KEY ({columns})"


def _force(word: str) -> None:
    """The owner is held by the policies too while they are forced, and belongs to no place."""
    for table in _FORCED:
        op.execute(f"ALTER TABLE {table} {word} FORCE ROW LEVEL SECURITY".replace("  ", " "))


def upgrade() -> None:
    op.execute("""CREATE TABLE directory_word (place_id uuid NOT NULL, word text NOT NULL,
        service_id uuid NOT NULL REFERENCES service, easting int, northing int)""")
    op.execute("ALTER TABLE directory_word ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON directory_word USING ({_IN_PLACE})")
    op.execute("ALTER TABLE directory_entry ADD COLUMN minimum_age int, ADD COLUMN maximum_age int")
    op.execute("ALTER TABLE unmet_need ADD COLUMN district text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE unmet_need ADD COLUMN age_band text NOT NULL DEFAULT 'any'")
    _force("NO")
    op.execute("""UPDATE directory_entry e SET minimum_age = s.minimum_age, maximum_age = s.maximum_age
        FROM service s WHERE s.id = e.service_id""")
    op.execute(_WORDS)
    op.execute(_UNMET_KEY.format(columns="place_id, outward, district, need, age_band, week"))
    _force("")
    op.execute("""CREATE UNIQUE INDEX directory_word_search ON directory_word (place_id, word, service_id)
        INCLUDE (easting, northing)""")
    op.execute("CREATE INDEX directory_word_service ON directory_word (service_id)")
    op.execute("DROP INDEX directory_entry_search")
    op.execute(_INDEX.format(ages=", minimum_age, maximum_age"))


def downgrade() -> None:
    op.execute("DROP INDEX directory_entry_search")
    op.execute("ALTER TABLE directory_entry DROP COLUMN minimum_age, DROP COLUMN maximum_age")
    op.execute(_INDEX.format(ages=""))
    op.execute("DROP TABLE directory_word")
    # Counts by week alone cannot hold two bands of one need: the finer ones go.
    op.execute("ALTER TABLE unmet_need NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM unmet_need WHERE age_band <> 'any' OR district <> ''")
    op.execute("ALTER TABLE unmet_need FORCE ROW LEVEL SECURITY")
    op.execute(_UNMET_KEY.format(columns="place_id, outward, need, week"))
    op.execute("ALTER TABLE unmet_need DROP COLUMN district, DROP COLUMN age_band")
