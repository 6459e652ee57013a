"""The dry run of an erasure, a whole family's or one person's: what each service would take out, and what stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_reading import looking
from connective.consent.commands.decide_erasure import against_now, how_it_stands
from connective.consent.commands.list_due import schedule_and_keepers
from connective.consent.commands.ports import Keepers
from connective.consent.domain.erasures import Stands, stands_of_person, stopping
from connective.consent.domain.ledger import pseudonym
from connective.consent.storage.audit_look import Look
from connective.consent.storage.erasures import Erased, Order, add_erasure, erase_own
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.people import person_keys
from connective.contracts.retention import PersonStands
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would go and stay, by service; what stands against it, as codes; people by pseudonym."""

    family: str
    person: str | None
    """None for a whole family."""
    record_version: int
    against: tuple[str, ...]
    parts: dict[str, Erased]


async def preview_erasure(
    database: Database, keepers: Keepers, actor: Actor, family_id: UUID, person_id: UUID | None, *, now: datetime
) -> Previewed:
    """Count what erasing a family, or one person of it, would do by doing it and taking it back; record the look.

    Raises NotFound where the officer's legal entity does not keep the family, or the person in it, and Unavailable.
    """
    stands, found = await _found(database, keepers, actor, (family_id, person_id), now)
    goes = found["families"].person_ids
    own = await _count_own(database, actor, (family_id, person_id), goes, stands.version, now=now)
    asked: dict[str, str] = {}
    async with looking(database, actor, "erasure_previewed", now, asked) as look:
        whom = {"family": family_id} | ({} if person_id is None else {"person": person_id})
        keys = await person_keys(look.unit, look.place_id, tuple(whom.values()))
        names = {what: pseudonym(each, keys[each]) for what, each in whom.items()}
        about = "family" if person_id is None else "person"
        asked[about] = names[about]
        against = await against_now(look, family_id, stands)
    theirs = {service: Erased(each.removed, each.kept) for service, each in found.items()}
    return Previewed(
        family=names["family"],
        person=names.get("person"),
        record_version=stands.version,
        against=stopping(against),
        parts={"consent": own, **theirs},
    )


async def _found(
    database: Database, keepers: Keepers, actor: Actor, whom: tuple[UUID, UUID | None], now: datetime
) -> tuple[Stands, dict[str, PersonStands]]:
    """How it stands, as whoever decides will find it, and what each keeper would take out. Raises NotFound."""
    family_id, person_id = whom
    _, organisations = await schedule_and_keepers(database, actor, now)
    if person_id is None:
        stands = await how_it_stands(keepers, actor, organisations, family_id, None)
        found = {} if stands is None else await keepers.family(actor.place, organisations, family_id)
    else:
        found = await keepers.person(actor.place, organisations, family_id, person_id)
        stands = stands_of_person(found)
    if stands is None or not found:
        raise NotFound
    return stands, found


async def _count_own(
    database: Database,
    actor: Actor,
    whom: tuple[UUID, UUID | None],
    goes: Sequence[UUID],
    version: int,
    *,
    now: datetime,
) -> Erased:
    family_id, person_id = whom
    # As the real one is done: by the service's own work, which reaches what every organisation of the place recorded.
    async with database.rehearsing(replace(actor, kind=ActorKind.SERVICE)) as unit:
        look = Look(unit, await entity_of(unit.connection, actor))
        order = Order(new_id(), family_id, "", version, person_id, None if person_id is None else "")
        await add_erasure(look, order, (), now)
        return await erase_own(unit, look.place_id, order.id, (goes, family_id if person_id is None else None), now)
