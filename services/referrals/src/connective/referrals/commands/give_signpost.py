"""Record that a family was told about a service: nothing leaves the organisation that keeps the family."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id
from connective.referrals.commands.directory import know_services
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.refusals import DetailsRefused, FieldError
from connective.referrals.domain.safeguarding import may_receive
from connective.referrals.domain.signposts import Signpost, Told, check_signpost
from connective.referrals.storage.signposts import add_signpost


@dataclass(frozen=True, slots=True)
class SignpostAsked:
    """Which family was told of which service, for whom, why, and how."""

    family_id: UUID
    service_id: UUID
    subjects: tuple[UUID, ...]
    needs: tuple[str, ...]
    told: Told


async def give_signpost(room: Room, actor: Actor, attempt: Attempt, asked: SignpostAsked) -> Done:
    """Store it and announce it to the family's chronology.

    Raises NotFound when the worker may not act for these people, InvalidDetails for a service, need or person that
    cannot be named, and NotAReportingRoute: whom to phone about a concern stands in every answer.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    known, facts = await asyncio.gather(
        know_services(room.database, room.others.directory, actor, [asked.service_id]),
        room.others.families.essentials(actor, asked.family_id, asked.subjects),
    )
    people = {person.person_id: person for person in facts.people}
    with translated():
        service = _service(known.services.get(asked.service_id))
        may_receive(service.reporting_route, room.safeguarding(actor).sentence)
        check_signpost(asked.subjects, asked.needs, people, needs_list())
    new = _signpost(room, actor, asked, service)
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await add_signpost(unit, new)
        return await remember(unit, attempt, Done(new.id, 201))


def _service(found: ServiceFacts | None) -> ServiceFacts:
    if found is None:
        detail = "There is no such service in this place."
        raise DetailsRefused([FieldError("/service_id", "unknown-service", detail)])
    return found


def _signpost(room: Room, actor: Actor, asked: SignpostAsked, service: ServiceFacts) -> Signpost:
    return Signpost(
        id=new_id(),
        place_id=actor.place,
        organisation_id=actor.organisation,
        family_id=asked.family_id,
        service_id=service.service_id,
        service_kind=service.kind,
        sensitive=service.sensitive,
        subjects=asked.subjects,
        needs=asked.needs,
        told=asked.told,
        given_by=actor.id,
        given_at=room.clock(),
    )
