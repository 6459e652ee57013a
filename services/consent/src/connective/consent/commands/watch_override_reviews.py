"""The clock of reviews: an override that nobody reviewed within its working days is entered, announced, and alarms."""

from datetime import datetime, timedelta

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.override_reviews import longest_overdue, take_overdue
from connective.contracts.officer_events import OverrideReviewOverdue
from connective.kit.actor import service_actor
from connective.kit.conditions import Condition
from connective.kit.database import Database
from connective.kit.logs import log

_CLOCK = service_actor("consent")
_AT_ONCE = 100


async def tell_overdue_reviews(database: Database, now: datetime) -> int:
    """Say once of each override that its review is overdue; the safeguarding lead's queue shows it first."""
    async with database.unit(_CLOCK) as unit:
        rows = await take_overdue(unit, now, _AT_ONCE)
        for row in rows:
            told = OverrideReviewOverdue(
                override_id=row.id, organisation_id=row.organisation_id, review_by=row.review_by, at=now
            )
            unit.tell(told, version=row.version, place_id=row.place_id)
            facts = {"override_id": row.id, "organisation_id": row.organisation_id, "review_by": row.review_by}
            await note(unit, EntryKind.OVERRIDE, "review_overdue", now, facts, place_id=row.place_id)
    if rows:
        log().error("override_reviews_overdue", count=len(rows))
    return len(rows)


async def review_condition(database: Database, now: datetime) -> Condition:
    """For how long the oldest overdue review has waited beyond its time; any at all is an alarm."""
    async with database.reading(_CLOCK) as connection:
        review_by = await longest_overdue(connection, now)
    behind = now - review_by if review_by else timedelta()
    return Condition("override_reviews", behind.total_seconds(), review_by is not None)
