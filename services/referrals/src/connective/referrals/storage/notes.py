"""What is noted beside the lifecycle: tries to reach a family, a family told, a concern reported."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.tables import note


async def add_note(unit: Unit, request: Request, party: Party, kind: str, at: datetime, **details: Any) -> None:  # noqa: ANN401 - JSON, by kind
    """Store one note; notes are never changed."""
    await unit.connection.execute(
        insert(note).values(
            id=new_id(),
            request_id=request.id,
            kind=kind,
            party=str(party),
            organisation_id=unit.actor.organisation,
            actor_id=unit.actor.id,
            at=at,
            details=details,
        )
    )
