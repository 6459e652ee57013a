"""The members of some people's families, each with what a question needs of them: one statement, and no part unasked.

What every referral and every reading asks goes through here. `pictures.load` reads the whole record, for the
record's own page; here the columns come as the driver decodes them, and a part that was not asked for is not read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from connective.families.domain.names import Name
from connective.families.domain.people import AgeGroup, Person, Sex
from connective.families.domain.restrictions import Restriction, shuts_out
from connective.families.domain.shared import Needed, Picture
from connective.families.storage import mapping, tables
from connective.families.storage.mapping import Keeper
from connective.kit.actor import Actor
from connective.kit.database import Database

_NOT_READ = frozenset({"end_reason", "organisation_id", "place_id"})
_ASKED = "m.person_id = ANY($1::uuid[])"
_UNNAMED = Name("", "")
"""The name of whoever was not asked about: theirs never leaves the database."""
_DETAILS = (
    "given_names", "family_name", "known_as", "sex", "nhs_number", "language", "interpreter", "education_setting",
    "gp_practice",
)  # fmt: skip
_MEMBERS = """
SELECT m.family_id, m.person_id, m.residence, m.since, m.until, m.place_id, m.organisation_id,
  p.place_id AS person_place_id, p.organisation_id AS person_organisation_id, p.date_of_birth, p.age_group, p.died_on,
  {parts}
FROM (
  SELECT * FROM membership
  WHERE family_id = ANY(ARRAY(SELECT family_id FROM membership WHERE person_id = ANY($1::uuid[])))
  OFFSET 0) AS m
