"""Routes over people: search, read, change; their needs and restrictions."""

from functools import partial
from uuid import UUID

from fastapi import Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import (
    HitOut,
    NeedOut,
    PersonOut,
    RestrictionOut,
    RestrictionsOut,
    SearchOut,
    need_out,
    restriction_out,
)
from connective.families.api.deps import Parts, PartsDep
from connective.families.api.patching import apply_patch
from connective.families.api.problems import (
    AlreadyEnded,
    LiftedElsewhere,
    MergedRecord,
    NotTheSecondPerson,
    SearchTooWide,
)
from connective.families.api.schemas import ContactIn, NeedIn, PersonPatch, RestrictionIn, SearchIn
from connective.families.api.showing import show_person
from connective.families.commands.add_contact import add_contact
from connective.families.commands.change_person import change_person
from connective.families.commands.lift_restriction import lift_restriction
from connective.families.commands.read_family import RESTRICTIONS, read_person
from connective.families.commands.record_about import record_about
from connective.families.commands.restrict_person import restrict_person
from connective.families.commands.search_people import search_people
from connective.families.domain.restrictions import Restriction, RestrictionKind
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.etags import etag
from connective.kit.idempotency import Done
from connective.kit.ids import new_id
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["people"])
_KEEPER = "own_organisation"


@routes.post(
    "/people/searches",
    operation_id="families_search_people",
    **operation(Permission.FAMILIES_PERSON_SEARCH, relation="place", refuses=(SearchTooWide,)),
)
async def search(body: SearchIn, actor: ActorDep, parts: PartsDep, response: Response) -> SearchOut:
    """Look for somebody by a name, one more fact and a purpose: at most five hits, never where they are. Logged."""
    found = await search_people(parts.means, actor, parts.reader.search(body), body.purpose, parts.clock())
    response.headers["Cache-Control"] = "no-store"
    return SearchOut(
        items=[
            HitOut(
                person_id=hit.match.person_id,
                name=hit.name,
                year_of_birth=hit.birth_year,
                likeness=hit.match.likeness,
                kept_by_your_organisation=hit.kept_by_you,
            )
            for hit in found
        ]
    )


