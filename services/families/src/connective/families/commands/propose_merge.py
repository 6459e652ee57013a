"""Propose that two records are one person. Nothing changes until others have looked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.duplicates import Match, compare
from connective.families.domain.merging import Merge, differing, refuse_twins
from connective.families.domain.people import Person
from connective.families.domain.refusals import AlreadyProposed, BadRelationship
from connective.families.domain.tokens import Token, tokens_of
from connective.families.storage.acts import Act, audit
from connective.families.storage.cards import card_of, known_of
from connective.families.storage.merges import add_merge
from connective.families.storage.pictures import load
from connective.families.storage.seeing import see_people
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records that are compared: by its tokens, and by what it says where the proposer keeps it."""

    keeper_id: UUID
    tokens: frozenset[Token]
    person: Person | None


async def propose_merge(
    means: Means, actor: Actor, attempt: Attempt, person_id: UUID, merged_id: UUID, *, now: datetime
) -> Done:
    """Propose to make `merged_id` part of `person_id`, which the actor's organisation keeps.

    Raises NotFound for a record the actor could not have found, LikelyTwin, and AlreadyProposed.
    """
    if person_id == merged_id:
        raise BadRelationship("A record cannot be merged with itself.", "merged_person_id")
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({person_id}))
        new = await _proposal(unit, means, person_id, merged_id, now)
        if not await add_merge(unit, new):
            raise AlreadyProposed("These two were proposed as one before: look at that proposal.")
        audit(unit, actor, Act("person.merge_proposed", person_ids=(person_id, merged_id)), now)
        return await remember(unit, attempt, Done(new.id, 201))


async def _proposal(unit: Unit, means: Means, person_id: UUID, merged_id: UUID, now: datetime) -> Merge:
    ours = await side(unit, means, person_id, now)
    theirs = await side(unit, means, merged_id, now)
    match = refuse_twins(match_of(merged_id, ours, theirs))
    differs = differing(ours.person, theirs.person) if ours.person and theirs.person else ()
    return Merge(
        id=new_id(),
        person_id=person_id,
        merged_person_id=merged_id,
        keepers=(ours.keeper_id, theirs.keeper_id),
        likeness=match.likeness,
        shared=tuple(sorted(match.shared)),
        differs=differs,
        proposed_by=unit.actor.id,
        proposed_organisation_id=unit.actor.organisation,
        proposed_at=now,
    )


def match_of(person_id: UUID, ours: Side, theirs: Side) -> Match:
    """How alike the two records are, by the rules that find duplicates."""
    return compare(person_id, ours.tokens, theirs.tokens)


async def side(unit: Unit, means: Means, person_id: UUID, now: datetime) -> Side:
    """One record: the whole of it where the actor keeps it, else its card. Raises NotFound for one without."""
    loaded = await load(unit.connection, person_ids=[person_id])
    if person_id in loaded.picture.people and loaded.keepers[person_id] == unit.actor.organisation:
        await see_people(unit.connection, unit.actor, frozenset({person_id}))
        person = loaded.picture.people[person_id]
        known = known_of(person, loaded.picture, day_of(now))
        return Side(unit.actor.organisation, tokens_of(known, unit.actor.place, means.search_key), person)
    card = await card_of(unit, unit.actor.place, person_id)
    if card is None:
        raise NotFound
    return Side(card.organisation_id, card.tokens, None)