CROSS JOIN LATERAL (SELECT * FROM person WHERE person.id = m.person_id OFFSET 0) AS p
ORDER BY m.family_id, m.person_id
"""
"""The families' few memberships first, then each member by key: OFFSET 0 keeps that order whatever the planner thinks.
A plan is kept as long as its connection, and one made while the tables were nearly empty read every person of the
organisation at each question, at five times the cost (measured).
"""


@dataclass(frozen=True)
class _Part:
    """Rows that hang on a member: of which table, for whom, and how one is read."""

    table: Table
    where: str
    read: Callable[[mapping.Row], Any]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.table.columns if c.name not in _NOT_READ)

    @property
    def sql(self) -> str:
        """The rows as an array; their columns are named one by one, so that a later one disturbs no reader."""
        columns = ", ".join(f"t.{name}" for name in self.columns)
        return f"ARRAY(SELECT ROW({columns}) FROM {self.table.name} t WHERE {self.where} ORDER BY t.id)"  # noqa: S608 - constants only


_RESTRICTIONS = _Part(tables.restriction, "t.person_id = m.person_id AND t.lifted_at IS NULL", mapping.to_restriction)
_QUIET = """(p.quiet_elsewhere OR EXISTS (
  SELECT FROM pregnancy l WHERE l.mother_id = m.person_id AND l.ended_as = 'loss' AND l.notices_resumed_on IS NULL))"""
_PARTS = {
    Needed.ADDRESSES: _Part(tables.address, f"t.family_id = m.family_id AND {_ASKED}", mapping.to_address),
    Needed.CARERS: _Part(tables.relationship, f"t.of_person_id = m.person_id AND {_ASKED}", mapping.to_relationship),
    Needed.CONTACTS: _Part(tables.contact_point, f"t.person_id = m.person_id AND {_ASKED}", mapping.to_contact),
    Needed.NEEDS: _Part(tables.need, f"t.person_id = m.person_id AND {_ASKED}", mapping.to_need),
    Needed.STRENGTHS: _Part(tables.strength, f"t.person_id = m.person_id AND {_ASKED}", mapping.to_strength),
}


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody in the families of the people asked about, and what else was asked for of those people."""

    picture: Picture
    restrictions: tuple[Restriction, ...]
    """The active ones on any member."""
    keepers: frozenset[Keeper]
    """Under whom these rows are kept: more than one means that the people asked about are not of one record."""
    quiet: frozenset[UUID] = frozenset()
    """Whom nobody is to be prompted about after a loss, or by another keeper's word, where that was asked for."""

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor's organisation keeps all of it, and nobody's restriction shuts the actor out."""
        return self.keepers == {Keeper.of(actor)} and not shuts_out(self.restrictions, actor.id)


async def members_alone(
    database: Database,
    actor: Actor,
    person_ids: Iterable[UUID],
    needed: frozenset[Needed],
    *,
    permit_keeper: UUID | None = None,
) -> Members:
    """The members of every family of these people, as far as row-level security shows them to the actor.

    Names and other details, addresses, carers, contacts, needs and strengths come for the people asked about alone, and
    only where they are needed. Every referral and every reading asks it, so it is a transaction of its own, in one
    round trip. `permit_keeper` is the organisation whose records a verified permit opens.
    """
    rows = await database.read_alone(actor, _statement(needed), (list(person_ids),), permit_keeper=permit_keeper)
    return _read(rows, needed)


def _read(rows: Sequence[mapping.Row], needed: frozenset[Needed]) -> Members:
    found = {need: _collect(part, rows, need) for need, part in _PARTS.items() if need in needed}
    picture = Picture(
        people={row["person_id"]: _person(row, Needed.DETAILS in needed) for row in rows},
        memberships=tuple(map(mapping.to_membership, rows)),
        relationships=found.get(Needed.CARERS, ()),
        addresses=found.get(Needed.ADDRESSES, ()),
        contacts=found.get(Needed.CONTACTS, ()),
        needs=found.get(Needed.NEEDS, ()),
        strengths=found.get(Needed.STRENGTHS, ()),
    )
    quiet = frozenset(row["person_id"] for row in rows if Needed.LOSSES in needed and row[Needed.LOSSES])
    return Members(picture, _collect(_RESTRICTIONS, rows, "restrictions"), _keepers(rows), quiet)


@cache
def _statement(needed: frozenset[Needed]) -> str:
    parts = [f"{_RESTRICTIONS.sql} AS restrictions"]
    parts += [f"{part.sql} AS {need}" for need, part in _PARTS.items() if need in needed]
    if Needed.LOSSES in needed:
        parts.append(f"{_QUIET} AS {Needed.LOSSES}")
    if Needed.DETAILS in needed:
        details = ", ".join(f"p.{name}" for name in _DETAILS)
        parts.append(f"CASE WHEN {_ASKED} THEN ROW({details}) END AS {Needed.DETAILS}")
    return _MEMBERS.format(parts=", ".join(parts))


def _collect(part: _Part, rows: Sequence[mapping.Row], column: str) -> tuple[Any, ...]:
    """The values of one part, each once: somebody in two homes hangs on two rows."""
    columns = part.columns
    documents = (dict(zip(columns, values, strict=True)) for row in rows for values in row[column])
    return tuple({document["id"]: part.read(document) for document in documents}.values())


def _person(row: mapping.Row, detailed: bool) -> Person:
    """A member: what a rule needs of everybody, and their details where they were asked about."""
    details = row[Needed.DETAILS] if detailed else None
    group = row["age_group"] and AgeGroup(row["age_group"])
    person = Person(row["person_id"], _UNNAMED, Sex.UNKNOWN, row["date_of_birth"], group, row["died_on"])
    if details is None:
        return person
    given, family, known_as, sex, *others = details
    named = dict(zip(_DETAILS[4:], others, strict=True))
    return replace(person, name=Name(given, family, known_as), sex=Sex(sex), **named)


def _keepers(rows: Sequence[mapping.Row]) -> frozenset[Keeper]:
    kept = {(row["place_id"], row["organisation_id"]) for row in rows}
    kept |= {(row["person_place_id"], row["person_organisation_id"]) for row in rows}
    return frozenset(Keeper(*keeper) for keeper in kept)
