"""Routes over families: register, list, read, add to; and their chronology."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import EntryOut, FamilyListed, FamilyOut, NeedsOut, entry_out, need_out
from connective.families.api.deps import Parts, PartsDep
from connective.families.api.problems import LikelyDuplicate
from connective.families.api.schemas import AddressIn, FamilyIn, PeopleIn, RelationshipIn
from connective.families.api.showing import show_family
from connective.families.commands.add_address import add_address
from connective.families.commands.add_people import add_people
from connective.families.commands.add_relationship import add_relationship
from connective.families.commands.list_families import list_families
from connective.families.commands.read_chronology import read_chronology
from connective.families.commands.read_family import read_family
from connective.families.commands.register_family import register_family
from connective.families.domain.chronology import EntryKind
from connective.families.storage.lists import Position
from connective.families.storage.seeing import Standing
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.etags import etag
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import NotFound

routes = router(tags=["families"])
_KEEPER = "own_organisation"


@routes.post(
    "/families",
    status_code=201,
    operation_id="families_register_family",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(LikelyDuplicate,)),
)
async def register(
    body: FamilyIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> FamilyOut:
    """Register a family: people, relationships, address and contacts in one go.

    A likely duplicate answers 409 with candidates; send their ids in `duplicates_seen` if they are other people.
    """
    draft = parts.reader.family(body)
    done = await register_family(parts.means, actor, attempt, draft, parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/families/{done.resource_id}"
    return await show_one_family(parts, actor, done.resource_id, response)


@routes.get(
    "/families",
    operation_id="families_list_families",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    caseload: Annotated[
        Literal["mine", "organisation"], Query(description="Those you registered, or all of your organisation.")
    ] = "organisation",
    family: Annotated[
        list[UUID] | None,
        Query(max_length=50, description="Only these; one that your organisation does not keep is left out."),
    ] = None,
) -> Page[FamilyListed]:
    """The families of your organisation, the newest first."""
    before = parts.cursors.after(cursor)
    found = await list_families(
        parts.means, actor, before=before, mine=caseload == "mine", only=family, limit=limit + 1, now=parts.clock()
    )
    _no_store(response)
    return page_of(request, response, parts.cursors, found, limit=limit, show=_listed)


def _listed(family: object) -> FamilyListed:
    return FamilyListed.model_validate(family, from_attributes=True)


@routes.get(
    "/families/{family_id}",
    operation_id="families_read_family",
    **operation(Permission.FAMILIES_FAMILY_READ, relation="own_organisation_or_team"),
)
async def read(family_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> FamilyOut:
    """A family's record. That you looked is logged."""
    return await show_one_family(parts, actor, family_id, response)


@routes.post(
    "/families/{family_id}/people",
    status_code=201,
    operation_id="families_add_people",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(LikelyDuplicate,)),
)
async def add(
    family_id: UUID, *, body: PeopleIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> FamilyOut:
    """Record more people in a family: new ones, or ones your organisation knows who belong to it too."""
    draft = parts.reader.people(body, family_id)
    done = await add_people(parts.means, actor, attempt, draft, parts.clock())
    show_done(response, done)
    return await show_one_family(parts, actor, family_id, response)


@routes.post(
    "/families/{family_id}/relationships",
    status_code=201,
    operation_id="families_add_relationship",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER),
)
async def relate(
    family_id: UUID, *, body: RelationshipIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> FamilyOut:
    """Record how two people of the family are related, by their ids."""
    new = parts.reader.relationship(body, {})
    done = await add_relationship(parts.means, actor, attempt, family_id, new, now=parts.clock())
    show_done(response, done)
    return await show_one_family(parts, actor, family_id, response)


@routes.post(
    "/families/{family_id}/addresses",
    status_code=201,
    operation_id="families_add_address",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER),
)
async def move(
    family_id: UUID, *, body: AddressIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> FamilyOut:
    """Record where the family lives; the home it had until then is ended."""
    new = parts.reader.address(body, family_id, pointer="")
    done = await add_address(parts.means, actor, attempt, new, parts.clock())
    show_done(response, done)
    return await show_one_family(parts, actor, family_id, response)


@routes.get(
    "/families/{family_id}/needs",
    operation_id="families_list_needs",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def needs(family_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> NeedsOut:
    """The needs of everybody in a family."""
    found = await read_family(parts.means, actor, family_id, parts.clock(), act="needs.read")
    if found.standing is not Standing.KEEPER:
        raise NotFound
    _no_store(response)
    notice = parts.notice(actor)
    stored = found.loaded.stored_only()
    shown = [n for n in found.loaded.picture.needs if n.person_id not in stored]
    return NeedsOut(items=[need_out(n, parts.known_needs, notice) for n in shown])


@routes.get(
    "/families/{family_id}/chronology",
    operation_id="families_list_chronology",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def chronology(
    *,
    family_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    kind: Annotated[EntryKind | None, Query(description="Entries of one kind alone; left out, all.")] = None,
    person_id: Annotated[UUID | None, Query(description="Entries about one person of the family alone.")] = None,
) -> Page[EntryOut]:
    """What happened in a family, the newest first."""
    before = Position(*parts.cursors.read(cursor, datetime.fromisoformat, int, UUID) or ())
    now = parts.clock()
    found = await read_chronology(
        parts.means, actor, family_id, before, limit=limit + 1, now=now, kind=kind, about=person_id
    )
    _no_store(response)
    return page_of(request, response, parts.cursors, found, limit=limit, show=entry_out, at=_place_of)


def _place_of(entry: Any) -> tuple[str, int, UUID]:  # noqa: ANN401 - an entry of the list
    return entry.at.isoformat(), entry.version, entry.id


async def show_one_family(parts: Parts, actor: Actor, family_id: UUID, response: Response) -> FamilyOut:
    """The normal read, with its entity tag."""
    found = await read_family(parts.means, actor, family_id, parts.clock())
    shown = show_family(found, family_id, actor, parts.today, notice=parts.notice(actor))
    response.headers["ETag"] = etag(shown.version)
    _no_store(response)
    return shown


def _no_store(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
