"""No name on a card of somebody whose data are stored and not used, also where that was said before such cards were.

Whoever was restricted by a release that knew no nameless cards kept a card with a name, until something of their family
changed. Those who had none at all get theirs from the job `renew-cards`, which has the key that finds them.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
_AS_THE_SERVICE = "SELECT set_config('app.kind', 'service', true)"


def upgrade() -> None:
    op.execute(_AS_THE_SERVICE)
    op.execute(
        "UPDATE search_card AS c SET name = '', birth_year = NULL, stored_only = true"
        " FROM person AS p WHERE p.id = c.person_id AND p.processing_restricted AND NOT c.stored_only"
    )
    op.execute("CREATE INDEX person_stored_only ON person (id) WHERE processing_restricted")


def downgrade() -> None:
    # Names stay away: the release before this one writes them again only where nothing forbids it.
    op.execute("DROP INDEX person_stored_only")
