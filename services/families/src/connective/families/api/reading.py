"""From what was sent to values of the domain: each checked, each refusal pointing to where the value stood."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.contracts.needs import NeedsList
from connective.families.api.schemas import (
    AddressIn,
    BirthIn,
    ContactIn,
    FamilyIn,
    NeedIn,
    PeopleIn,
    PersonFields,
    PersonIn,
    RelationshipIn,
    SearchIn,
    StrengthIn,
)
from connective.families.commands.drafts import FamilyDraft, Member, PeopleDraft
from connective.families.domain.addresses import Address
from connective.families.domain.contacts import ContactPoint, check_contact
from connective.families.domain.dates import Period, check_birth_date
from connective.families.domain.families import Membership, Residence
from connective.families.domain.identifiers import canonical_postcode, check_nhs_number, check_upn
from connective.families.domain.names import make_name
from connective.families.domain.needs import PersonNeed, check_need
from connective.families.domain.people import Person, expect_child
from connective.families.domain.refusals import BadRelationship, RuleBroken, within
from connective.families.domain.relationships import CourtLimit, Kind, Relationship, Responsibility
from connective.families.domain.strengths import PersonStrength, check_strength
from connective.families.domain.tokens import Known
from connective.families.storage.sealing import Sealer
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs to know: the day, the needs list, whether people are invented, and the seal."""

    today: date
    known_needs: NeedsList
    synthetic: bool
    sealer: Sealer

    def family(self, sent: FamilyIn) -> FamilyDraft:
        """A family to register, under a new id."""
        if not sent.people and not sent.joining:
            raise RuleBroken("A family has at least one person.", "people")
        family_id = new_id()
        address = self.address(sent.address, family_id) if sent.address else None
        return FamilyDraft(self.people(sent, family_id), address)

    def people(self, sent: PeopleIn, family_id: UUID) -> PeopleDraft:
        """People to record in a family; keys give way to ids."""
        keys: dict[str, UUID] = {}
        members = tuple(self._member(each, family_id, f"/people/{i}") for i, each in enumerate(sent.people))
        pairs = [(each.key, member.person.id) for each, member in zip(sent.people, members, strict=True)]
        for key, person_id in pairs + [(each.key, each.person_id) for each in sent.joining]:
            if keys.setdefault(key, person_id) != person_id or list(keys.values()).count(person_id) > 1:
                raise RuleBroken("Each person has a key of their own.", "key", within="/people")
        joining = tuple(
            Membership(family_id, each.person_id, each.residence, Period(each.since)) for each in sent.joining
        )
        relationships = tuple(
            self.relationship(each, keys, f"/relationships/{i}") for i, each in enumerate(sent.relationships)
        )
        return PeopleDraft(family_id, members, joining, relationships, sent.duplicates_seen)

    def born(self, sent: BirthIn, mother_id: UUID) -> PeopleDraft:
        """The children of a birth, in their mother's family, each with her and whoever else is named as a parent."""
        parents: list[tuple[UUID, Responsibility | None]] = [(mother_id, Responsibility.BIRTH_MOTHER)]
        parents += [(each.person_id, each.responsibility) for each in sent.other_parents]
        members, related = [], []
        for number, each in enumerate(sent.children):
            fields = PersonFields(**each.model_dump(), date_of_birth=sent.born_on)
            with within(f"/children/{number}"):
                child = self.person(fields, new_id())
            members.append(Member(child, Membership(sent.family_id, child.id, Residence.HERE, Period(sent.born_on))))
            related += [
                Relationship(new_id(), parent, child.id, Kind.PARENT, Period(sent.born_on), responsibility=held)
                for parent, held in parents
            ]
        return PeopleDraft(sent.family_id, tuple(members), (), tuple(related), sent.duplicates_seen)

    def _member(self, sent: PersonIn, family_id: UUID, pointer: str) -> Member:
        with within(pointer):
            person = self.person(sent, new_id())
            expected = sent.expects_child_on and expect_child(new_id(), person, sent.expects_child_on, self.today)
            upn = sent.upn and self.sealer.seal(check_upn(sent.upn), person.id.bytes)
            membership = Membership(family_id, person.id, sent.residence, Period(sent.since))
        contacts = tuple(self.contact(c, person.id, f"{pointer}/contacts/{i}") for i, c in enumerate(sent.contacts))
        needs = tuple(self.need(n, person.id, f"{pointer}/needs/{i}") for i, n in enumerate(sent.needs))
        return Member(person, membership, upn or None, contacts, needs, expected or None)

    def person(self, sent: PersonFields, person_id: UUID) -> Person:
        """A person under an id."""
        number = sent.nhs_number and check_nhs_number(sent.nhs_number, synthetic=self.synthetic)
        return Person(
            id=person_id,
            name=make_name(sent.given_names, sent.family_name, sent.known_as, sent.previous_family_names),
            sex=sent.sex,
            date_of_birth=sent.date_of_birth and check_birth_date(sent.date_of_birth, self.today),
            age_group=sent.age_group,
            nhs_number=number or None,
            upn_recorded=bool(sent.upn),
            language=sent.language,
            interpreter=sent.interpreter,
            education_setting=sent.education_setting,
            gp_practice=sent.gp_practice,
        )

    def contact(self, sent: ContactIn, person_id: UUID, pointer: str) -> ContactPoint:
        """A way to reach a person, confirmed today."""
        with within(pointer):
            value = check_contact(sent.kind, sent.value, sent.safe_contact, sent.hours)
        period = Period(self.today)
        return ContactPoint(
            new_id(), person_id, sent.kind, value, sent.safe_contact, sent.hours, period, confirmed_on=self.today
        )

    def need(self, sent: NeedIn, person_id: UUID, pointer: str = "") -> PersonNeed:
        """A need of a person, from today unless another day is given."""
        with within(pointer):
            code = check_need(sent.code, sent.severity, self.known_needs)
            period = Period(sent.since or self.today, sent.until)
        return PersonNeed(new_id(), person_id, code, sent.severity, sent.source, period)

    def strength(self, sent: StrengthIn, person_id: UUID) -> PersonStrength:
        """A strength of a person, from today unless another day is given."""
        with within(""):
            code = check_strength(sent.code, self.known_needs)
            period = Period(sent.since or self.today)
        return PersonStrength(new_id(), person_id, code, sent.source, period)

    def address(self, sent: AddressIn, family_id: UUID, pointer: str = "/address") -> Address:
        """An address of a family, confirmed today."""
        with within(pointer):
            postcode = canonical_postcode(sent.postcode) if sent.postcode else None
        return Address(
            id=new_id(),
            family_id=family_id,
            kind=sent.kind,
            lines=sent.lines,
            town=sent.town,
            postcode=postcode,
            period=Period(sent.since or self.today),
            withheld=sent.withheld,
            confirmed_on=self.today,
        )

    def relationship(self, sent: RelationshipIn, keys: dict[str, UUID], pointer: str = "") -> Relationship:
        """A relationship between two people, by their keys in the message or their ids."""
        with within(pointer):
            order = sent.court_limit
            limit = CourtLimit(order.kind, Period(order.since, order.until), order.copy_seen) if order else None
            return Relationship(
                id=new_id(),
                person_id=_resolve(sent.person, keys, "person"),
                of_person_id=_resolve(sent.of, keys, "of"),
                kind=sent.kind,
                period=Period(sent.since, sent.until),
                responsibility=sent.responsibility,
                limit=limit,
            )

    def search(self, sent: SearchIn) -> Known:
        """The facts to search by."""
        number = sent.nhs_number and check_nhs_number(sent.nhs_number, synthetic=self.synthetic)
        return Known(
            name=make_name(sent.given_names, sent.family_name),
            date_of_birth=sent.date_of_birth,
            postcode=canonical_postcode(sent.postcode) if sent.postcode else None,
            nhs_number=number or None,
        )


def _resolve(key: str, keys: dict[str, UUID], field: str) -> UUID:
    """The id behind a key; an id stands for itself."""
    if key in keys:
        return keys[key]
    try:
        return UUID(key)
    except ValueError as error:
        raise BadRelationship("Use a key of this message, or the id of somebody in the family.", field) from error
