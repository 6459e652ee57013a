"""Routes for a child on the way, a birth, and a loss: recorded once, in plain words, and quiet afterwards."""

from uuid import UUID

from fastapi import Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import FamilyOut, PersonOut
from connective.families.api.deps import PartsDep
from connective.families.api.families import show_one_family
from connective.families.api.people import show_one_person
from connective.families.api.problems import AlreadyEnded, LikelyDuplicate, MergedRecord, StoppedElsewhere
from connective.families.api.schemas import BirthIn, LossIn, PregnancyIn
from connective.families.commands.end_pregnancy import Expected, expect, record_the_birth, record_the_loss
from connective.families.commands.quiet import resume
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.ids import new_id
from connective.kit.policy import operation

routes = router(tags=["people"])
_KEEPER = "own_organisation"
_WRITES = operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(AlreadyEnded, MergedRecord))


@routes.post("/people/{person_id}/pregnancies", status_code=201, operation_id="families_record_pregnancy", **_WRITES)
async def expecting(
    person_id: UUID, *, body: PregnancyIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> PersonOut:
    """Record that somebody expects a child: health data of theirs until the birth, and shared with nobody."""
    expected = Expected(person_id, new_id())
    done = await expect(parts.means, actor, attempt, expected, body.due_on, now=parts.clock())
    show_done(response, done)
    return await show_one_person(parts, actor, person_id, response)


@routes.post(
    "/people/{person_id}/pregnancies/{pregnancy_id}/birth",
    status_code=201,
    operation_id="families_record_birth",
    **operation(
        Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(AlreadyEnded, LikelyDuplicate, MergedRecord)
    ),
)
async def birth(
    *,
    person_id: UUID,
    pregnancy_id: UUID,
    body: BirthIn,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> FamilyOut:
    """Record a birth: each child becomes a person of the family, with their mother, and whoever else you name."""
    draft = parts.reader.born(body, person_id)
    expected = Expected(person_id, pregnancy_id)
    done = await record_the_birth(
        parts.means, actor, attempt, expected, born_on=body.born_on, draft=draft, now=parts.clock()
    )
    show_done(response, done)
    return await show_one_family(parts, actor, done.resource_id, response)


@routes.post("/people/{person_id}/pregnancies/{pregnancy_id}/loss", operation_id="families_record_loss", **_WRITES)
async def loss(
    *,
    person_id: UUID,
    pregnancy_id: UUID,
    body: LossIn,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> PersonOut:
    """Record that a pregnancy ended in loss. Every notice stops at once; open requests are held for their referrer."""
    expected = Expected(person_id, pregnancy_id)
    done = await record_the_loss(parts.means, actor, attempt, expected, body.on or parts.today, now=parts.clock())
    show_done(response, done)
    return await show_one_person(parts, actor, person_id, response)


@routes.post(
    "/people/{person_id}/notices/resume",
    operation_id="families_resume_notices",
    **operation(
        Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(AlreadyEnded, MergedRecord, StoppedElsewhere)
    ),
)
async def resume_them(
    person_id: UUID, *, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> PersonOut:
    """Say, because you know the family, that notices about somebody may be sent again after a loss."""
    done = await resume(parts.means, actor, attempt, person_id, parts.clock())
    show_done(response, done)
    return await show_one_person(parts, actor, person_id, response)
