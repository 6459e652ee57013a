"""What the Hub answers, as far as a partner's system works with it. What is added later is in `raw`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class RequestItem:
    """A request in a list: without anything about the family, which only reading one shows."""

    id: str
    reference: str
    state: str
    version: int
    service_id: str
    service_kind: str
    urgent: bool
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a request; `cursor` is where the feed goes on behind its page."""

    request_id: str
    reference: str
    fact: str
    state: str
    version: int
    at: datetime
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as its reader may see it. Reading is a disclosure, which the Hub decides and records."""

    id: str
    version: int
    view: str
    """`recipient`, `referrer`, …, or `closed` when nothing more is shown."""
    withheld: tuple[str, ...]
    """Categories that were asked for and may not be shown."""
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a request stands after an act."""

    id: str
    state: str
    version: int
    allowed_actions: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)


def request_item(told: Mapping[str, Any]) -> RequestItem:
    """One row of the list of requests."""
    names = ("id", "reference", "state", "version", "service_id", "service_kind", "urgent")
    return RequestItem(**{name: told[name] for name in names}, raw=told)


def change(told: Mapping[str, Any]) -> Change:
    """One row of the feed."""
    at = datetime.fromisoformat(told["at"])
    names = ("request_id", "reference", "fact", "state", "version")
    return Change(**{name: told[name] for name in names}, at=at, raw=told)


def opened(request_id: str, answer: httpx.Response) -> Opened:
    """The answer to reading one request."""
    told = answer.json()
    return Opened(request_id, version_of(answer), told["view"], tuple(told.get("withheld") or ()), told)


def status(request_id: str, answer: httpx.Response) -> Status:
    """The answer to an act."""
    told = answer.json()
    where = told.get("status", told)
    actions = tuple(where.get("allowed_actions") or ())
    return Status(request_id, where["state"], version_of(answer), actions, told)


def version_of(answer: httpx.Response) -> int:
    """The version that an answer's ETag names."""
    return int(answer.headers["etag"].removeprefix("W/").strip('"'))
