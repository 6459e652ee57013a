"""Between rows and the values of the domain, by hand: what a column holds and what a rule works with may differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Table, Uuid
from sqlalchemy.types import TypeEngine

from connective.families.domain.addresses import Address, AddressKind
from connective.families.domain.contacts import ContactKind, ContactPoint, SafeContact
from connective.families.domain.dates import ALWAYS, Period
from connective.families.domain.families import Family, Membership, Residence
from connective.families.domain.names import Name
from connective.families.domain.needs import PersonNeed, Source
from connective.families.domain.people import AgeGroup, Person, Pregnancy, PregnancyEnd, Sex
from connective.families.domain.relationships import CourtLimit, Kind, Relationship, Responsibility
from connective.families.domain.restrictions import Restriction, RestrictionKind
from connective.families.domain.strengths import PersonStrength
from connective.kit.actor import Actor

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keeper:
    """The place and organisation under which rows are kept."""

    place_id: UUID
    organisation_id: UUID

    @classmethod
    def of(cls, actor: Actor) -> "Keeper":
        """What this actor writes is kept by their organisation."""
        return cls(actor.place, actor.organisation)

    @property
    def columns(self) -> dict[str, Any]:
        """The two columns every row has."""
        return {"place_id": self.place_id, "organisation_id": self.organisation_id}


def decode(table: Table, documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows that PostgreSQL sent as JSON, with dates and ids as such again."""
    plain, read = _columns(table)
    rows = []
    for document in documents:
        row = {name: document[name] for name in plain}
        for name, reader in read:
            value = document[name]
            row[name] = value if value is None else reader(value)
        rows.append(row)
    return rows


@cache
def _columns(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """The columns that JSON leaves as they are, and those that have to be read."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    plain = tuple(name for name, reader in readers.items() if reader is None)
    return plain, tuple((name, reader) for name, reader in readers.items() if reader is not None)


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, ARRAY):
        inner = _reader(kind.item_type)
        return (lambda values: [inner(value) for value in values]) if inner else None
    if isinstance(kind, Uuid):
        return UUID
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, Date) else None


def _period(row: Row) -> Period:
    since, until = row["since"], row["until"]
    return ALWAYS if since is None and until is None else Period(since, until)


def _of_period(period: Period) -> dict[str, Any]:
    return {"since": period.since, "until": period.until}


def to_family(row: Row) -> Family:
    """A family's own row."""
    return Family(
        row["id"], row["organisation_id"], row["registered_by"], row["registered_on"], row["name"], row["version"]
    )


def to_person(row: Row) -> Person:
    """A person; of the pupil number only whether there is one."""
    return Person(
        id=row["id"],
        name=Name(row["given_names"], row["family_name"], row["known_as"], tuple(row["previous_family_names"])),
        sex=Sex(row["sex"]),
        date_of_birth=row["date_of_birth"],
        age_group=AgeGroup(row["age_group"]) if row["age_group"] else None,
        died_on=row["died_on"],
        nhs_number=row["nhs_number"],
        upn_recorded=row["upn_sealed"] is not None,
        language=row["language"],
        interpreter=row["interpreter"],
        education_setting=row["education_setting"],
        gp_practice=row["gp_practice"],
        quiet_elsewhere=row["quiet_elsewhere"],
        processing_restricted=row["processing_restricted"],
        version=row["version"],
    )


def of_person(person: Person) -> dict[str, Any]:
    """A person's columns, but for the sealed one and for what only the service's own work writes."""
    return {
        "id": person.id,
        "given_names": person.name.given,
        "family_name": person.name.family,
        "known_as": person.name.known_as,
        "previous_family_names": list(person.name.previous_family),
        "sex": person.sex.value,
        "date_of_birth": person.date_of_birth,
        "age_group": person.age_group and person.age_group.value,
        "died_on": person.died_on,
        "nhs_number": person.nhs_number,
        "language": person.language,
        "interpreter": person.interpreter,
        "education_setting": person.education_setting,
        "gp_practice": person.gp_practice,
        "version": person.version,
    }


def to_membership(row: Row) -> Membership:
    """A person's place in a family."""
    return Membership(row["family_id"], row["person_id"], Residence(row["residence"]), _period(row))


def of_membership(membership: Membership) -> dict[str, Any]:
    """Its columns."""
    return {
        "family_id": membership.family_id,
        "person_id": membership.person_id,
        "residence": membership.residence.value,
        **_of_period(membership.period),
    }


def to_relationship(row: Row) -> Relationship:
    """A relationship, with the court's limit where one is recorded."""
    limit = None
    if row["limit_kind"] is not None:
        limit = CourtLimit(row["limit_kind"], Period(row["limit_since"], row["limit_until"]), row["limit_copy_seen"])
    held = Responsibility(row["responsibility"]) if row["responsibility"] else None
    kind = Kind(row["kind"])
    return Relationship(row["id"], row["person_id"], row["of_person_id"], kind, _period(row), held, limit)


def of_relationship(relationship: Relationship) -> dict[str, Any]:
    """Its columns."""
    limit = relationship.limit
    return {
        "id": relationship.id,
        "person_id": relationship.person_id,
        "of_person_id": relationship.of_person_id,
        "kind": relationship.kind.value,
        "responsibility": relationship.responsibility and relationship.responsibility.value,
        "limit_kind": limit and limit.kind,
        "limit_since": limit and limit.period.since,
        "limit_until": limit and limit.period.until,
        "limit_copy_seen": limit and limit.copy_seen,
        **_of_period(relationship.period),
    }


def to_address(row: Row) -> Address:
    """An address of a family."""
    return Address(
        id=row["id"],
        family_id=row["family_id"],
        kind=AddressKind(row["kind"]),
        lines=tuple(row["lines"]),
        town=row["town"],
        postcode=row["postcode"],
        period=_period(row),
        withheld=row["withheld"],
        confirmed_on=row["confirmed_on"],
    )


def of_address(address: Address) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": address.id,
        "family_id": address.family_id,
        "kind": address.kind.value,
        "lines": list(address.lines),
        "town": address.town,
        "postcode": address.postcode,
        "withheld": address.withheld,
        "confirmed_on": address.confirmed_on,
        **_of_period(address.period),
    }


