"""Who has a contract with the host: which legal entity an organisation belongs to, and until when each has signed."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.storage.tables import organisation_state, processing_agreement


async def keep_processing_agreement(
    connection: AsyncConnection, legal_entity_id: UUID, place_id: UUID, ends_on: date | None, version: int
) -> None:
    """Keep the newest signature of a legal entity: an older one that comes late changes nothing."""
    values = {"legal_entity_id": legal_entity_id, "place_id": place_id, "ends_on": ends_on, "version": version}
    new = upsert(processing_agreement).values(values)
    await connection.execute(
        new.on_conflict_do_update(
            index_elements=["legal_entity_id"],
            set_={"ends_on": new.excluded.ends_on, "version": new.excluded.version},
            where=processing_agreement.c.version < new.excluded.version,
        )
    )


async def without_contract(connection: AsyncConnection, organisation_ids: Iterable[UUID], today: date) -> set[UUID]:
    """Those of these organisations whose legal entity has no contract today; an unknown one has none."""
    wanted = set(organisation_ids)
    signed = organisation_state.join(
        processing_agreement, processing_agreement.c.legal_entity_id == organisation_state.c.legal_entity_id
    )
    in_date = or_(processing_agreement.c.ends_on.is_(None), processing_agreement.c.ends_on >= today)
    found = await connection.execute(
        select(organisation_state.c.organisation_id)
        .select_from(signed)
        .where(organisation_state.c.organisation_id.in_(wanted), in_date)
    )
    return wanted - set(found.scalars())
