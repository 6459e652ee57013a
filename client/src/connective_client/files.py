"""Files that go with a request: attached, waited for until they were looked at, and had by a link that opens once.

Like `retrying`, it sends nothing itself: `Hub` and `AsyncHub` each carry the conversation out in their own way.
"""

import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from connective_client.problems import NotReached, Removed
from connective_client.records import version_of
from connective_client.retrying import Answered, Session

_LOOKED_AT_EVERY = 1.0
_UNSETTLED = frozenset({"awaiting_content", "quarantined"})
_FETCHED = 3
"""How often a file is asked for anew: a link that broke off halfway opens nothing any more."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a request: `available`, `refused` (`detail` says why), or `quarantined` until it was looked at."""

    id: str
    request_id: str
    state: str
    kind: str | None
    sha256: str | None
    detail: str | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is about to be attached: tick every category that it reveals."""

    name: str
    categories: Sequence[str]
    content: bytes = field(repr=False)
    answers: str | None = None
    """The field of the form that it answers."""


def file_of(told: Mapping[str, Any]) -> File:
    """One file as the Hub tells it."""
    names = ("id", "request_id", "state", "kind", "sha256", "detail")
    return File(**{name: told[name] for name in names}, raw=told)


def attaching(
    session: Session, request_id: str, new: NewFile, *, at_most: float, key: str | None
) -> Generator[httpx.Request | float, Answered | None, File]:
    """Name it, send its content, and wait until it was looked at, for so many seconds at most."""
    body = {"name": new.name, "categories": list(new.categories), "answers": new.answers}
    made = yield from session.talk("POST", f"/requests/{request_id}/attachments", body=body, key=key)
    file = file_of(made.json())
    if file.state == "awaiting_content":
        headers = {"If-Match": f'"{version_of(made)}"', "Content-Type": "application/octet-stream"}
        yield from session.talk("PUT", f"/attachments/{file.id}/content", content=new.content, headers=headers)
    return (yield from awaiting(session, file.id, at_most=at_most))


def awaiting(
    session: Session, file_id: str, *, at_most: float
) -> Generator[httpx.Request | float, Answered | None, File]:
    """The file once it was looked at; as it stands after so many seconds, where nobody has."""
    waited = 0.0
    while True:
        file = file_of((yield from session.talk("GET", f"/attachments/{file_id}")).json())
        if file.state not in _UNSETTLED or waited >= at_most:
            return file
        yield _LOOKED_AT_EVERY
        waited += _LOOKED_AT_EVERY


def fetching(session: Session, file_id: str) -> Generator[httpx.Request | float, Answered | None, bytes]:
    """The content, whole, or NotReached. Each try that begins is a recorded disclosure."""
    file = file_of((yield from session.talk("GET", f"/attachments/{file_id}")).json())
    for _ in range(_FETCHED):
        path = (yield from session.talk("POST", f"/attachments/{file_id}/links")).json()["path"]
        if path is None:
            # The first answer, which alone shows the link, was lost on the way.
            continue
        try:
            answer = yield from session.talk("GET", path.removeprefix("/api/v1"))
        except Removed:
            continue
        if file.sha256 in {None, hashlib.sha256(answer.content).hexdigest()}:
            return answer.content
    raise NotReached("The file did not arrive whole.")
