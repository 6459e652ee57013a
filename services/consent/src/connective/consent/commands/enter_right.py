"""A right that somebody used elsewhere in the Hub, an objection or erasure, entered in the register and answered there.

So the register holds all that people ask, each with its month (UK GDPR Article 12(3)), whoever wrote it down where.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.information_requests import IsHoliday, RequestClock, RequestKind, RequestOutcome
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_look import Look
from connective.consent.storage.information_requests import (
    add_answer,
    add_request,
    clock_of,
    request_from_origin,
    save_clock,
    waited_for,
)
from connective.kit.ids import new_id

_PREFIX = {
    RequestKind.ACCESS: "ACC",
    RequestKind.ERASURE: "ERA",
    RequestKind.OBJECTION: "OBJ",
    RequestKind.RECTIFICATION: "REC",
    RequestKind.RESTRICTION: "RES",
}


@dataclass(frozen=True, slots=True)
class Right:
    """What was asked, and the record it stands in; the words stay in that record, and otherwise in the register."""

    kind: RequestKind
    origin_id: UUID | None
    """None for what is answered in the register itself."""
    person_ids: tuple[UUID, ...]
    received_on: date
    about: str = ""


async def enter_right(look: Look, right: Right, *, is_holiday: IsHoliday, now: datetime) -> UUID:
    """Enter it in the register of the legal entity that answers, in the transaction that recorded it."""
    request_id, clock = new_id(), RequestClock(right.kind, right.received_on)
    reference = f"{_PREFIX[right.kind]}-{str(right.origin_id or request_id)[-8:]}"
    origin = right.kind.value if right.origin_id else None
    due_on = clock.due_on(is_holiday)
    whose = (request_id, look.place_id, look.entity_id, reference, right.kind.value, right.about)
    whom: tuple[Any, ...] = ([], list(right.person_ids), [look.entity_id], "")
    recorded = (right.received_on, None, due_on, look.unit.actor.id, now)
    await add_request(look.unit, (*whose, *whom, *recorded, origin, right.origin_id))
    facts = {"request_id": request_id, "kind": right.kind, "controllers": [look.entity_id], "due_on": due_on}
    of = {"of": right.origin_id} if right.origin_id else {}
    await note(look.unit, EntryKind.AUDIT, "information_request.recorded", now, facts | of)
    return request_id


async def answer_right(
    look: Look, origin_id: UUID, outcome: RequestOutcome, words: str, *, is_holiday: IsHoliday, now: datetime
) -> None:
    """Answer it in the register, in the transaction that decided it; one that never stood there has nothing to do."""
    row = await request_from_origin(look, origin_id)
    if row is None or not await add_answer(look, row["id"], outcome.value, words, now):
        return
    waiting = await waited_for(look, row["id"])
    clock = replace(clock_of(row), closed=waiting == 0)
    await save_clock(look.unit, row["id"], clock, clock.due_on(is_holiday), now if clock.closed else None)
    facts = {"request_id": row["id"], "outcome": outcome, "controllers_waited_for": waiting}
    await note(look.unit, EntryKind.AUDIT, "information_request.answered", now, facts)
