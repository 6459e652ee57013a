"""Returned without action: how many requests came back unhelped and why, told so that nobody can be found in it.

A request is returned without action when it was declined, or lapsed unanswered (domain rules, section 4). Cells under
ten are hidden (trust design, threat 5), but not from the organisation whose own requests they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from connective.referrals.domain.refusals import DetailsRefused, FieldError

SMALLEST_SHOWN = 10
_LONDON = ZoneInfo("Europe/London")
_QUARTER = re.compile(r"^(20[0-9]{2})-Q([1-4])$")


@dataclass(frozen=True, slots=True)
class Figure:
    """Of the requests to one service that ended in a period: how many came back unhelped, by reason.

    None stands for a number that is not told.
    """

    service_id: UUID
    organisation_id: UUID
    ended: int | None
    returned: int | None
    reasons: Mapping[str, int | None]


def quarter(named: str) -> tuple[datetime, datetime]:
    """The first instant of a quarter of a year and of the next, such as `2026-Q1`. Raises DetailsRefused.

    Only whole quarters are told: periods that overlap could be subtracted from one another.
    """
    found = _QUARTER.fullmatch(named)
    if found is None:
        detail = "Name a quarter of a year, such as 2026-Q1."
        raise DetailsRefused([FieldError("/query/quarter", "not-a-quarter", detail)])
    year, number = int(found[1]), int(found[2])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return _begins(date(year, number * 3 - 2, 1)), _begins(after)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(0), _LONDON).astimezone(UTC)


def suppressed(figure: Figure) -> Figure:
    """The figure as it is told to others than the organisations whose requests they are.

    Small cells are hidden, and then the smallest of the rest until what is hidden cannot be worked out from the total;
    a total that is small is hidden with everything under it.
    """
    ended, returned = figure.ended or 0, figure.returned or 0
    if ended < SMALLEST_SHOWN:
        return Figure(figure.service_id, figure.organisation_id, None, None, {})
    if 0 < returned < SMALLEST_SHOWN or 0 < ended - returned < SMALLEST_SHOWN:
        return Figure(figure.service_id, figure.organisation_id, ended, None, {})
    counts = {code: count or 0 for code, count in figure.reasons.items()}
    hidden = {code for code, count in counts.items() if count < SMALLEST_SHOWN}
    while hidden and (len(hidden) == 1 or sum(counts[code] for code in hidden) < SMALLEST_SHOWN):
        rest = sorted(counts.keys() - hidden, key=lambda code: (counts[code], code))
        if not rest:
            break
        hidden.add(rest[0])
    told = {code: None if code in hidden else count for code, count in counts.items()}
    if len(hidden) == 1:
        return Figure(figure.service_id, figure.organisation_id, ended, None, told)
    return Figure(figure.service_id, figure.organisation_id, ended, returned, told)
