"""A search of Tasks as FHIR R4 has it (search.html): parameters, their meaning, and the Bundle of what was found."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from connective.kit.pages import MOST, Cursors
from connective.kit.problems import BadRequest, FieldError
from connective.referrals.api.fhir.wire import Resource
from connective.referrals.domain.states import State
from connective.referrals.domain.status import FHIR_STATUS
from connective.referrals.queries.find_tasks import Sought, Span

PARAMETERS = {"_id": "token", "_lastUpdated": "date", "owner": "reference", "status": "token"}
"""What can be searched for, with the kind of each."""
_RESULT = frozenset({"_count", "_cursor", "_format", "_pretty"})
_DEFAULT_COUNT = 50
_DATE = re.compile(
    r"(?P<prefix>[a-z]{2})?(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:T(?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<zone>Z|[+-]\d{2}:\d{2}))?)?)?"
)
_FHIR_CODES = frozenset(
    {
        *("accepted", "cancelled", "completed", "draft", "entered-in-error", "failed", "in-progress", "on-hold"),
        *("ready", "received", "rejected", "requested"),
    }
)
Pairs = Sequence[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Search:
    """What is sought, the parameters that were understood, and the names of those that were not."""

    sought: Sought
    used: Pairs
    ignored: tuple[str, ...]


def read_search(pairs: Pairs, cursors: Cursors, *, strict: bool) -> Search:
    """The search that these parameters ask for.

    Raises BadRequest for a value that cannot be read and for a modifier, which must never be ignored; for an unknown
    parameter only with `Prefer: handling=strict` (search.html#errors).
    """
    sought, used, ignored = Sought(limit=_DEFAULT_COUNT), [], []
    for name, value in pairs:
        if name in _RESULT or name in PARAMETERS:
            sought = _narrowed(sought, cursors, name, value)
            used.append((name, value))
        elif name.partition(":")[0] in PARAMETERS or strict:
            raise _wrong("unknown", f"The search parameters here are {', '.join(sorted(PARAMETERS))}, unmodified.")
        else:
            ignored.append(name)
    return Search(sought, used, tuple(ignored))


def _wrong(code: str, words: str) -> BadRequest:
    return BadRequest("The search cannot be understood.", errors=(FieldError("Task", code, words),))


def _narrowed(sought: Sought, cursors: Cursors, name: str, value: str) -> Sought:
    if name == "_id":
        return replace(sought, ids=_also(sought.ids, _ids(value.split(","))))
    if name == "owner":
        return replace(sought, owners=_also(sought.owners, _ids(_last_parts(value))))
    if name == "status":
        return replace(sought, states=_also(sought.states, _states(value)))
    if name == "_lastUpdated":
        return replace(sought, updated=(*sought.updated, _span(value)))
    if name == "_count":
        return replace(sought, limit=_count(value))
    return replace(sought, after=cursors.after(value)) if name == "_cursor" else sought


def _also(before: Sequence[T] | None, now: Sequence[T]) -> Sequence[T]:
    """A parameter that is repeated must hold each time."""
    return now if before is None else [each for each in now if each in before]


def _ids(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids of ours: any other id simply finds nothing."""
    return [UUID(text) for text in texts if re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text)]


def _last_parts(value: str) -> list[str]:
    """`Organization/1`, the whole address, or the id alone."""
    return [each.rpartition("/")[2] for each in value.split(",")]


def _states(value: str) -> list[State]:
    codes = {each.rpartition("|")[2] for each in value.split(",")}
    if codes - _FHIR_CODES:
        raise _wrong("unknown-code", f"A Task's status is one of {', '.join(sorted(_FHIR_CODES))}.")
    return [state for state, code in FHIR_STATUS.items() if code in codes]


def _count(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", value):
        raise _wrong("out-of-range", f"_count is a number from 1 to {MOST}.")
    # A server may give fewer than asked for (search.html#count).
    return min(int(value), MOST)


def _span(value: str) -> Span:
    found = _DATE.fullmatch(value)
    if found is None:
        raise _wrong("date", "_lastUpdated is a date or a time with its offset, after a prefix such as ge.")
    try:
        begins, ends = _extent(found)
    except (OverflowError, ValueError) as error:
        raise _wrong("date", "There is no such date.") from error
    spans = {
        "eq": Span(begins, ends),
        "ge": Span(begins, None),
        "gt": Span(ends, None),
        "le": Span(None, ends),
        "lt": Span(None, begins),
        "sa": Span(ends, None),
        "eb": Span(None, begins),
    }
    prefix = found["prefix"] or "eq"
    if prefix not in spans:
        raise _wrong("prefix", f"The prefixes here are {', '.join(spans)}.")
    return spans[prefix]


def _extent(found: re.Match[str]) -> tuple[datetime, datetime]:
    """The stretch of time that a date of any precision means (search.html#date). Raises ValueError."""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    if found["time"]:
        begins = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{found['time']}{found['zone']}").astimezone(UTC)
        precise = timedelta(microseconds=1) if "." in found["time"] else timedelta(seconds=1)
        return begins, begins + (precise if found["time"].count(":") > 1 else timedelta(minutes=1))
    begins = datetime(year, month, day, tzinfo=UTC)
    days = 1 if found["day"] else monthrange(year, month)[1] if found["month"] else 365 + (monthrange(year, 2)[1] == 29)
    return begins, begins + timedelta(days=days)


def bundle(address: str, search: Search, entries: Sequence[Resource], onward: str | None) -> Resource:
    """A searchset: what was found, what of the search was understood (the link to itself), and where it goes on."""
    used = [(name, value) for name, value in search.used if name != "_cursor"]
    links = [{"relation": "self", "url": _address(address, search.used)}]
    if onward is not None:
        links.append({"relation": "next", "url": _address(address, [*used, ("_cursor", onward)])})
    base = address.rpartition("/")[0]
    found: list[Resource] = [
        {"fullUrl": f"{base}/Task/{each['id']}", "resource": each, "search": {"mode": "match"}} for each in entries
    ]
    if search.ignored:
        found.append({"resource": _ignored(search.ignored), "search": {"mode": "outcome"}})
    return {"resourceType": "Bundle", "type": "searchset", "link": links} | ({"entry": found} if found else {})


def _address(address: str, pairs: Pairs) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _ignored(names: Sequence[str]) -> Resource:
    # How many, not what was typed: a name that strayed into the address is not repeated.
    words = f"{len(names)} search parameter(s) are not known here and were ignored."
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "warning", "code": "not-supported", "diagnostics": words}],
    }
