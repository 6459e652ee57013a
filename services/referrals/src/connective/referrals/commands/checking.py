"""Looking at what a worker asks before anything is decided: who, which service, which form, what it says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.contracts.sharing import PersonEssentials, ServiceFacts
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt
from connective.referrals.commands.deciding import Asking
from connective.referrals.commands.directory import complete
from connective.referrals.commands.room import Room
from connective.referrals.domain import before
from connective.referrals.domain.answers import check_answers
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.forms import Form
from connective.referrals.domain.refusals import DetailsRefused, FieldError, NoForm
from connective.referrals.domain.request import Content, Missing, Notice, PeopleAsked
from connective.referrals.domain.safeguarding import may_receive
from connective.referrals.storage.form_library import form_of
from connective.referrals.storage.lookups import Lookups, Wanted, look_up
from connective.referrals.storage.services import Known


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as the worker makes it."""

    service_id: UUID
    people: PeopleAsked
    content: Content
    needed_by: datetime | None
    replaces: UUID | None
    form_version: int | None = None
    """None for the latest; a draft keeps the version it was begun on."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The same, with its service and form, and nothing wrong with it."""

    ask: Ask
    service: ServiceFacts
    form: Form
    notices: tuple[Notice, ...]
    takes_nothing: tuple[Missing, ...]


def asking_of(each: Checked, discloser_id: UUID) -> Asking:
    """What a decision is needed for, to send this."""
    return Asking(
        form=each.form,
        people=each.ask.people,
        content=each.ask.content,
        discloser_id=discloser_id,
        recipient_id=each.service.organisation_id,
        service_id=each.service.service_id,
    )


Forms = dict[tuple[str, int | None], Form | NoForm]
"""The form for a kind and the version asked for (None: that of new requests), or why there is none."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the other rooms and our own copies say of everything asked."""

    known: Known
    lookups: Lookups
    forms: Forms
    discloser_id: UUID
    people: dict[UUID, PersonEssentials]


@dataclass(frozen=True, slots=True)
class Family:
    """The family asked about, and the attempt under whose key it may have been asked about before."""

    id: UUID
    attempt: Attempt | None = None


async def find(room: Room, actor: Actor, family: Family, asks: Sequence[Ask]) -> Found:
    """Ask everything that is needed, at once. Raises NotFound when the worker may not act for these people."""
    everyone = list(dict.fromkeys(person for ask in asks for person in ask.people.everyone))
    own, facts = await asyncio.gather(
        _own(room, actor, family, asks), room.others.families.essentials(actor, family.id, everyone)
    )
    people = {person.person_id: person for person in facts.people}
    return Found(*own, facts.organisation_id, people)


async def _own(room: Room, actor: Actor, family: Family, asks: Sequence[Ask]) -> tuple[Known, Lookups, Forms]:
    service_ids = [ask.service_id for ask in asks]
    replaced = [ask.replaces for ask in asks if ask.replaces is not None]
    wanted = Wanted(family.id, service_ids, replaced, family.attempt)
    known, lookups = await look_up(room.database, actor, wanted)
    known = await complete(room.database, room.others.directory, actor, service_ids, known)
    return known, lookups, await _forms(room, actor, asks, (known, lookups))


async def _forms(room: Room, actor: Actor, asks: Sequence[Ask], read: tuple[Known, Lookups]) -> Forms:
    """The form of each ask. One that this process has not met is read, once; one that is not there is left out."""
    known, lookups = read
    asked = {
        (known.services[ask.service_id].kind, ask.form_version) for ask in asks if ask.service_id in known.services
    }
    found: Forms = {}
    for kind, named in asked:
        version = lookups.placed.get(kind) if named is None else named
        try:
            found[kind, named] = form_of(kind) if version is None else await _form(room, actor, kind, version)
        except NoForm as refused:
            found[kind, named] = refused
    return found


async def _form(room: Room, actor: Actor, kind: str, version: int) -> Form:
    if (form := room.shelf.at_hand(actor.place, kind, version)) is not None:
        return form
    async with room.database.reading(actor) as connection:
        return await room.shelf.take(connection, actor.place, kind, version)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who asks, when, the place's safeguarding sentence, and where in the body each ask stands."""

    referrer_id: UUID
    now: datetime
    sentence: str
    pointer: str = "/requests/{index}"


def check_all(asks: Sequence[Ask], found: Found, given: Circumstances) -> tuple[Checked, ...]:
    """Every ask with its service and form. Raises the rules' refusals, with every error at once."""
    unknown = [
        FieldError(
            f"{given.pointer.format(index=index)}/service_id",
            "unknown-service",
            "There is no such service in this place.",
        )
        for index, ask in enumerate(asks)
        if ask.service_id not in found.known.services
    ]
    if unknown:
        raise DetailsRefused(unknown)
    for ask in asks:
        may_receive(found.known.services[ask.service_id].reporting_route, given.sentence)
    checked = [_with_service(ask, found, given) for ask in asks]
    errors = [
        error
        for index, each in enumerate(checked)
        for error in _errors(each, found, given.pointer.format(index=index), given.now)
    ]
    if errors:
        raise DetailsRefused(errors)
    return tuple(checked)


def _with_service(ask: Ask, found: Found, given: Circumstances) -> Checked:
    service = found.known.services[ask.service_id]
    waiting = found.lookups.waiting.get(ask.service_id)
    return Checked(
        ask=ask,
        service=service,
        form=_takes(found.forms[service.kind, ask.form_version]),
        notices=before.notices(service, found.people, ask.people, waiting, local_day(given.now)),
        takes_nothing=before.takes_nothing(service, found.known.suspended, given.referrer_id),
    )


def _takes(form: Form | NoForm) -> Form:
    """Raise NoForm where the kind takes no requests."""
    if isinstance(form, NoForm):
        raise form
    return form


def _errors(each: Checked, found: Found, at: str, now: datetime) -> list[FieldError]:
    ask = each.ask
    errors = before.check_people(each.form, ask.people, found.people, at)
    errors += check_answers(each.form, ask.content.answers, f"{at}/answers")
    errors += before.check_content(ask.content, ask.people, needs_list(), at)
    errors += before.check_time(each.service, ask.needed_by, now, at)
    if ask.replaces is not None:
        state = found.lookups.replaced.get(ask.replaces)
        errors += before.check_replaces(state, ask.replaces in found.lookups.replaced_already, at)
    return errors
