"""What routes take from the request: the actor, the attempt, the version; each one cheap."""

from typing import Annotated

from fastapi import Depends, Header, Request, Response

from connective.kit.actor import Actor
from connective.kit.etags import IfMatchHeader, required_version
from connective.kit.idempotency import HEADER, Attempt, Done, read_attempt


async def actor_of(request: Request) -> Actor:
    """Who asks, as the edge has verified."""
    actor: Actor = request.scope["hub_actor"]
    return actor


async def attempt_of(
    request: Request,
    key: Annotated[
        str | None, Header(alias=HEADER, description="A fresh UUID for each new act; the same for a retry.")
    ] = None,
) -> Attempt:
    """The attempt this POST makes. Raises KeyMissing (400)."""
    secret: bytes = request.app.state.running.attempt_key
    return read_attempt(key, f"{request.method} {request.url.path}", await request.body(), secret)


async def version_of(if_match: IfMatchHeader = None) -> int:
    """The version a change is based on. Raises MatchRequired (428)."""
    return required_version(if_match)


ActorDep = Annotated[Actor, Depends(actor_of)]
AttemptDep = Annotated[Attempt, Depends(attempt_of)]
VersionDep = Annotated[int, Depends(version_of)]


def show_done(response: Response, done: Done) -> None:
    """Give the answer the first attempt's status, and say when it is a replay."""
    response.status_code = done.status
    if done.replayed:
        response.headers["Idempotent-Replay"] = "true"
