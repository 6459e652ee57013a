"""What may be sent: every field named, bounded, and nothing else let in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connective.contracts.categories import Purpose
from connective.families.domain.addresses import AddressKind
from connective.families.domain.cases import ClosingReason
from connective.families.domain.contacts import ContactKind, SafeContact
from connective.families.domain.ending import EndReason
from connective.families.domain.families import Residence
from connective.families.domain.merging import MergeReason
from connective.families.domain.needs import MOST_SEVERE, Source
from connective.families.domain.people import AgeGroup, Sex
from connective.families.domain.relationships import Kind, Responsibility
from connective.families.domain.restrictions import RestrictionKind

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
NameText = Annotated[str, StringConstraints(max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Number = Annotated[str, StringConstraints(max_length=20)]
Day = Annotated[date, Field(ge=date(1880, 1, 1), le=date(2200, 1, 1))]
"""Days that lives and records reach; what is plausible for each is the domain's to say."""


class Sent(BaseModel):
    """Base of what is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactIn(Sent):
    """A way to reach somebody, and what is safe."""

    kind: ContactKind
    value: Annotated[str, StringConstraints(max_length=254)]
    safe_contact: SafeContact = SafeContact.ANY_WAY
    hours: Short | None = None


class NeedIn(Sent):
    """A need of a person: a code of the needs list."""

    code: Key
    severity: Annotated[int, Field(ge=0, le=MOST_SEVERE)]
    source: Source = Source.WORKER
    since: Day | None = None
    until: Day | None = None


class StrengthIn(Sent):
    """A strength of a person: a code of the needs list's strengths."""

    code: Key
    source: Source = Source.WORKER
    since: Day | None = None


class PersonFields(Sent):
    """What may be recorded of a person."""

    given_names: NameText = ""
    family_name: NameText = ""
    known_as: NameText | None = None
    previous_family_names: Annotated[tuple[NameText, ...], Field(max_length=5)] = ()
    date_of_birth: Day | None = None
    age_group: AgeGroup | None = None
    sex: Sex = Sex.UNKNOWN
    nhs_number: Number | None = None
    upn: Number | None = None
    language: Short | None = None
    interpreter: bool | None = None
    education_setting: Short | None = None
    gp_practice: Short | None = None


class PersonIn(PersonFields):
    """Somebody new to the record. `key` is the sender's own name for them, used in `relationships`."""

    key: Key
    residence: Residence = Residence.HERE
    since: Day | None = None
    expects_child_on: Day | None = None
    contacts: Annotated[tuple[ContactIn, ...], Field(max_length=10)] = ()
    needs: Annotated[tuple[NeedIn, ...], Field(max_length=40)] = ()


class JoiningIn(Sent):
    """Somebody your organisation has a record of already, who belongs to this family too."""

    key: Key
    person_id: UUID
    residence: Residence = Residence.HERE
    since: Day | None = None


class LimitIn(Sent):
    """A court order that limits responsibility or contact."""

    kind: Key
    since: Day | None = None
    until: Day | None = None
    copy_seen: bool


class RelationshipIn(Sent):
    """`person` is a `kind` of `of`; both are keys of people in the same message, or ids of people in the family."""

    person: Key
    of: Key
    kind: Kind
    responsibility: Responsibility | None = None
    since: Day | None = None
    until: Day | None = None
    court_limit: LimitIn | None = None


class AddressIn(Sent):
    """Where the family lives. `withheld` keeps it with your organisation."""

    kind: AddressKind = AddressKind.HOME
    lines: Annotated[tuple[Short, ...], Field(min_length=1, max_length=4)]
    town: Short
    postcode: Number | None = None
    since: Day | None = None
    withheld: bool = False


class PeopleIn(Sent):
    """People to record in a family that exists."""

    people: Annotated[tuple[PersonIn, ...], Field(max_length=20)] = ()
    joining: Annotated[tuple[JoiningIn, ...], Field(max_length=20)] = ()
    relationships: Annotated[tuple[RelationshipIn, ...], Field(max_length=100)] = ()
    duplicates_seen: Annotated[frozenset[UUID], Field(max_length=50)] = frozenset()


class FamilyIn(PeopleIn):
    """A family to register. At least one person."""

    address: AddressIn | None = None


class PersonPatch(Sent):
    """A JSON Merge Patch (RFC 7396): a field left out stays, null clears it."""

    given_names: NameText | None = None
    family_name: NameText | None = None
    known_as: NameText | None = None
    previous_family_names: Annotated[tuple[NameText, ...], Field(max_length=5)] | None = None
    date_of_birth: Day | None = None
    age_group: AgeGroup | None = None
    sex: Sex | None = None
    died_on: Day | None = None
    nhs_number: Number | None = None
    upn: Number | None = None
    language: Short | None = None
    interpreter: bool | None = None
    education_setting: Short | None = None
    gp_practice: Short | None = None


class SearchIn(Sent):
    """A search: a name, one more fact, and a purpose."""

    given_names: NameText = ""
    family_name: NameText = ""
    date_of_birth: Day | None = None
    postcode: Number | None = None
    nhs_number: Number | None = None
    purpose: Purpose


class RestrictionIn(Sent):
    """A restriction. For `whereabouts` the named may still see; for the other kinds the named accounts may not."""

    kind: RestrictionKind
    named_organisation_ids: Annotated[frozenset[UUID], Field(max_length=20)] = frozenset()
    named_account_ids: Annotated[frozenset[UUID], Field(max_length=50)] = frozenset()


class PregnancyIn(Sent):
    """A child on the way."""

    due_on: Day


class BornIn(Sent):
    """A child that was born. Names may follow."""

    given_names: NameText = ""
    family_name: NameText = ""
    sex: Sex = Sex.UNKNOWN
    nhs_number: Number | None = None


class OtherParentIn(Sent):
    """Another parent of the family, and how responsibility is held, if it is."""

    person_id: UUID
    responsibility: Responsibility | None = None


class BirthIn(Sent):
    """A birth in one of the mother's families: one child, or more."""

    family_id: UUID
    born_on: Day
    children: Annotated[tuple[BornIn, ...], Field(min_length=1, max_length=6)]
    other_parents: Annotated[tuple[OtherParentIn, ...], Field(max_length=3)] = ()
    duplicates_seen: Annotated[frozenset[UUID], Field(max_length=50)] = frozenset()


class LossIn(Sent):
    """That a pregnancy ended in loss: on which day, where it is known."""

    on: Day | None = None


class MergeIn(Sent):
    """The record that seems to be of the same person."""

    merged_person_id: UUID


class MergeReasonIn(Sent):
    """Why two records are left apart, or taken apart again."""

    reason: MergeReason


class EndIn(Sent):
    """That something no longer holds: `on` is the first day on which it does not, today unless another is given."""

    on: Day | None = None
    reason: EndReason


class CaseIn(Sent):
    """A case to open for a family; the opener leads it unless another account is named."""

    family_id: UUID
    lead_practitioner_id: UUID | None = None


class ReviewDayIn(Sent):
    """When the plan is looked at next: after today, within half a year."""

    review_on: Day


class ClosingIn(Sent):
    """Why the case could be closed."""

    reason: ClosingReason


class TeamIn(Sent):
    """An organisation to bring into the team around the family."""

    organisation_id: UUID
