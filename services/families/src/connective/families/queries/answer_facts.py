"""What other services may know of people to apply a rule: ages, standing and ids; never a name."""

from datetime import date
from uuid import UUID

from connective.contracts.sharing import FactsAnswered, FactsAsked, PersonFacts, ResponsibleAdult
from connective.families.domain.families import living_with
from connective.families.domain.relationships import responsible_for
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import Standing, see_family, see_people
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.problems import NotAllowed, NotFound

_ASKS_ALONE = frozenset({"consent"})
"""Services that decide without a worker at hand: a decision is taken again at each read, by the Hub itself."""


async def answer_facts(database: Database, actor: Actor, asked: FactsAsked, day: date) -> FactsAnswered:
    """The facts of the people asked about, in that order.

    On a worker's behalf: NotFound unless their organisation keeps the family and everybody in question. Alone, only
    consent may ask. NotFound too where somebody is not in the family, or the people are not all of one keeper.
    """
    async with database.reading(actor) as connection:
        if actor.kind is not ActorKind.SERVICE:
            await see_people(connection, actor, frozenset(asked.person_ids))
            if asked.family_id and await see_family(connection, actor, asked.family_id) is not Standing.KEEPER:
                raise NotFound
        elif actor.caller not in _ASKS_ALONE:
            raise NotAllowed("Ask on behalf of the worker.")
        loaded = await load(connection, person_ids=asked.person_ids)
    return _answer(loaded, asked, day)


def _answer(loaded: Loaded, asked: FactsAsked, day: date) -> FactsAnswered:
    picture = loaded.picture
    keepers = {loaded.keepers.get(person_id) for person_id in asked.person_ids}
    keeper = keepers.pop()
    if keeper is None or keepers or not picture.people.keys() >= set(asked.person_ids):
        raise NotFound
    hidden = living_with(loaded.must_not_be_found(), picture.memberships, day)
    people = tuple(_facts(loaded, person_id, day, person_id in hidden) for person_id in asked.person_ids)
    if asked.family_id is not None and any(asked.family_id not in facts.family_ids for facts in people):
        raise NotFound
    return FactsAnswered(organisation_id=keeper, people=people)


def _facts(loaded: Loaded, person_id: UUID, day: date, hidden: bool) -> PersonFacts:
    picture = loaded.picture
    person = picture.people[person_id]
    responsible = responsible_for(person, picture.people, picture.relationships, day)
    return PersonFacts(
        person_id=person_id,
        family_ids=tuple(m.family_id for m in picture.memberships if m.person_id == person_id),
        age_years=person.age_on(day),
        living=person.living,
        responsible=tuple(ResponsibleAdult(person_id=i, authority=authority) for i, authority in responsible),
        whereabouts_restricted=hidden,
    )
