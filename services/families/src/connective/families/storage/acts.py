"""What is written down about every act: the access log's row for the ledger, and the family's chronology."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import Purpose
from connective.contracts.family_events import FamiliesAudited, FamilyChanged
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
    relation: str | None = None
    """What the asker's organisation is to the family, where one was looked at."""
    family_ids: tuple[UUID, ...] = ()
    """The families whose names a list showed."""


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
            relation=act.relation,
            family_ids=act.family_ids,
            at=now,
        ),
        version=1,
    )


_ENTER = """
INSERT INTO chronology_entry (
  id, place_id, organisation_id, family_id, at, code, version, acting_organisation_id, owner_organisation_id,
  person_id, reference, service_kind, reason_code, detail_code, sensitive)
SELECT e.id, f.place_id, f.organisation_id, f.id, e.at, e.code, e.version, e.acting, e.owner, e.person, e.reference,
  e.kind, e.reason, e.detail, e.sensitive
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::int[], $7::uuid[], $8::uuid[],
  $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[], $14::boolean[])
  AS e (id, place, family, at, code, version, acting, owner, person, reference, kind, reason, detail, sensitive)
JOIN family f ON f.id = e.family AND f.place_id = e.place
ON CONFLICT (id) DO NOTHING
"""


async def enter(unit: Unit, entries: Sequence[tuple[UUID, Entry]]) -> None:
    """Add to chronologies, each entry once, under its place; a family that is not known here has none."""
    columns = (
        [e.id for _, e in entries],
        [place_id for place_id, _ in entries],
        [e.family_id for _, e in entries],
        [e.at for _, e in entries],
        [e.code for _, e in entries],
        [e.version for _, e in entries],
        [e.organisation_id for _, e in entries],
        [e.owner_organisation_id for _, e in entries],
        [e.person_id for _, e in entries],
        [e.reference for _, e in entries],
        [e.service_kind for _, e in entries],
        [e.reason_code for _, e in entries],
        [e.detail_code for _, e in entries],
        [e.sensitive for _, e in entries],
    )
    await unit.run(_ENTER, columns)


async def enter_own(
    unit: Unit, actor: Actor, code: str, versions: dict[UUID, int], now: datetime, **more: UUID | str | None
) -> None:
    """Add an act of this service's own to the chronology of each family whose version it moved on."""
    acting = actor.organisation
    made = [
        Entry(new_id(), family_id, now, code, acting, acting, version, **more)  # type: ignore[arg-type]  # the keywords are Entry's optional fields
        for family_id, version in versions.items()
    ]
    await enter(unit, [(actor.place, entry) for entry in made])


def tell_changed(unit: Unit, actor: Actor, versions: dict[UUID, int], *codes: str) -> None:
    """Announce that these things of these families changed, each under its new version."""
    for family_id, version in versions.items():
        event = FamilyChanged(family_id=family_id, organisation_id=actor.organisation, changed=codes)
        unit.tell(event, version=version)


def ids_of(people: Iterable[UUID]) -> tuple[UUID, ...]:
    """Ids in a stable order, for a payload."""
    return tuple(sorted(people))
