"""The one route by which a member of the team around a family is shown anything of it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from connective.contracts.categories import Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.permissions import Permission
from connective.contracts.sharing import SharedFields, SharedPerson
from connective.families.api.answers import Answered
from connective.families.api.deps import PartsDep
from connective.families.api.problems import SharingNotPermitted
from connective.families.commands.read_as_team import Room, read_as_team
from connective.families.queries.share_fields import permit_of, share_fields
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import FieldError, Invalid, Unavailable

routes = router(prefix="/cases", tags=["cases"])


class NotPermittedOut(Answered):
    """A category that the decision keeps back, why, and what would clear it."""

    category: Category
    person_id: UUID | None
    code: str
    sentence: str
    remedy: str


class TeamFamilyOut(Answered):
    """The family as your organisation may see it at this moment. `withheld` names what a restriction hides."""

    case_id: UUID
    family_id: UUID
    disclosure_id: UUID
    people: list[SharedPerson]
    withheld: list[str]
    not_permitted: list[NotPermittedOut]
    safeguarding_notice: str


@routes.get(
    "/{case_id}/family",
    operation_id="families_read_as_team",
    **operation(Permission.FAMILIES_FAMILY_READ, relation="team", refuses=(SharingNotPermitted, Unavailable)),
)
async def read(
    case_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    response: Response,
    field: Annotated[
        list[str] | None,
        Query(
            max_length=40, description="Names of shareable fields; all of them if none is named. Ask for what you need."
        ),
    ] = None,
) -> TeamFamilyOut:
    """Read a family whose team your organisation is on. Each reading is decided and recorded before it is answered."""
    names = tuple(dict.fromkeys(field or sorted(SHARED_FIELDS)))
    if set(names) - SHARED_FIELDS.keys():
        errors = (FieldError("/query/field", "unknown", "No such field may be shared."),)
        raise Invalid("A field is not one that may be shared.", errors=errors)

    async def share(reader: Actor, permit: str, asked: Sequence[str], day: date) -> SharedFields:
        claims = permit_of(parts.keys, permit)
        return await share_fields(parts.means.database, reader, claims, asked, day=day, known=parts.known_needs)

    room = Room(parts.means, parts.consent, share, parts.known_needs)
    found = await read_as_team(room, actor, case_id, names, parts.clock())
    response.headers["Cache-Control"] = "no-store"
    return TeamFamilyOut(
        case_id=found.case.id,
        family_id=found.case.family_id,
        disclosure_id=found.shared.disclosure_id,
        people=list(found.shared.people),
        withheld=list(found.shared.withheld),
        not_permitted=[
            NotPermittedOut.model_validate(refusal, from_attributes=True) for refusal in found.answer.decision.refusals
        ],
        safeguarding_notice=parts.notice(actor),
    )
