"""Fill a place with invented families, for a demonstration or a trial. Doing it twice changes nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from connective.contracts.family_events import FamilyRegistered
from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.invented_families import Invented, invent_families
from connective.families.storage import mapping, tables
from connective.families.storage.acts import enter_own, ids_of
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.writing import add, add_rows
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Unit

Value = TypeVar("Value")
_TOGETHER = 50
"""Groups of families in one transaction: fast enough, and a broken run loses little."""


async def seed_families(
    means: Means, keeper: Keeper, *, count: int, seed: int, now: datetime, registered_by: str = "service:families"
) -> int:
    """Write `count` invented families of one keeper; answers how many were new.

    Their ids follow from the seed and the keeper, so those that are there already are left as they are.
    """
    actor = Actor(ActorKind.SERVICE, registered_by, keeper.place_id, keeper.organisation_id)
    groups = list(invent_families(count, seed, keeper.organisation_id, day_of(now)))
    written = 0
    for start in range(0, len(groups), _TOGETHER):
        async with means.database.unit(actor) as unit:
            new = await _unknown(unit, _all(groups[start : start + _TOGETHER]))
            await _write(unit, means, keeper, new, now)
        written += len(new)
    return written


async def _unknown(unit: Unit, families: list[Invented]) -> list[Invented]:
    rows = await unit.fetch("SELECT id FROM family WHERE id = ANY($1::uuid[])", ([f.id for f in families],))
    known = {row.id for row in rows}
    return [family for family in families if family.id not in known]


async def _write(unit: Unit, means: Means, keeper: Keeper, families: list[Invented], now: datetime) -> None:
    await add_rows(unit, tables.family, [_row(unit, f, now) for f in families], keeper)
    await add(unit, tables.person, mapping.of_person, _all(f.people for f in families), keeper)
    await add(unit, tables.membership, mapping.of_membership, _all(f.memberships for f in families), keeper)
    await add(unit, tables.relationship, mapping.of_relationship, _all(f.relationships for f in families), keeper)
    await add(unit, tables.contact_point, mapping.of_contact, _all(f.contacts for f in families), keeper)
    await add(unit, tables.need, mapping.of_need, _all(f.needs for f in families), keeper)
    await add(unit, tables.pregnancy, mapping.of_pregnancy, _all(f.pregnancies for f in families), keeper)
    await add(unit, tables.address, mapping.of_address, [f.address for f in families if f.address], keeper)
    await refresh(unit, keeper, [f.id for f in families], means.search_key, day_of(now))
    for family in families:
        people: Iterable[UUID] = {m.person_id for m in family.memberships}
        unit.tell(
            FamilyRegistered(family_id=family.id, organisation_id=keeper.organisation_id, person_ids=ids_of(people)),
            version=1,
        )
        await enter_own(unit, unit.actor, "family.registered", {family.id: 1}, now)


def _row(unit: Unit, family: Invented, now: datetime) -> dict[str, object]:
    return {
        "id": family.id,
        "name": family.name,
        "registered_by": unit.actor.id,
        "registered_on": day_of(now),
        "version": 1,
    }


def _all(lists: Iterable[list[Value]]) -> list[Value]:
    return [value for values in lists for value in values]
