"""Systems have a budget of different people a day too: whom it is kept of may be a system, and not an account alone.

The column keeps its name, so that processes of before go on counting while others begin to know systems.
"""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("ALTER TABLE person_seen DROP CONSTRAINT person_seen_account_id_fkey")
    op.execute("ALTER TABLE people_seen DROP CONSTRAINT people_seen_account_id_fkey")


def downgrade() -> None:
    op.execute("DELETE FROM person_seen WHERE account_id NOT IN (SELECT id FROM account)")
    op.execute("DELETE FROM people_seen WHERE account_id NOT IN (SELECT id FROM account)")
    foreign = "FOREIGN KEY (account_id) REFERENCES account"
    op.execute(f"ALTER TABLE person_seen ADD CONSTRAINT person_seen_account_id_fkey {foreign}")
    op.execute(f"ALTER TABLE people_seen ADD CONSTRAINT people_seen_account_id_fkey {foreign}")
