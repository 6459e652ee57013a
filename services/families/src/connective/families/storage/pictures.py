"""Everything about some people and their families in one statement: one round trip, each part as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.families import Family, living_with
from connective.families.domain.people import Pregnancy
from connective.families.domain.restrictions import Restriction, hidden_from, must_not_be_found
from connective.families.domain.shared import Picture
from connective.families.storage import mapping, tables
from connective.kit.actor import Actor
from connective.kit.database import fetch_one

# As arrays, so that each part goes by its index whatever the planner thinks of the number of people.
_FAMILIES = "ARRAY(SELECT family_id FROM wanted)"
_PEOPLE = "ARRAY(SELECT person_id FROM present)"
_PARTS: tuple[tuple[Table, str], ...] = (
    (tables.family, f"t.id = ANY({_FAMILIES})"),
    (tables.person, f"t.id = ANY({_PEOPLE})"),
    (tables.membership, f"t.family_id = ANY({_FAMILIES})"),
    (tables.relationship, f"t.of_person_id = ANY({_PEOPLE}) AND t.person_id = ANY({_PEOPLE})"),
    (tables.address, f"t.family_id = ANY({_FAMILIES})"),
    (tables.contact_point, f"t.person_id = ANY({_PEOPLE})"),
    (tables.need, f"t.person_id = ANY({_PEOPLE})"),
    (tables.strength, f"t.person_id = ANY({_PEOPLE})"),
    (tables.pregnancy, f"t.mother_id = ANY({_PEOPLE})"),
    (tables.restriction, f"t.person_id = ANY({_PEOPLE})"),
)
_SELECTED = ", ".join(
    f"(SELECT coalesce(json_agg(t ORDER BY t), '[]') FROM {table.name} t WHERE {where})"  # noqa: S608 - constants only
    for table, where in _PARTS
)
_LOAD = f"""
WITH wanted AS (
  SELECT unnest($1::uuid[]) AS family_id UNION SELECT family_id FROM membership WHERE person_id = ANY($2::uuid[])
), present AS (
  SELECT person_id FROM membership WHERE family_id = ANY({_FAMILIES}) UNION SELECT unnest($2::uuid[])
)
SELECT {_SELECTED}
"""  # noqa: S608 - constants only; values go as parameters


@dataclass(frozen=True, slots=True)
class Loaded:
    """A picture, and what else the record holds about the same people."""

    picture: Picture
    families: dict[UUID, Family]
    pregnancies: tuple[Pregnancy, ...]
    restrictions: tuple[Restriction, ...]
    keepers: dict[UUID, UUID]
    """The organisation that keeps each person."""

    def restrictions_on(self, person_id: UUID) -> tuple[Restriction, ...]:
        """What is restricted about one person."""
        return tuple(r for r in self.restrictions if r.person_id == person_id)

    def must_not_be_found(self) -> frozenset[UUID]:
        """Everybody under an active whereabouts restriction, whomever it names."""
        return must_not_be_found(self.restrictions)

    def stored_only(self) -> frozenset[UUID]:
        """Everybody whose data are stored and not used (UK GDPR Article 18)."""
        return frozenset(p.id for p in self.picture.people.values() if p.processing_restricted)

    def hidden_from(self, actor: Actor, day: date) -> frozenset[UUID]:
        """Whom this reader must not locate: the restricted who do not name them, and all who live with those."""
        restricted = hidden_from(actor.id, actor.organisation_id, self.restrictions)
        return living_with(restricted, self.picture.memberships, day)


async def load(
    connection: AsyncConnection, *, family_ids: Iterable[UUID] = (), person_ids: Iterable[UUID] = ()
) -> Loaded:
    """These families and all who are in them; and these people, with every family of theirs.

    What row-level security hides from the transaction's actor is not in it.
    """
    found = await fetch_one(connection, _LOAD, (list(family_ids), list(person_ids)))
    rows = {table.name: mapping.decode(table, documents) for (table, _), documents in zip(_PARTS, found, strict=True)}
    return _assemble(rows)


def _assemble(rows: dict[str, list[dict[str, Any]]]) -> Loaded:
    picture = Picture(
        people={row["id"]: mapping.to_person(row) for row in rows["person"]},
        memberships=tuple(map(mapping.to_membership, rows["membership"])),
        relationships=tuple(map(mapping.to_relationship, rows["relationship"])),
        addresses=tuple(map(mapping.to_address, rows["address"])),
        contacts=tuple(map(mapping.to_contact, rows["contact_point"])),
        needs=tuple(map(mapping.to_need, rows["need"])),
        strengths=tuple(map(mapping.to_strength, rows["strength"])),
    )
    return Loaded(
        picture=picture,
        families={row["id"]: mapping.to_family(row) for row in rows["family"]},
        pregnancies=tuple(map(mapping.to_pregnancy, rows["pregnancy"])),
        restrictions=tuple(map(mapping.to_restriction, rows["restriction"])),
        keepers={row["id"]: row["organisation_id"] for row in rows["person"]},
    )
