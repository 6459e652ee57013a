"""What is answered: every field named, none with a default, and what locates a hidden person left out and named."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from connective.contracts.needs import NeedsList
from connective.families.domain.addresses import Address
from connective.families.domain.chronology import Entry, sentence
from connective.families.domain.contacts import ContactPoint
from connective.families.domain.needs import PersonNeed, prompts_safeguarding
from connective.families.domain.people import AgeGroup, Person, Sex
from connective.families.domain.relationships import Relationship
from connective.families.domain.restrictions import Restriction, RestrictionKind
from connective.families.domain.strengths import PersonStrength


class Answered(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True)


class ContactOut(Answered):
    """A way to reach somebody, and what is safe."""

    id: UUID
    kind: str
    value: str
    safe_contact: str
    safe_contact_sentence: str
    hours: str | None
    since: date | None
    until: date | None
    confirmed_on: date | None


class PersonOut(Answered):
    """A person. `withheld` names what a restriction hides from you."""

    id: UUID
    version: int
    given_names: str
    family_name: str
    known_as: str | None
    previous_family_names: list[str]
    date_of_birth: date | None
    age_years: int | None
    age_group: AgeGroup | None
    sex: Sex
    died_on: date | None
    expects_child_on: date | None
    pregnancy_id: UUID | None
    """Of the child expected next, to record its birth with."""
    notices_stopped: bool
    """Whether nobody is to be prompted to contact the family about this person."""
    nhs_number: str | None
    upn_recorded: bool
    language: str | None
    interpreter: bool | None
    education_setting: str | None
    gp_practice: str | None
    contacts: list[ContactOut]
    family_ids: list[UUID]
    merged_ids: list[UUID]
    """Earlier ids of this record: those of records that were made one with it. Given when one person is read."""
    same_person_ids: list[UUID]
    """What other organisations keep of the same person, as both keepers agreed. Given when one person is read."""
    whereabouts_restricted: bool
    withheld: list[str]


class MemberOut(Answered):
    """A person's place in this family."""

    person: PersonOut
    residence: str
    since: date | None
    until: date | None


class LimitOut(Answered):
    """A court order that limits responsibility or contact."""

    kind: str
    since: date | None
    until: date | None
    copy_seen: bool


class RelationshipOut(Answered):
    """`person_id` is a `kind` of `of_person_id`."""

    id: UUID
    person_id: UUID
    of_person_id: UUID
    kind: str
    responsibility: str | None
    since: date | None
    until: date | None
    court_limit: LimitOut | None


class AddressOut(Answered):
    """An address of the family."""

    id: UUID
    kind: str
    lines: list[str]
    town: str
    postcode: str | None
    since: date | None
    until: date | None
    withheld: bool
    confirmed_on: date | None


class HouseholdOut(Answered):
    """Who sleeps here today, counted."""

    adults: int
    children_by_age_band: dict[str, int]


class FamilyOut(Answered):
    """A family. Where your organisation is only on its team, what takes a decision is left out and named."""

    id: UUID
    organisation_id: UUID
    version: int
    standing: str
    name: str | None
    registered_on: date
    people: list[MemberOut]
    relationships: list[RelationshipOut]
    addresses: list[AddressOut]
    household: HouseholdOut | None
    withheld: list[str]
    processing_restricted: list[UUID]
    """People of it whose data are stored and not used, at their request (Article 18): nothing of them is shown."""
    safeguarding_notice: str


class FamilyListed(Answered):
    """A family in a list."""

    id: UUID
    name: str | None
    """None while everybody in it is stored only (Article 18)."""
    version: int
    registered_on: date
    registered_by_you: bool
    people: int


class HitOut(Answered):
    """Somebody who may be meant: never where they are."""

    person_id: UUID
    name: str
    year_of_birth: int | None
    likeness: str
    kept_by_your_organisation: bool


class SearchOut(Answered):
    """At most five people."""

    items: list[HitOut]


class NeedOut(Answered):
    """A need of a person."""

    id: UUID
    person_id: UUID
    code: str
    severity: int
    source: str
    since: date | None
    until: date | None
    asks_safeguarding_question: bool
    safeguarding_notice: str


class NeedsOut(Answered):
    """The needs of everybody in a family."""

    items: list[NeedOut]


class StrengthOut(Answered):
    """A strength of a person."""

    id: UUID
    person_id: UUID
    code: str
    source: str
    since: date | None
    until: date | None
    safeguarding_notice: str


class StrengthsOut(Answered):
    """The strengths of everybody in a family."""

    items: list[StrengthOut]