@routes.get(
    "/people/{person_id}",
    operation_id="families_read_person",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def read(person_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> PersonOut:
    """A person's record. That you looked is logged. A merged record's id answers with the one it became."""
    return await show_one_person(parts, actor, person_id, response)


@routes.patch(
    "/people/{person_id}",
    operation_id="families_change_person",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(Stale, MatchRequired, MergedRecord)),
)
async def patch(
    person_id: UUID, *, body: PersonPatch, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> PersonOut:
    """Correct or complete a person (JSON Merge Patch): a field left out stays, null clears it."""
    apply = partial(apply_patch, parts.reader, body)
    await change_person(parts.means, actor, person_id, version, apply, now=parts.clock())
    return await show_one_person(parts, actor, person_id, response)


@routes.post(
    "/people/{person_id}/contacts",
    status_code=201,
    operation_id="families_add_contact",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER),
)
async def contact(
    person_id: UUID, *, body: ContactIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> PersonOut:
    """Record a way to reach a person, with what is safe."""
    new = parts.reader.contact(body, person_id, "")
    done = await add_contact(parts.means, actor, attempt, new, parts.clock())
    show_done(response, done)
    return await show_one_person(parts, actor, person_id, response)


@routes.post(
    "/people/{person_id}/needs",
    status_code=201,
    operation_id="families_record_need",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER),
)
async def need(
    person_id: UUID, *, body: NeedIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> NeedOut:
    """Record a need of a person. `asks_safeguarding_question` says when to stop and think before going on."""
    done = await record_about(parts.means, actor, attempt, parts.reader.need(body, person_id), parts.clock())
    show_done(response, done)
    found = await read_person(parts.means, actor, person_id, parts.clock(), act="needs.read")
    recorded = next(n for n in found.loaded.picture.needs if n.id == done.resource_id)
    return need_out(recorded, parts.known_needs, parts.notice(actor))


@routes.get(
    "/people/{person_id}/restrictions",
    operation_id="families_list_restrictions",
    **operation(Permission.FAMILIES_RESTRICTION_WRITE, relation=_KEEPER),
)
async def restrictions(person_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RestrictionsOut:
    """What restricts a person, the newest first, for whoever may lift it. That you looked is logged."""
    found = await read_person(parts.means, actor, person_id, parts.clock(), act=RESTRICTIONS)
    response.headers["Cache-Control"] = "no-store"
    newest = sorted(found.loaded.restrictions_on(found.person_id), key=lambda each: each.placed_at, reverse=True)
    return RestrictionsOut(items=[restriction_out(each, parts.notice(actor)) for each in newest])


@routes.post(
    "/people/{person_id}/restrictions",
    status_code=201,
    operation_id="families_restrict_person",
    **operation(Permission.FAMILIES_RESTRICTION_WRITE, relation=_KEEPER),
)
async def restrict(
    person_id: UUID, *, body: RestrictionIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> RestrictionOut:
    """Restrict a person. `whereabouts` hides what locates them from everybody who is not named, colleagues too."""
    new = _restriction(body, person_id, actor, parts)
    done = await restrict_person(parts.means, actor, attempt, new, parts.clock())
    return await _restricted(parts, actor, person_id, done, response)


@routes.post(
    "/people/{person_id}/restrictions/{restriction_id}/lift",
    operation_id="families_lift_restriction",
    **operation(
        Permission.FAMILIES_RESTRICTION_WRITE,
        relation=_KEEPER,
        refuses=(NotTheSecondPerson, AlreadyEnded, LiftedElsewhere),
    ),
)
async def lift(
    *,
    person_id: UUID,
    restriction_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> RestrictionOut:
    """Ask for a restriction to be lifted; when another person does the same, it is."""
    done = await lift_restriction(parts.means, actor, attempt, person_id, restriction_id, now=parts.clock())
    return await _restricted(parts, actor, person_id, done, response)


def _restriction(body: RestrictionIn, person_id: UUID, actor: Actor, parts: Parts) -> Restriction:
    """The restriction asked for. Whoever hides somebody's whereabouts may see them still: they hold the key."""
    named = {str(account) for account in body.named_account_ids}
    if body.kind is RestrictionKind.WHEREABOUTS:
        named.add(actor.id)
    return Restriction(
        id=new_id(),
        person_id=person_id,
        kind=body.kind,
        placed_by=actor.id,
        placed_at=parts.clock(),
        named_organisation_ids=body.named_organisation_ids,
        named_actor_ids=frozenset(named),
    )


async def _restricted(parts: Parts, actor: Actor, person_id: UUID, done: Done, response: Response) -> RestrictionOut:
    show_done(response, done)
    response.headers["Cache-Control"] = "no-store"
    found = await read_person(parts.means, actor, person_id, parts.clock(), act=RESTRICTIONS)
    stored = next(r for r in found.loaded.restrictions_on(person_id) if r.id == done.resource_id)
    return restriction_out(stored, parts.notice(actor))


async def show_one_person(parts: Parts, actor: Actor, person_id: UUID, response: Response) -> PersonOut:
    """The normal read, with its entity tag; a merged record answers as the one it is part of, and says where."""
    found = await read_person(parts.means, actor, person_id, parts.clock())
    shown = show_person(found.loaded, found.person_id, actor, parts.today)
    shown = shown.model_copy(update={"merged_ids": list(found.merged), "same_person_ids": list(found.others)})
    if found.person_id != person_id:
        response.headers["Content-Location"] = f"/people/{found.person_id}"
    response.headers["ETag"] = etag(shown.version)
    response.headers["Cache-Control"] = "no-store"
    return shown
