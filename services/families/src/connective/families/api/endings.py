"""Routes that end what no longer holds, with the day and the reason; what held until then stays in the record."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import Answered
from connective.families.api.deps import Parts, PartsDep
from connective.families.api.problems import AlreadyEnded, BadEnding
from connective.families.api.schemas import EndIn
from connective.families.commands.end_part import end_part
from connective.families.domain.ending import Ending, EndReason, Part
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.idempotency import Attempt
from connective.kit.policy import operation

routes = router()


class EndedOut(Answered):
    """What was ended."""

    part: Part
    id: UUID
    reason: EndReason
    safeguarding_notice: str


class _Asked:
    """What every ending takes beside the record's address."""

    def __init__(self, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> None:
        self.actor: Actor = actor
        self.attempt: Attempt = attempt
        self.parts: Parts = parts
        self.response = response

    async def end(self, part: Part, owner_id: UUID, part_id: UUID, sent: EndIn) -> EndedOut:
        """End one part, and say so."""
        ending = Ending(part, owner_id, part_id, sent.on or self.parts.today, sent.reason)
        done = await end_part(self.parts.means, self.actor, self.attempt, ending, self.parts.clock())
        show_done(self.response, done)
        notice = self.parts.notice(self.actor)
        return EndedOut(part=part, id=part_id, reason=sent.reason, safeguarding_notice=notice)


_AskedDep = Annotated[_Asked, Depends()]


def _ends(path: str, operation_id: str, tag: str) -> Callable[[Any], Callable[..., Awaitable[EndedOut]]]:
    declared = operation(
        Permission.FAMILIES_FAMILY_WRITE, relation="own_organisation", refuses=(AlreadyEnded, BadEnding)
    )
    return routes.post(path, operation_id=operation_id, tags=[tag], **declared)


@_ends("/people/{person_id}/needs/{need_id}/end", "families_end_need", "people")
async def need(person_id: UUID, need_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that a need is met, or was recorded in error: from that day on no recipient is told of it."""
    return await asked.end(Part.NEED, person_id, need_id, body)


@_ends("/people/{person_id}/strengths/{strength_id}/end", "families_end_strength", "people")
async def strength(person_id: UUID, strength_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that something no longer goes well, or was recorded in error: from that day on no recipient is told of it."""
    return await asked.end(Part.STRENGTH, person_id, strength_id, body)


@_ends("/people/{person_id}/contacts/{contact_id}/end", "families_end_contact", "people")
async def contact(person_id: UUID, contact_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that somebody must no longer be reached in this way; from the answer on nobody is given it."""
    return await asked.end(Part.CONTACT, person_id, contact_id, body)


@_ends("/families/{family_id}/addresses/{address_id}/end", "families_end_address", "families")
async def address(family_id: UUID, address_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that the family lives here no longer, where nobody knows yet where they live now."""
    return await asked.end(Part.ADDRESS, family_id, address_id, body)


@_ends("/families/{family_id}/relationships/{relationship_id}/end", "families_end_relationship", "families")
async def relationship(family_id: UUID, relationship_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that two people are no longer related in this way: responsibility held by it ends with it."""
    return await asked.end(Part.RELATIONSHIP, family_id, relationship_id, body)


@_ends("/families/{family_id}/people/{person_id}/end", "families_end_membership", "families")
async def membership(family_id: UUID, person_id: UUID, body: EndIn, asked: _AskedDep) -> EndedOut:
    """Say that somebody left this family: they stay in its history, and in every other family of theirs."""
    return await asked.end(Part.MEMBERSHIP, family_id, person_id, body)