class RestrictionOut(Answered):
    """A restriction on a person."""

    id: UUID
    person_id: UUID
    kind: RestrictionKind
    active: bool
    named_organisation_ids: list[UUID]
    named_account_ids: list[str]
    placed_at: datetime
    lift_asked: bool
    lifted_at: datetime | None
    safeguarding_notice: str


class RestrictionsOut(Answered):
    """The restrictions on a person, lifted ones too."""

    items: list[RestrictionOut]


class EntryOut(Answered):
    """One thing that happened."""

    id: UUID
    at: datetime
    code: str
    sentence: str
    organisation_id: UUID | None
    person_id: UUID | None
    reference: str | None
    service_kind: str | None
    reason_code: str | None
    detail_code: str | None


def contact_out(contact: ContactPoint) -> ContactOut:
    """A way to reach somebody."""
    return ContactOut(
        id=contact.id,
        kind=contact.kind,
        value=contact.value,
        safe_contact=contact.rule,
        safe_contact_sentence=contact.sentence,
        hours=contact.hours,
        since=contact.period.since,
        until=contact.period.until,
        confirmed_on=contact.confirmed_on,
    )


def person_out(person: Person, hidden: bool, day: date, more: dict[str, Any]) -> PersonOut:
    """A person; what locates a hidden one is left out. `more` is what the record holds beside the person's own row."""
    return PersonOut(
        id=person.id,
        version=person.version,
        given_names=person.name.given,
        family_name=person.name.family,
        known_as=person.name.known_as,
        previous_family_names=list(person.name.previous_family),
        date_of_birth=person.date_of_birth,
        age_years=person.age_on(day),
        age_group=person.age_group,
        sex=person.sex,
        died_on=person.died_on,
        nhs_number=person.nhs_number,
        upn_recorded=person.upn_recorded,
        language=person.language,
        interpreter=person.interpreter,
        education_setting=None if hidden else person.education_setting,
        gp_practice=None if hidden else person.gp_practice,
        withheld=["contacts", "education_setting", "gp_practice"] if hidden else [],
        **more,
    )


def relationship_out(relationship: Relationship) -> RelationshipOut:
    """A relationship."""
    limit = relationship.limit
    return RelationshipOut(
        id=relationship.id,
        person_id=relationship.person_id,
        of_person_id=relationship.of_person_id,
        kind=relationship.kind,
        responsibility=relationship.responsibility,
        since=relationship.period.since,
        until=relationship.period.until,
        court_limit=limit
        and LimitOut(kind=limit.kind, since=limit.period.since, until=limit.period.until, copy_seen=limit.copy_seen),
    )


def address_out(address: Address) -> AddressOut:
    """An address."""
    return AddressOut(
        id=address.id,
        kind=address.kind,
        lines=list(address.lines),
        town=address.town,
        postcode=address.postcode,
        since=address.period.since,
        until=address.period.until,
        withheld=address.withheld,
        confirmed_on=address.confirmed_on,
    )


def need_out(need: PersonNeed, known: NeedsList, notice: str) -> NeedOut:
    """A need; a code the list no longer knows asks nothing."""
    return NeedOut(
        id=need.id,
        person_id=need.person_id,
        code=need.code,
        severity=need.severity,
        source=need.source,
        since=need.period.since,
        until=need.period.until,
        asks_safeguarding_question=need.code in known.needs and prompts_safeguarding(need.code, known),
        safeguarding_notice=notice,
    )


def strength_out(strength: PersonStrength, notice: str) -> StrengthOut:
    """A strength."""
    return StrengthOut(
        id=strength.id,
        person_id=strength.person_id,
        code=strength.code,
        source=strength.source,
        since=strength.period.since,
        until=strength.period.until,
        safeguarding_notice=notice,
    )


def restriction_out(restriction: Restriction, notice: str) -> RestrictionOut:
    """A restriction."""
    return RestrictionOut(
        id=restriction.id,
        person_id=restriction.person_id,
        kind=restriction.kind,
        active=restriction.active,
        named_organisation_ids=sorted(restriction.named_organisation_ids),
        named_account_ids=sorted(restriction.named_actor_ids),
        placed_at=restriction.placed_at,
        lift_asked=restriction.lift_asked_by is not None,
        lifted_at=restriction.lifted_at,
        safeguarding_notice=notice,
    )


def entry_out(entry: Entry) -> EntryOut:
    """An entry of the chronology, in words."""
    return EntryOut(
        id=entry.id,
        at=entry.at,
        code=entry.code,
        sentence=sentence(entry),
        organisation_id=entry.organisation_id,
        person_id=entry.person_id,
        reference=entry.reference,
        service_kind=entry.service_kind,
        reason_code=entry.reason_code,
        detail_code=entry.detail_code,
    )
