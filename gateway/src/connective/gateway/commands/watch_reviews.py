"""The clock of access reviews: officers are written to while access waits to be confirmed, administrators while access
that is to be taken away is still open, and an alarm rises when nobody acts. The clock itself takes nothing away: a
worker cut off in silence is a family without help, so a named person does it (ISO/IEC 27002:2022, 5.18).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from connective.contracts.grants import roles_with
from connective.contracts.permissions import Permission
from connective.gateway.domain.access_review import CONFIRMED_FOR, LATE_AFTER, REMOVED_WITHIN
from connective.gateway.domain.notices import Notice
from connective.gateway.storage.notices import note_for
from connective.gateway.storage.reviews_due import oldest_late, who_remove, who_review
from connective.kit.actor import service_actor
from connective.kit.conditions import Condition
from connective.kit.database import Database

_ACTOR = service_actor("gateway")
_REVIEWING = sorted(roles_with(Permission.GATEWAY_ACCOUNT_REVIEW))
_REMOVING = sorted(roles_with(Permission.GATEWAY_MEMBER_WRITE))


def asking_for_reviews(database: Database) -> Callable[[datetime], Awaitable[None]]:
    """The job that has officers and administrators written to, each once a week for as long as something waits."""

    async def run(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            await note_for(unit, await who_review(unit, _REVIEWING, now, CONFIRMED_FOR), Notice.ACCESS_REVIEW, now)
            await note_for(unit, await who_remove(unit, _REMOVING, now), Notice.ACCESS_REMOVAL, now)

    return run


async def review_condition(database: Database, now: datetime) -> Condition:
    """How much access waits for an officer or an administrator, and since when the latest of it is late."""
    async with database.reading(_ACTOR) as connection:
        waiting, late_since = await oldest_late(connection, now, CONFIRMED_FOR, LATE_AFTER, REMOVED_WITHIN)
    behind = now - late_since if late_since else timedelta()
    return Condition("access_reviews", behind.total_seconds(), late_since is not None, waiting)
