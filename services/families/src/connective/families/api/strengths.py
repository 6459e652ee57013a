"""Routes over strengths: what goes well for people, the counterpart of needs."""

from uuid import UUID

from fastapi import Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import StrengthOut, StrengthsOut, strength_out
from connective.families.api.deps import PartsDep
from connective.families.api.schemas import StrengthIn
from connective.families.commands.read_family import read_family, read_person
from connective.families.commands.record_about import record_about
from connective.families.storage.seeing import Standing
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import NotFound

routes = router()
_KEEPER = "own_organisation"
_READ = "strengths.read"


@routes.get(
    "/families/{family_id}/strengths",
    operation_id="families_list_strengths",
    tags=["families"],
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def strengths(family_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> StrengthsOut:
    """The strengths of everybody in a family."""
    found = await read_family(parts.means, actor, family_id, parts.clock(), act=_READ)
    if found.standing is not Standing.KEEPER:
        raise NotFound
    response.headers["Cache-Control"] = "no-store"
    stored = found.loaded.stored_only()
    shown = [each for each in found.loaded.picture.strengths if each.person_id not in stored]
    return StrengthsOut(items=[strength_out(each, parts.notice(actor)) for each in shown])


@routes.post(
    "/people/{person_id}/strengths",
    status_code=201,
    operation_id="families_record_strength",
    tags=["people"],
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER),
)
async def strength(
    person_id: UUID, *, body: StrengthIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> StrengthOut:
    """Record what goes well for a person: what help can build on."""
    done = await record_about(parts.means, actor, attempt, parts.reader.strength(body, person_id), parts.clock())
    show_done(response, done)
    found = await read_person(parts.means, actor, person_id, parts.clock(), act=_READ)
    recorded = next(each for each in found.loaded.picture.strengths if each.id == done.resource_id)
    return strength_out(recorded, parts.notice(actor))
