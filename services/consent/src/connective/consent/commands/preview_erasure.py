"""The dry run of one person's erasure: what each service would take out, and what stands against it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_reading import looking
from connective.consent.commands.decide_erasure import against_now
from connective.consent.commands.list_due import schedule_and_keepers
from connective.consent.commands.ports import Keepers
from connective.consent.domain.erasures import Stands, stands_of_person
from connective.consent.domain.ledger import pseudonym
from connective.consent.storage.audit_look import Look
from connective.consent.storage.erasures import Erased, Order, add_erasure, erase_own
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.people import person_keys
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would go and stay, by service; what stands against it, as codes; people by pseudonym."""

    family: str
    person: str
    record_version: int
    against: tuple[str, ...]
    parts: dict[str, Erased]


async def preview_erasure(
    database: Database, keepers: Keepers, actor: Actor, family_id: UUID, person_id: UUID, *, now: datetime
) -> Previewed:
    """Count what erasing one person would do by doing it and taking it back, and record the look.

    Raises NotFound where the officer's legal entity does not keep the person in this family, and Unavailable.
    """
    _, organisations = await schedule_and_keepers(database, actor, now)
    found = await keepers.person(actor.place, organisations, family_id, person_id)
    stands = stands_of_person(found)
    if stands is None:
        raise NotFound
    own = await _count_own(database, actor, (family_id, person_id), stands, now)
    asked: dict[str, str] = {}
    async with looking(database, actor, "erasure_previewed", now, asked) as look:
        keys = await person_keys(look.unit, look.place_id, (family_id, person_id))
        asked["person"] = pseudonym(person_id, keys[person_id])
        against = await against_now(look, family_id, stands)
    theirs = {service: Erased(each.removed, each.kept) for service, each in found.items()}
    return Previewed(
        family=pseudonym(family_id, keys[family_id]),
        person=asked["person"],
        record_version=stands.version,
        against=against,
        parts={"consent": own, **theirs},
    )


async def _count_own(
    database: Database, actor: Actor, whom: tuple[UUID, UUID], stands: Stands, now: datetime
) -> Erased:
    family_id, person_id = whom
    # As the real one is done: by the service's own work, which reaches what every organisation of the place recorded.
    async with database.rehearsing(replace(actor, kind=ActorKind.SERVICE)) as unit:
        look = Look(unit, await entity_of(unit.connection, actor))
        order = Order(new_id(), family_id, "", stands.version, person_id=person_id, person="")
        await add_erasure(look, order, (), now)
        return await erase_own(unit, look.place_id, order.id, (stands.ids, None), now)
