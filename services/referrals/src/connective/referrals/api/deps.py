"""What routes need of the service, and what every answer about a person carries."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from connective.kit.etags import etag
from connective.kit.pages import Cursors
from connective.referrals.commands.ports import Files
from connective.referrals.commands.room import Room

SAFEGUARDING_NOTICE = (
    "If someone is in danger now, call 999. If you think a child is being harmed, phone your area's front door now: "
    "its number stands in every answer's `safeguarding`. Nobody here is watching for it."
)
"""What the API description says before any place is known; answers carry the place's own sentence."""

NOT_CACHED = (b"cache-control", b"no-store")
"""Nothing about a person is cached on the way."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The commands' room, and the keys of what clients are given to hold."""

    room: Room
    cursors: Cursors
    fhir_key: bytes
    """Makes the ids by which FHIR peers know people."""
    files: Files
    progress_key: bytes
    """Makes the codes by which families that asked by themselves find out how it goes."""


async def parts_of(request: Request) -> Parts:
    """The parts that the composition root made."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]


def guard(response: Response, version: int | None = None) -> None:
    """Nothing about a person is cached on the way; a resource shows its version."""
    response.headers["Cache-Control"] = "no-store"
    if version is not None:
        response.headers["ETag"] = etag(version)
