"""What other services may know of people to apply a rule: ages, standing and ids; never a name."""

from datetime import date
from uuid import UUID

from connective.contracts.sharing import (
    EssentialsAnswered,
    FactsAnswered,
    FactsAsked,
    PersonEssentials,
    PersonFacts,
    ResponsibleAdult,
)
from connective.families.domain.families import living_with
from connective.families.domain.people import Person
from connective.families.domain.relationships import responsible_for
from connective.families.domain.restrictions import must_not_be_found
from connective.families.domain.shared import Needed, Picture
from connective.families.storage.members import Members, members_alone
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, fetch
from connective.kit.problems import NotAllowed, NotFound

_MEMBERS = """
SELECT DISTINCT person_id FROM membership
WHERE family_id = $1 AND (since IS NULL OR since <= $2) AND (until IS NULL OR $2 <= until) ORDER BY 1
"""
_ASKS_ALONE = frozenset({"consent"})
"""Services that decide without a worker at hand: a decision is taken again at each read, by the Hub itself."""


async def answer_facts(database: Database, actor: Actor, asked: FactsAsked, day: date) -> FactsAnswered:
    """The facts of the people asked about, in that order.

    On a worker's behalf: NotFound unless their organisation keeps the family and everybody in question, and nothing
    shuts them out. Alone, only consent may ask. NotFound too where somebody is not in the family, or the people are not
    all of one keeper.
    """
    found, asked = await _found(database, actor, asked, day, frozenset({Needed.CARERS, Needed.LOSSES}))
    hidden = living_with(must_not_be_found(found.restrictions), found.picture.memberships, day)
    people = tuple(
        _facts(found.picture, person_id, day, hidden=person_id in hidden, quiet=found.quiet)
        for person_id in asked.person_ids
    )
    return FactsAnswered(organisation_id=_keeper(found), people=people)


async def answer_essentials(database: Database, actor: Actor, asked: FactsAsked, day: date) -> EssentialsAnswered:
    """What is looked at of people before anything is sent, by the same rules: less is read, and less is told."""
    found, asked = await _found(database, actor, asked, day, frozenset({Needed.LOSSES}))
    everybody = found.picture.people
    people = tuple(
        PersonEssentials(
            person_id=person_id,
            age_years=everybody[person_id].age_on(day),
            living=everybody[person_id].living,
            notices_stopped=_notices_stopped(everybody[person_id], found.quiet),
        )
        for person_id in asked.person_ids
    )
    return EssentialsAnswered(organisation_id=_keeper(found), people=people)


async def _found(
    database: Database, actor: Actor, asked: FactsAsked, day: date, needed: frozenset[Needed]
) -> tuple[Members, FactsAsked]:
    """The members of the families asked about, and the question with everybody named."""
    alone = actor.kind is ActorKind.SERVICE
    if alone and actor.caller not in _ASKS_ALONE:
        raise NotAllowed("Ask on behalf of the worker.")
    if not asked.person_ids:
        asked = asked.model_copy(update={"person_ids": await _everybody(database, actor, asked.family_id, day)})
    found = await members_alone(database, actor, asked.person_ids, needed)
    if not (alone or found.open_to(actor)):
        raise NotFound
    if len(found.keepers) != 1 or not found.picture.people.keys() >= set(asked.person_ids):
        raise NotFound
    if asked.family_id is not None and not _in_family(found.picture, asked.family_id, day) >= set(asked.person_ids):
        raise NotFound
    return found, asked


async def _everybody(database: Database, actor: Actor, family_id: UUID | None, day: date) -> tuple[UUID, ...]:
    """Who is in the family on that day, as far as row-level security shows it: nobody, to anybody but its keeper."""
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _MEMBERS, (family_id, day))
    return tuple(row.person_id for row in rows)


def _keeper(found: Members) -> UUID:
    (keeper,) = found.keepers
    return keeper.organisation_id


def _in_family(picture: Picture, family_id: UUID, day: date) -> set[UUID]:
    return {m.person_id for m in picture.memberships if m.family_id == family_id and m.period.holds_on(day)}


def _notices_stopped(person: Person, quiet: frozenset[UUID]) -> bool:
    return not person.living or person.id in quiet


def _facts(picture: Picture, person_id: UUID, day: date, *, hidden: bool, quiet: frozenset[UUID]) -> PersonFacts:
    person = picture.people[person_id]
    responsible = responsible_for(person, picture.people, picture.relationships, day)
    return PersonFacts(
        person_id=person_id,
        notices_stopped=_notices_stopped(person, quiet),
        family_ids=tuple(
            m.family_id for m in picture.memberships if m.person_id == person_id and m.period.holds_on(day)
        ),
        age_years=person.age_on(day),
        living=person.living,
        responsible=tuple(ResponsibleAdult(person_id=i, authority=authority) for i, authority in responsible),
        whereabouts_restricted=hidden,
    )
