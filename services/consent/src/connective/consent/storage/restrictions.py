"""The copy consent keeps of restrictions, so that a decision needs no question to families."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.tables import restriction
from connective.contracts.family_events import RestrictionChanged


async def keep_restriction(
    connection: AsyncConnection, place_id: UUID, event: RestrictionChanged, version: int
) -> None:
    """Take over what an event says, unless something newer is kept already."""
    values = {
        "person_id": event.person_id,
        "kind": event.kind,
        "place_id": place_id,
        "active": event.active,
        "named_organisation_ids": list(event.named_organisation_ids),
        "named_actor_ids": list(event.named_actor_ids),
        "version": version,
    }
    adding = insert(restriction).values(values)
    newer = {name: adding.excluded[name] for name in ("active", "named_organisation_ids", "named_actor_ids", "version")}
    await connection.execute(
        adding.on_conflict_do_update(
            index_elements=["person_id", "kind"], set_=newer, where=restriction.c.version < adding.excluded.version
        )
    )
