"""Places: anybody reads whom to phone and how a place looks; its administrators change it, numbers two of them."""

from operator import attrgetter
from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.contracts.places import Place
from connective.gateway.api.administering import mark
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_places import (
    PlaceChangeIn,
    PlaceOut,
    PlaceSettingsOut,
    PlaceVersionOut,
    settings_out,
)
from connective.gateway.commands.change_place import change_place
from connective.gateway.domain.place_changes import changed_settings
from connective.gateway.storage.places import place_versions
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, VersionDep
from connective.kit.etags import etag
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import Access, operation
from connective.kit.problems import MatchRequired, NotFound, Stale

routes = router(tags=["places"])
_WRITE = Permission.GATEWAY_PLACE_WRITE
_A_MOMENT = "public, max-age=5"
"""Whoever shows a place's numbers shows new ones within seconds."""


@routes.get("/places", **operation(access=Access.PUBLIC))
async def list_places(
    request: Request,
    response: Response,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[PlaceOut]:
    """The places of this Hub: their names, how they look, and whom to phone. Nobody needs to sign in."""
    after = parts.cursors.after(cursor)
    every = sorted(parts.places.places, key=attrgetter("id"))
    found = [place for place in every if after is None or place.id > after]
    response.headers["Cache-Control"] = _A_MOMENT

    def show(place: Place) -> PlaceOut:
        return PlaceOut.of(place, parts.places.version(place.id))

    return page_of(request, response, parts.cursors, found, limit=limit, show=show)


@routes.get("/places/{place_id}", **operation(access=Access.PUBLIC, refuses=(NotFound,)))
async def read_place(place_id: UUID, parts: PartsDep, response: Response) -> PlaceOut:
    """One place: its names, its safeguarding numbers, and the sentence that says whom to phone."""
    try:
        place, version = parts.places.get(place_id), parts.places.version(place_id)
    except KeyError as error:
        raise NotFound from error
    response.headers["ETag"] = etag(version)
    response.headers["Cache-Control"] = _A_MOMENT
    return PlaceOut.of(place, version)


@routes.get("/places/{place_id}/settings", **operation(_WRITE, relation="own_place"))
async def read_settings(place_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> PlaceSettingsOut:
    """One's own place with every setting, and what of it the file has otherwise."""
    _own(actor, place_id)
    return _show(parts, place_id, response)


@routes.patch(
    "/places/{place_id}",
    **operation(_WRITE, relation="own_place", refuses=(Stale, MatchRequired)),
)
async def change(
    place_id: UUID, body: PlaceChangeIn, *, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> PlaceSettingsOut:
    """Change its names, its look and its settings, as the places file is read; every service follows within seconds.

    Safeguarding numbers are proposed (`POST /proposals`), since another administrator must agree.
    """
    changes = body.changes()
    await change_place(
        parts.database, parts.places, actor, place_id, changes=changes, expected=version, now=parts.clock()
    )
    await parts.standing.refresh()
    return _show(parts, place_id, response)


@routes.get("/places/{place_id}/versions", **operation(_WRITE, relation="own_place"))
async def list_versions(
    place_id: UUID,
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[PlaceVersionOut]:
    """Every change that administrators have made of it, the newest first; what it was before them is the file's."""
    _own(actor, place_id)
    before = parts.cursors.read(cursor, int)
    async with parts.database.reading(actor, work=ADMINISTERING) as connection:
        found = await place_versions(connection, place_id, before=before[0] if before else None, limit=limit + 1)
    response.headers["Cache-Control"] = "no-store"
    return page_of(
        request, response, parts.cursors, found, limit=limit, show=PlaceVersionOut.of, at=attrgetter("version")
    )


def _own(actor: Actor, place_id: UUID) -> None:
    if place_id != actor.place:
        raise NotFound


def _show(parts: Parts, place_id: UUID, response: Response) -> PlaceSettingsOut:
    try:
        place, version = parts.places.get(place_id), parts.places.version(place_id)
    except KeyError as error:
        raise NotFound from error
    mark(response, version)
    return settings_out(place, version, changed_settings(parts.places.seeded(place_id), place))
