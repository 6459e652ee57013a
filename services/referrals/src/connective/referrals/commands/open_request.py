"""A recipient opens one request: decided and recorded first, then read live, then received. Nothing else shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked, SharedFields
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.referrals.commands.deciding import Asking, meaning, method_of, permitted_by, question
from connective.referrals.commands.delivering import delivering
from connective.referrals.commands.loading import Loaded
from connective.referrals.commands.refusals import SharingNotPermitted, unavailable_instead
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Reason
from connective.referrals.domain.forms import Form
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.request import AskedNeed, By, Request, Words
from connective.referrals.domain.states import FINAL, Action, Party, State
from connective.referrals.domain.stored_only import outcome_left, words_left
from connective.referrals.domain.told import Message, words_seen
from connective.referrals.domain.visible import (
    Permitted,
    may_see,
    visible_answers,
    visible_live,
    visible_need,
    withheld,
)
from connective.referrals.storage.requests import load_locked, save
from connective.referrals.storage.stored_only import stored_among

HUB = "service:referrals"
DENIED = "sharing_not_permitted"
LiveFields = dict[UUID, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Opened:
    """One request as its recipient may see it at this moment."""

    request: Request
    form: Form
    answers: dict[str, object]
    people: LiveFields
    needs: tuple[AskedNeed, ...]
    words: Words | None
    messages: tuple[Message, ...]
    withheld: tuple[str, ...]
    disclosure: DisclosureAnswered


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a final request for its recipient: reference, dates, state, why, and what it wrote itself."""

    request: Request
    messages: tuple[Message, ...]


async def open_request(room: Room, actor: Actor, loaded: Loaded) -> Opened | Tombstone:
    """Decide, record, read live, receive.

    Raises SharingNotPermitted when the reading is denied (the request is then on hold, so that a missed
    event heals); Unavailable when any room cannot be asked: then nothing is shown.
    """
    request = loaded.request
    if request.state in FINAL:
        return await _tombstone(room, actor, loaded)
    if request.hold is not None:
        raise closed(request)
    asking = Asking(
        form=loaded.form,
        people=request.people,
        content=loaded.content,
        discloser_id=request.discloser_organisation_id,
        recipient_id=request.recipient_organisation_id,
        service_id=request.service_id,
    )
    asked = DisclosureAsked(
        question=question(asking, method_of(actor)),
        request_id=request.id,
        request_version=request.version,
        disclosure_id=new_id(),
    )
    async with delivering(room, actor, asked) as delivery:
        with unavailable_instead():
            answer = await room.others.consent.disclose(actor, asked)
        delivery.recorded = answer.disclosure_id is not None
        if answer.permit is None or meaning(asking, answer.decision).missing:
            raise closed(await _hold(room, actor, request.id))
        permitted = permitted_by(answer.decision)
        live = visible_live(asking.form, request.people, permitted)
        shared = await _read_live(room, actor, answer, sorted({field.source for field, _ in live}))
        received = await _receive(room, actor, request)
        return _shown(replace(loaded, request=received), asking.form, permitted, (answer, shared))


async def _tombstone(room: Room, actor: Actor, loaded: Loaded) -> Tombstone:
    """What is left of a final request: what its recipient wrote, as long as nobody in it is stored only."""
    request = loaded.request
    async with room.database.reading(actor) as connection:
        stored = await stored_among(connection, request.place_id, request.people.everyone)
    own = words_left([m for m in loaded.messages if m.party is Party.RECIPIENT], stored)
    outcome = None if request.outcome is None else outcome_left(request.outcome, stored)
    return Tombstone(replace(request, outcome=outcome), own)


async def _read_live(room: Room, actor: Actor, answer: DisclosureAnswered, names: Sequence[str]) -> SharedFields:
    """The permitted fields from the record; a form may leave nothing to read."""
    if not names or answer.permit is None or answer.disclosure_id is None:
        return SharedFields(disclosure_id=answer.disclosure_id or answer.decision_id, people=(), withheld=())
    with unavailable_instead():
        return await room.others.families.shared(actor, answer.permit, names)


def closed(request: Request) -> SharingNotPermitted:
    """Why nothing of it can be shown: what holds it, or the denial itself."""
    reasons = list(request.hold.reasons) if request.hold is not None else [DENIED]
    return SharingNotPermitted(
        "Sharing is not permitted at the moment, so nothing of this request can be shown. The referrer has been told.",
        reference=request.reference,
        state=str(request.state),
        reasons=reasons,
        submitted_at=_wire(request.submitted_at),
        version=request.version,
    )


def _wire(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


async def _hold(room: Room, actor: Actor, request_id: UUID) -> Request:
    """Put a request whose reading was denied on hold, in the Hub's name; one that moved on meanwhile stays as it is."""
    at = room.clock()
    async with room.database.unit(actor) as unit:
        request = await load_locked(unit, request_id)
        if Action.HOLD not in allowed_actions(request, Party.HUB, at):
            return request
        held, fact = act(request, Action.HOLD, By(Party.HUB, HUB), at, Reason(DENIED))
        await save(unit, request, held, (fact,))
        return held


async def _receive(room: Room, actor: Actor, request: Request) -> Request:
    if request.state is not State.SUBMITTED:
        return request
    async with room.database.unit(actor) as unit:
        return await receive_locked(unit, actor, request.id, room.clock())


async def receive_locked(unit: Unit, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Mark a request received if nobody has; a hold that came meanwhile closes it before anything is shown."""
    request = await load_locked(unit, request_id)
    if request.hold is not None:
        raise closed(request)
    if Action.RECEIVE not in allowed_actions(request, Party.RECIPIENT, at):
        return request
    by = By(Party.RECIPIENT, actor.id, actor.organisation_id)
    received, fact = act(request, Action.RECEIVE, by, at)
    await save(unit, request, received, (fact,))
    return received


def _shown(loaded: Loaded, form: Form, permitted: Permitted, given: tuple[DisclosureAnswered, SharedFields]) -> Opened:
    request, content = loaded.request, loaded.content
    people = request.people
    answer, shared = given
    answers = {
        field.name: content.answers[field.name]
        for field in visible_answers(form, people, permitted)
        if field.name in content.answers
    }
    words = content.words
    if words is not None and not may_see(words.categories, people.subjects, permitted):
        words = None
    hidden = list(withheld(form, people, permitted))
    hidden += [field.name for field in form.fields if field.source in shared.withheld and field.name not in hidden]
    if words is None and content.words is not None:
        hidden.append("free_text")
    return Opened(
        request=request,
        form=form,
        answers=answers,
        people=_people(form, request, permitted, shared),
        needs=tuple(n for n in content.needs if visible_need(n.code, n.person_id, permitted, needs_list())),
        words=words,
        messages=words_seen(loaded.messages, Party.RECIPIENT, people, permitted),
        withheld=tuple(hidden),
        disclosure=answer,
    )


def _people(form: Form, request: Request, permitted: Permitted, shared: SharedFields) -> LiveFields:
    """The live values under the form's own names; whatever the form does not ask for is dropped."""
    found = {person.person_id: person.fields for person in shared.people}
    people: LiveFields = {}
    for field, person_id in visible_live(form, request.people, permitted):
        values = found.get(person_id, {})
        if field.source in values:
            people.setdefault(person_id, {})[field.name] = values[field.source]
    return people
