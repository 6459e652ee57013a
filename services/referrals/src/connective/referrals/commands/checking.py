"""Looking at what a worker asks before anything is decided: who, which service, which form, what it says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.contracts.sharing import PersonFacts, ServiceFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt
from connective.referrals.commands.directory import complete
from connective.referrals.commands.ports import Others
from connective.referrals.domain import before
from connective.referrals.domain.answers import check_answers
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.forms import Form
from connective.referrals.domain.refusals import DetailsRefused, FieldError
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


@dataclass(frozen=True, slots=True)
class Found:
    """What the other rooms and our own copies say of everything asked."""

    known: Known
    lookups: Lookups
    discloser_id: UUID
    people: dict[UUID, PersonFacts]


@dataclass(frozen=True, slots=True)
class Family:
    """The family asked about, and the attempt under whose key it may have been asked about before."""

    id: UUID
    attempt: Attempt | None = None


async def find(database: Database, others: Others, actor: Actor, family: Family, asks: Sequence[Ask]) -> Found:
    """Ask everything that is needed, at once. Raises NotFound when the worker may not act for these people."""
    everyone = list(dict.fromkeys(person for ask in asks for person in ask.people.everyone))
    (known, lookups), facts = await asyncio.gather(
        _own(database, others, actor, family, asks), others.families.facts(actor, family.id, everyone)
    )
    people = {person.person_id: person for person in facts.people}
    return Found(known, lookups, facts.organisation_id, people)


async def _own(
    database: Database, others: Others, actor: Actor, family: Family, asks: Sequence[Ask]
) -> tuple[Known, Lookups]:
    service_ids = [ask.service_id for ask in asks]
    replaced = [ask.replaces for ask in asks if ask.replaces is not None]
    known, lookups = await look_up(database, actor, Wanted(family.id, service_ids, replaced, family.attempt))
    return await complete(database, others.directory, actor, service_ids, known), lookups


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
        form=form_of(service.kind, ask.form_version),
        notices=before.notices(service, found.people, ask.people, waiting, local_day(given.now)),
        takes_nothing=before.takes_nothing(service, found.known.suspended, given.referrer_id),
    )


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
