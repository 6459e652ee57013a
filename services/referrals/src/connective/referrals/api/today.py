"""`/requests/today`: what volunteers pack today. They may not open a request; this is all they see of one."""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import Unavailable
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.commands.todays_list import todays_list

routes = router(tags=["requests"])


class TodayItem(BaseModel):
    """One bag to pack. `withheld` names what may not be shown, so that nobody takes silence for "none"."""

    request_id: UUID
    reference: str
    first_name: str | None
    packing_notes: list[str]
    slot: str | None
    needed_by: datetime | None
    withheld: list[str]


class TodayList(BaseModel):
    """The day's bags, those needed soonest first; at most 50."""

    items: list[TodayItem]
    safeguarding: str


@routes.get(
    "/requests/today",
    operation_id="referrals_list_today",
    **operation(Permission.REFERRALS_TODAY_READ, relation="recipient", refuses=(Unavailable,)),
)
async def today(response: Response, actor: ActorDep, parts: PartsDep) -> TodayList:
    """Reference, first name, packing notes and slot of what is handed over today; each line is disclosed on record."""
    lines = await todays_list(parts.room, actor)
    guard(response)
    items = [TodayItem.model_validate(line, from_attributes=True) for line in lines]
    return TodayList(items=items, safeguarding=parts.room.safeguarding(actor).sentence)
