"""What other services may know of people to apply a rule: ages, standing and ids; never a name."""

from datetime import date
from uuid import UUID

from connective.contracts.sharing import FactsAnswered, FactsAsked, PersonFacts, ResponsibleAdult
from connective.families.domain.families import living_with
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
    alone = actor.kind is ActorKind.SERVICE
    if alone and actor.caller not in _ASKS_ALONE:
        raise NotAllowed("Ask on behalf of the worker.")
    if not asked.person_ids:
        asked = asked.model_copy(update={"person_ids": await _everybody(database, actor, asked.family_id, day)})
    found = await members_alone(database, actor, asked.person_ids, frozenset({Needed.CARERS, Needed.LOSSES}))
    if not (alone or found.open_to(actor)):
        raise NotFound
    return _answer(found, asked, day)


async def _everybody(database: Database, actor: Actor, family_id: UUID | None, day: date) -> tuple[UUID, ...]:
    """Who is in the family on that day, as far as row-level security shows it: nobody, to anybody but its keeper."""
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _MEMBERS, (family_id, day))
    return tuple(row.person_id for row in rows)


def _answer(found: Members, asked: FactsAsked, day: date) -> FactsAnswered:
    picture = found.picture
    if len(found.keepers) != 1 or not picture.people.keys() >= set(asked.person_ids):
        raise NotFound
    (keeper,) = found.keepers
    hidden = living_with(must_not_be_found(found.restrictions), picture.memberships, day)
    people = tuple(
        _facts(picture, person_id, day, hidden=person_id in hidden, quiet=found.quiet) for person_id in asked.person_ids
    )
    if asked.family_id is not None and any(asked.family_id not in facts.family_ids for facts in people):
        raise NotFound
    return FactsAnswered(organisation_id=keeper.organisation_id, people=people)


def _facts(picture: Picture, person_id: UUID, day: date, *, hidden: bool, quiet: frozenset[UUID]) -> PersonFacts:
    person = picture.people[person_id]
    responsible = responsible_for(person, picture.people, picture.relationships, day)
    return PersonFacts(
        person_id=person_id,
        notices_stopped=not person.living or person_id in quiet,
        family_ids=tuple(
            m.family_id for m in picture.memberships if m.person_id == person_id and m.period.holds_on(day)
        ),
        age_years=person.age_on(day),
        living=person.living,
        responsible=tuple(ResponsibleAdult(person_id=i, authority=authority) for i, authority in responsible),
        whereabouts_restricted=hidden,
    )
