"""Today's list: for each request a disclosure of its own, decided and recorded for a first name and packing notes."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.categories import Purpose
from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked, Question
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.referrals.commands.deciding import method_of, permitted_by
from connective.referrals.commands.delivering import delivering
from connective.referrals.commands.refusals import unavailable_instead
from connective.referrals.commands.room import Room
from connective.referrals.domain.forms import Form, FormField
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.today import MOST, NAME, SLOT, categories, first_name, is_for, packing_fields, said
from connective.referrals.domain.visible import Permitted, concerned, may_see
from connective.referrals.storage.at_work import list_at_work


@dataclass(frozen=True, slots=True)
class ToPack:
    """One line of the list."""

    request_id: UUID
    reference: str
    first_name: str | None
    packing_notes: tuple[str, ...]
    slot: str | None
    needed_by: datetime | None
    withheld: tuple[str, ...]


async def todays_list(room: Room, actor: Actor) -> list[ToPack]:
    """The day's lines, those needed soonest first. Raises Unavailable when any could not be recorded or read."""
    at = room.clock()
    async with room.database.reading(actor) as connection:
        at_work = await list_at_work(connection, actor)
        found = [each for each in at_work if is_for(each[0], each[1].answers, at)]
        found.sort(key=lambda each: (each[0].needed_by is None, each[0].needed_by or at, each[0].reference))
        forms = [await _form(room, connection, request) for request, _ in found[:MOST]]
    return [await _line(room, actor, form, each) for form, each in zip(forms, found, strict=False)]


async def _form(room: Room, connection: AsyncConnection, request: Request) -> Form:
    return await room.shelf.take(connection, request.place_id, request.service_kind, request.form_version)


async def _line(room: Room, actor: Actor, form: Form, each: tuple[Request, Content]) -> ToPack:
    request, content = each
    fields = packing_fields(form, content.answers)
    line = ToPack(
        request_id=request.id,
        reference=request.reference,
        first_name=None,
        packing_notes=(),
        slot=_slot(form, content),
        needed_by=request.needed_by,
        withheld=("first_name", *(field.name for field in fields)),
    )
    asked = _asked(actor, request, fields)
    async with delivering(room, actor, asked) as delivery:
        with unavailable_instead():
            answer = await room.others.consent.disclose(actor, asked)
        delivery.recorded = answer.disclosure_id is not None
        if answer.permit is None:
            return line
        permitted = permitted_by(answer.decision)
        name = await _name(room, actor, request, answer)
        return _shown(line, request, content, (fields, permitted, name))


def _asked(actor: Actor, request: Request, fields: tuple[FormField, ...]) -> DisclosureAsked:
    question = Question(
        discloser_organisation_id=request.discloser_organisation_id,
        recipient_organisation_id=request.recipient_organisation_id,
        service_id=request.service_id,
        service_kind=request.service_kind,
        subjects=request.people.everyone,
        categories=categories(fields),
        purpose=Purpose.REFERRAL,
        method=method_of(actor),
    )
    return DisclosureAsked(
        question=question, request_id=request.id, request_version=request.version, disclosure_id=new_id()
    )


async def _name(room: Room, actor: Actor, request: Request, answer: DisclosureAnswered) -> str | None:
    """The first name of who collects, read live."""
    if answer.permit is None:
        return None
    with unavailable_instead():
        shared = await room.others.families.shared(actor, answer.permit, [NAME])
    people = {person.person_id: person.fields for person in shared.people}
    return first_name(people.get(request.people.contact, {}).get(NAME))


def _shown(
    line: ToPack, request: Request, content: Content, given: tuple[tuple[FormField, ...], Permitted, str | None]
) -> ToPack:
    fields, permitted, name = given
    seen = [field for field in fields if may_see(field.categories, concerned(request.people, field.about), permitted)]
    hidden = [field.name for field in fields if field not in seen]
    return replace(
        line,
        first_name=name,
        packing_notes=tuple(note for field in seen for note in said(field, content.answers[field.name])),
        withheld=(*(() if name else ("first_name",)), *hidden),
    )


def _slot(form: Form, content: Content) -> str | None:
    """How it is handed over, in the form's words."""
    for field in form.answered:
        if field.name == SLOT and field.name in content.answers:
            return said(field, content.answers[SLOT])[0]
    return None
