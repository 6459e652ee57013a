from dataclasses import replace
from datetime import date
from uuid import UUID

from connective.contracts.categories import LOCATING_CATEGORIES, Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.needs import needs_list
from connective.families.domain.addresses import Address, AddressKind
from connective.families.domain.contacts import ContactKind, ContactPoint
from connective.families.domain.dates import Period
from connective.families.domain.families import Membership
from connective.families.domain.names import Name
from connective.families.domain.needs import PersonNeed, Source
from connective.families.domain.people import Person, Sex
from connective.families.domain.relationships import Kind, Relationship, Responsibility
from connective.families.domain.shared import Permitted, Picture, Value, fields_of

TODAY = date(2026, 3, 1)
FAMILY, MOTHER, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
PICTURE = Picture(
    people={
        MOTHER: Person(
            MOTHER,
            Name("Asha", "Hart", "Ash"),
            Sex.FEMALE,
            date(1995, 5, 5),
            language="Polish",
            interpreter=False,
            gp_practice="Drake Surgery",
        ),
        CHILD: Person(
            CHILD, Name("Dilys", "Hart"), date_of_birth=date(2022, 5, 5), nhs_number="9993395633", upn_recorded=True
        ),
    },
    memberships=(Membership(FAMILY, MOTHER), Membership(FAMILY, CHILD)),
    relationships=(Relationship(UUID(int=4), MOTHER, CHILD, Kind.PARENT, responsibility=Responsibility.BIRTH_MOTHER),),
    addresses=(Address(UUID(int=5), FAMILY, AddressKind.HOME, ("1 Drake Way",), "Chard", "TA20 1QX"),),
    contacts=(ContactPoint(UUID(int=6), MOTHER, ContactKind.PHONE, "07700900123"),),
    needs=(PersonNeed(UUID(int=7), CHILD, "child_0_5_speech_language", 3, Source.WORKER, Period(date(2026, 1, 1))),),
)
EVERYTHING = frozenset(Category)


def given(person: UUID, permitted: Permitted, picture: Picture = PICTURE) -> tuple[dict[str, Value], tuple[str, ...]]:
    return fields_of(person, sorted(SHARED_FIELDS), picture, permitted, day=TODAY, known=needs_list())


def test_nothing_is_given_without_its_categories() -> None:
    assert given(MOTHER, Permitted({MOTHER: frozenset()})) == ({}, ())


def test_a_field_appears_only_with_all_of_its_categories() -> None:
    for name, reveals in SHARED_FIELDS.items():
        for missing in reveals:
            fields, _ = given(MOTHER, Permitted({MOTHER: EVERYTHING - {missing}, CHILD: EVERYTHING}))
            assert name not in fields


def test_everything_permitted_gives_what_there_is_and_never_the_pupil_number() -> None:
    fields, withheld = given(MOTHER, Permitted({MOTHER: EVERYTHING, CHILD: EVERYTHING}))
    assert withheld == ()
    assert fields["address.current"] == "1 Drake Way, Chard, TA20 1QX"
    assert fields["address.outward_postcode"] == "TA20"
    assert fields["household.adults"] == 1
    assert fields["household.children_by_age_band"] == {"1-4": 1}
    assert fields["household.members"] == ["Asha Hart", "Dilys Hart"]
    assert fields["person.interpreter"] is False
    assert fields["contact.safe_contact_rule"] == "Calls and messages are safe."
    child, _ = given(CHILD, Permitted({CHILD: EVERYTHING}))
    assert not any("upn" in name for name in child)
    assert child["needs.coded"] == ["child_0_5_speech_language"]


def test_somebody_beside_the_subject_is_named_only_if_the_permit_covers_them() -> None:
    fields, _ = given(CHILD, Permitted({CHILD: EVERYTHING}))
    assert fields["household.members"] == ["Dilys Hart"]
    assert fields["household.responsible_adults"] == ["Not named: parental responsibility"]
    both, _ = given(CHILD, Permitted({CHILD: EVERYTHING, MOTHER: frozenset({Category.IDENTITY, Category.HOUSEHOLD})}))
    assert both["household.responsible_adults"] == ["Asha Hart: parental responsibility"]


def test_a_restriction_hides_every_locating_field_and_says_so() -> None:
    fields, withheld = given(MOTHER, Permitted({MOTHER: EVERYTHING}, frozenset({MOTHER})))
    locating = {name for name, reveals in SHARED_FIELDS.items() if reveals & LOCATING_CATEGORIES}
    assert locating.isdisjoint(fields)
    assert set(withheld) == locating
    assert fields["person.full_name"] == "Asha Hart"


def test_a_withheld_address_stays_with_its_keeper() -> None:
    kept = replace(PICTURE, addresses=(replace(PICTURE.addresses[0], withheld=True),))
    fields, _ = given(MOTHER, Permitted({MOTHER: EVERYTHING}), kept)
    assert "address.current" not in fields
    assert "address.outward_postcode" not in fields