def to_contact(row: Row) -> ContactPoint:
    """A way to reach a person."""
    kind, rule = ContactKind(row["kind"]), SafeContact(row["rule"])
    return ContactPoint(
        row["id"], row["person_id"], kind, row["value"], rule, row["hours"], _period(row), row["confirmed_on"]
    )


def of_contact(contact: ContactPoint) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": contact.id,
        "person_id": contact.person_id,
        "kind": contact.kind.value,
        "value": contact.value,
        "rule": contact.rule.value,
        "hours": contact.hours,
        "confirmed_on": contact.confirmed_on,
        **_of_period(contact.period),
    }


def to_need(row: Row) -> PersonNeed:
    """A need of a person."""
    return PersonNeed(row["id"], row["person_id"], row["code"], row["severity"], Source(row["source"]), _period(row))


def of_need(need: PersonNeed) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": need.id,
        "person_id": need.person_id,
        "code": need.code,
        "severity": need.severity,
        "source": need.source.value,
        **_of_period(need.period),
    }


def to_strength(row: Row) -> PersonStrength:
    """A strength of a person."""
    return PersonStrength(row["id"], row["person_id"], row["code"], Source(row["source"]), _period(row))


def of_strength(strength: PersonStrength) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": strength.id,
        "person_id": strength.person_id,
        "code": strength.code,
        "source": strength.source.value,
        **_of_period(strength.period),
    }


def to_pregnancy(row: Row) -> Pregnancy:
    """A pregnancy of a mother."""
    end = PregnancyEnd(row["ended_as"]) if row["ended_as"] else None
    resumed = row["notices_resumed_on"]
    return Pregnancy(row["id"], row["mother_id"], row["due_on"], row["ended_on"], end, resumed)


def of_pregnancy(pregnancy: Pregnancy) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": pregnancy.id,
        "mother_id": pregnancy.mother_id,
        "due_on": pregnancy.due_on,
        "ended_on": pregnancy.ended_on,
        "ended_as": pregnancy.end and pregnancy.end.value,
        "notices_resumed_on": pregnancy.notices_resumed_on,
    }


def to_restriction(row: Row) -> Restriction:
    """A restriction on a person."""
    return Restriction(
        id=row["id"],
        person_id=row["person_id"],
        kind=RestrictionKind(row["kind"]),
        placed_by=row["placed_by"],
        placed_at=row["placed_at"],
        named_organisation_ids=frozenset(row["named_organisation_ids"]),
        named_actor_ids=frozenset(row["named_actor_ids"]),
        lift_asked_by=row["lift_asked_by"],
        lifted_by=row["lifted_by"],
        lifted_at=row["lifted_at"],
        carried_from=row["carried_from"],
    )


def of_restriction(restriction: Restriction) -> dict[str, Any]:
    """Its columns."""
    return {
        "id": restriction.id,
        "person_id": restriction.person_id,
        "kind": restriction.kind.value,
        "placed_by": restriction.placed_by,
        "placed_at": restriction.placed_at,
        "named_organisation_ids": sorted(restriction.named_organisation_ids),
        "named_actor_ids": sorted(restriction.named_actor_ids),
        "lift_asked_by": restriction.lift_asked_by,
        "lifted_by": restriction.lifted_by,
        "lifted_at": restriction.lifted_at,
        "carried_from": restriction.carried_from,
    }
