"""What is written down about every act: the access log's row for the ledger, and the family's chronology."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import Purpose
from connective.contracts.events import FamiliesAudited, FamilyChanged
from connective.families.domain.chronology import Entry
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Act:
    """One act somebody may be asked about: what, about whom, for which purpose, and how many people it showed."""

    name: str
    family_id: UUID | None = None
    person_ids: tuple[UUID, ...] = ()
    purpose: Purpose | None = None
    hits: int | None = None


def audit(unit: Unit, actor: Actor, act: Act, now: datetime) -> None:
    """Tell consent's ledger of the act, in the transaction of the act itself: no row, no data."""
    unit.tell(
        FamiliesAudited(
            act_id=new_id(),
            act=act.name,
            actor_id=actor.id,
            organisation_id=actor.organisation,
            family_id=act.family_id,
            person_ids=act.person_ids,
            purpose=act.purpose,
            hits=act.hits,
            at=now,
        ),
        version=1,
    )


_ENTER = """
INSERT INTO chronology_entry (
  id, place_id, organisation_id, family_id, at, code, version, acting_organisation_id, owner_organisation_id,
  person_id, reference, service_kind, reason_code, detail_code, sensitive)
SELECT $1, f.place_id, f.organisation_id, f.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
FROM family f WHERE f.id = $2 AND f.place_id = $14 ON CONFLICT (id) DO NOTHING
"""


async def enter(unit: Unit, place_id: UUID, entry: Entry) -> None:
    """Add to a family's chronology, once; a family that is not known here has none."""
    values = (
        entry.id,
        entry.family_id,
        entry.at,
        entry.code,
        entry.version,
        entry.organisation_id,
        entry.owner_organisation_id,
        entry.person_id,
        entry.reference,
        entry.service_kind,
        entry.reason_code,
        entry.detail_code,
        entry.sensitive,
        place_id,
    )
    await unit.sql(_ENTER, values)


async def enter_own(
    unit: Unit, actor: Actor, code: str, versions: dict[UUID, int], now: datetime, **more: UUID | str | None
) -> None:
    """Add an act of this service's own to the chronology of each family whose version it moved on."""
    for family_id, version in versions.items():
        entry = Entry(new_id(), family_id, now, code, actor.organisation, actor.organisation, version, **more)  # type: ignore[arg-type]  # the keywords are Entry's optional fields
        await enter(unit, actor.place, entry)


def tell_changed(unit: Unit, actor: Actor, versions: dict[UUID, int], *codes: str) -> None:
    """Announce that these things of these families changed, each under its new version."""
    for family_id, version in versions.items():
        event = FamilyChanged(family_id=family_id, organisation_id=actor.organisation, changed=codes)
        unit.tell(event, version=version)


def ids_of(people: Iterable[UUID]) -> tuple[UUID, ...]:
    """Ids in a stable order, for a payload."""
    return tuple(sorted(people))
