"""How the requests of a coordinator's hubs go: counts by kind of service and state, and of needs; of no family."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.referrals.domain.progress import told
from connective.referrals.storage.hubs import members_coordinated, needs_of, progress_of


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts as they may be read; None where a number is too small to be told."""

    requests: tuple[tuple[str, str, int | None], ...]
    """Kind of service, state, count."""
    needs: tuple[tuple[str, int | None], ...]
    """Need, families."""


async def show_progress(
    database: Database, actor: Actor, *, hub_id: UUID | None, weeks: int, now: datetime
) -> Progress:
    """The requests sent in these weeks to and from the hubs' members; nothing where the asker coordinates none."""
    since = now - timedelta(weeks=weeks)
    # Row security knows a request's two organisations: the counts are the Hub's own work in the coordinator's name.
    async with database.reading(replace(actor, kind=ActorKind.SERVICE)) as connection:
        members = await members_coordinated(connection, actor.place, actor.account_id, hub_id)
        rows = await progress_of(connection, actor.place, members, since)
        needs = await needs_of(connection, actor.place, members, since)
    return Progress(
        tuple((row.service_kind, row.state, told(row.requests)) for row in rows),
        tuple((row.need, told(row.families)) for row in needs),
    )
