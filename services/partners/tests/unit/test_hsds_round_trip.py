"""What our own public directory publishes is read back as it was: nothing that it tells is lost on the way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from connective.contracts.categories import AssuranceLevel
from connective.contracts.needs import needs_list
from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.codes import LocationType, OrganisationKind, OrganisationState
from connective.partners.domain.geography import parse_postcode
from connective.partners.domain.identifiers import Identifier, Scheme
from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.report import Reading
from connective.partners.domain.locations import Location
from connective.partners.domain.open_referral.documents import published
from connective.partners.domain.open_referral.taxonomies import taxonomies_of
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.particulars import Accessibility, Contact, Cost, Language, Reach
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import SIGNPOST_ONLY, Listing, Service
from connective.partners.storage.postcodes import PostcodeDirectory
from connective.partners.storage.reference_data import vocabulary

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
PROFILE = Profile(
    name="Chard Larder",
    kind=OrganisationKind.FOOD_BANK,
    identifiers=(Identifier(Scheme.CHARITY, "1155856"),),
    description="An invented charity.",
    website="https://larder.example.org",
    telephone="01632 960130",
    alternate_name="The Larder",
    email="hello@larder.example.org",
)
OWNER = Organisation(
    UUID(int=7), UUID(int=1), UUID(int=9), PROFILE, OrganisationState.ACTIVE, AssuranceLevel.NAMED_ACCOUNTS, 1, NOW
)
PLAIN = Listing("Winter coats", "other", frozenset())
RICH = Listing(
    name="Emergency food parcel",
    kind="food_bank",
    needs=frozenset({"food_or_fuel_poverty", "debt_or_arrears"}),
    description="A parcel for three days.",
    url="https://larder.example.org/parcels",
    telephone="01632 960131",
    how_to_refer="Ring first.",
    minimum_age=16,
    maximum_age=25,
    areas=(
        Area(AreaKind.DISTRICT, "E06000066"),
        Area(AreaKind.OUTWARD_POSTCODE, "TA20"),
        Area(AreaKind.RADIUS, metres=2500),
    ),
    schedules=(
        Schedule(frozenset({2, 4}), time(9, 30), time(13, 0), date(2026, 1, 1), date(2027, 1, 1), description="Noon"),
        Schedule(frozenset({1}), weekly=False, description="The first Monday."),
        Schedule(description="By arrangement."),
    ),
    assured_on=date(2026, 2, 1),
    alternate_name="The food cupboard",
    email="parcels@larder.example.org",
    eligibility="Anybody in Chard.",
    fees="Delivery costs a little.",
    interpretation="Polish on Tuesdays.",
    alert="Closed on 6 March.",
    reach=frozenset({Reach.DELIVERY, Reach.OUTREACH}),
    costs=(
        Cost("Delivery", Decimal("1.5"), description="a parcel"),
        Cost("Membership", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)),
    ),
    languages=(Language("bfi", "British Sign Language"), Language("pl", note="Tuesdays")),
)


def site(postcodes: PostcodeDirectory, **told: Any) -> Location:
    known = postcodes.find(parse_postcode("TA20 1QL"))
    assert known is not None
    return Location(LocationType.PHYSICAL, postcode="TA20 1QL", point=known.point, district=known.district, **told)


def sites(postcodes: PostcodeDirectory) -> tuple[Location, ...]:
    rich = site(
        postcodes,
        name="The Larder",
        address=("4 Holly Lane", "First floor", "Left door"),
        town="Chard",
        county="Somerset",
        uprn="10023456789",
        transport="Bus 30 stops outside.",
        accessibility=(Accessibility("Step-free", "A ramp at the back.", "https://larder.example.org/ramp"),),
    )
    return (rich, site(postcodes, name="The hall"), Location(LocationType.VIRTUAL, name="On the telephone"))


def documents(listings: list[Listing], owner: Organisation) -> list[dict[str, Any]]:
    made = [Service(UUID(int=at), owner.place_id, owner.id, each, SIGNPOST_ONLY, 1, NOW) for at, each in
            enumerate(listings, start=100)]  # fmt: skip
    return [published(each, owner, taxonomies_of(needs_list())).document for each in made]


def read(found: list[dict[str, Any]], postcodes: PostcodeDirectory) -> Reading:
    page = {"total_items": len(found), "contents": found}
    return read_hsds(open_hsds(json.dumps(page).encode()), vocabulary(), postcodes.find, NOW.date())


def test_what_we_publish_comes_back_the_same(postcodes: PostcodeDirectory) -> None:
    told = [replace(RICH, locations=sites(postcodes)), PLAIN]
    shown = documents(told, OWNER)
    reading = read(shown, postcodes)
    assert [each.effect for each in reading.errors if each.row == 1] == []
    again = [each.listing for each in reading.services]
    # A site told by its postcode comes back with the coordinates that were published with it, and nothing else is new.
    bare = [
        replace(each, locations=tuple(replace(at, latitude=None, longitude=None) for at in each.locations))
        for each in again
    ]
    assert bare == told
    (back,) = reading.organisations
    assert replace(back.profile, kind=PROFILE.kind) == PROFILE
    assert documents(again, replace(OWNER, profile=back.profile)) == shown


def test_contacts_are_published_on_purpose_and_never_read(postcodes: PostcodeDirectory) -> None:
    named = Contact("Petronella Persona", telephone="01632 960132", published=True)
    (shown,) = documents([replace(RICH, contacts=(named,))], OWNER)
    assert "Petronella" in json.dumps(shown)
    (back,) = read([shown], postcodes).services
    assert back.listing.contacts == ()
    assert "Petronella" not in repr(back)


@pytest.mark.parametrize(
    ("part", "value", "column"),
    [
        ("cost_options", [{"amount": "free"}], "amount"),
        ("cost_options", [{"amount": 1e300}], "amount"),
        ("cost_options", [{"option": "A", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}], "cost_options"),
        ("languages", [{"name": "Klingon"}], "languages"),
        ("phones", [{"number": "01632 960131"}, {"number": "01632 960132"}], "phones"),
        ("email", "nobody", "email"),
    ],
)
def test_a_bad_particular_costs_nothing_but_itself(
    postcodes: PostcodeDirectory, part: str, value: object, column: str
) -> None:
    (shown,) = documents([replace(RICH, locations=sites(postcodes))], OWNER)
    reading = read([{**shown, part: value}], postcodes)
    assert len(reading.services) == 1
    assert [each.column for each in reading.errors] == [column]
    assert all(each.reason and each.fix for each in reading.errors)
