"""The register of information requests, as each controller's officers read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.consent.domain.days import day_of
from connective.consent.domain.information_requests import IsHoliday, RequestStanding, standing_of
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.information_requests import clock_of, list_requests, load_request

Record = dict[str, Any]
_OPEN = "i.closed_at IS NULL"
_LATE = (
    f"{_OPEN} AND ((i.due_on < '{{today}}' AND i.paused_since IS NULL)"
    " OR (i.acknowledge_by < '{today}' AND i.acknowledged_on IS NULL))"
)
_STANDING = {
    RequestStanding.ANSWERED: "i.closed_at IS NOT NULL",
    RequestStanding.OUTSTANDING: _OPEN,
    RequestStanding.OVERDUE: _LATE,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register may be narrowed to."""

    kind: str | None = None
    standing: RequestStanding | None = None
    controller_id: UUID | None = None


async def requests_listed(look: Look, window: Window, wanted: Wanted, is_holiday: IsHoliday) -> list[Record]:
    """Requests, oldest first, with who has answered and who is still waited for."""
    condition = _STANDING[wanted.standing].format(today=day_of(window.now)) if wanted.standing else None
    rows = await list_requests(
        look, wanted.kind, wanted.controller_id, condition, beyond=window.beyond, limit=window.limit
    )
    return [_shown(row, window, is_holiday) for row in rows]


async def request_read(look: Look, request_id: UUID, window: Window, is_holiday: IsHoliday) -> Record:
    """One request. Raises NotFound."""
    return _shown(await load_request(look, request_id), window, is_holiday)


def _shown(row: Record, window: Window, is_holiday: IsHoliday) -> Record:
    answered = {answer["legal_entity_id"] for answer in row["answers"]}
    waiting = [entity for entity in row["controllers"] if str(entity) not in answered]
    return row | {"standing": standing_of(clock_of(row), day_of(window.now), is_holiday), "waiting_for": waiting}
