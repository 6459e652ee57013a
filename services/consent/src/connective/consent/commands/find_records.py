"""Whose records a request of the register is about, by their ids: what an officer needs to decide about them.

Only people whom a request names are looked up, no name is told, and the look is an entry of the ledger.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_reading import looking
from connective.consent.commands.ports import Families, Keepers
from connective.consent.domain.ledger import pseudonym
from connective.consent.storage.information_requests import load_request
from connective.consent.storage.people import known_keys, person_keys
from connective.consent.storage.processing_restrictions import people_behind
from connective.consent.storage.retention_runs import organisations_of
from connective.consent.storage.works import OFFICER
from connective.contracts.retention import DueFamily
from connective.contracts.sharing import FactsAnswered
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family's record: how many it is about, and whether it is being worked with."""

    family_id: UUID
    family: str
    people: int
    open_case: bool


@dataclass(frozen=True, slots=True)
class PersonRecords:
    """One person whom the request names, and the families they are in; none where nobody of the entity keeps them."""

    person: str
    person_id: UUID
    organisation_id: UUID | None = None
    families: tuple[FamilyRecord, ...] = ()


async def find_records(
    database: Database, families: Families, keepers: Keepers, actor: Actor, request_id: UUID, *, now: datetime
) -> tuple[PersonRecords, ...]:
    """The records behind each pseudonym of the request. Raises NotFound, and Unavailable without families.

    Whoever was erased is not among them: nothing leads from their pseudonym to anybody.
    """
    async with looking(database, actor, "records_behind_read", now, {"request_id": request_id}) as look:
        row = await load_request(look, request_id)
        people = await people_behind(look, row["people"])
        names = {key: pseudonym(key, value) for key, value in (await known_keys(look.unit, people)).items()}
        own = tuple(await organisations_of(look))
        look.hits = len(people)
    kept: dict[UUID, FactsAnswered] = {}
    for person_id in people:
        try:
            facts = await families.facts(service_actor("consent", actor.place), (person_id,), None)
        except NotFound:
            continue
        if facts.organisation_id in own:
            kept[person_id] = facts
    wanted = sorted({family for facts in kept.values() for family in facts.people[0].family_ids})
    stand = await keepers.stand(actor.place, own, (), wanted) if wanted else {}
    async with database.unit(actor, work=OFFICER) as unit:
        marks = {key: pseudonym(key, value) for key, value in (await person_keys(unit, actor.place, stand)).items()}
    return tuple(_records(each, names[each], kept.get(each), stand, marks) for each in people)


def _records(
    person_id: UUID, person: str, facts: FactsAnswered | None, stand: dict[UUID, DueFamily], marks: dict[UUID, str]
) -> PersonRecords:
    if facts is None:
        return PersonRecords(person, person_id)
    found = [stand[family] for family in facts.people[0].family_ids if family in stand]
    records = tuple(FamilyRecord(f.family_id, marks[f.family_id], len(f.person_ids), f.open_case) for f in found)
    return PersonRecords(person, person_id, facts.organisation_id, records)
