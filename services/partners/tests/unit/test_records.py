from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

from connective.contracts.categories import AssuranceLevel
from connective.contracts.needs import needs_list
from connective.contracts.sharing import SameDay
from connective.partners.domain import hubs, organisations, services
from connective.partners.domain.areas import Area, AreaKind, words
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.codes import OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.services import Listing, Service, Terms, assured_until, broken_service, takes_requests

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MEMBER = Organisation(
    id=uuid4(),
    place_id=UUID(int=1),
    legal_entity_id=uuid4(),
    profile=Profile("Lantern", OrganisationKind.CHARITY),
    state=OrganisationState.ACTIVE,
    assurance_level=AssuranceLevel.NAMED_ACCOUNTS,
    version=1,
    changed_at=NOW,
)
LISTED = replace(MEMBER, legal_entity_id=None)
LISTING = Listing("Larder", "food_bank", frozenset({"food_or_fuel_poverty"}), telephone="01632 960201")
TAKES = Terms(takes_requests=True)
SERVICE = Service(uuid4(), MEMBER.place_id, MEMBER.id, LISTING, TAKES, 1, NOW)


def codes(listing: Listing, terms: Terms = TAKES, organisation: Organisation = MEMBER) -> list[tuple[str, str]]:
    return [(each.pointer, each.code) for each in broken_service(listing, terms, organisation, needs_list())]


def test_suspending_and_reinstating_make_one_version_each_and_nothing_when_there_is_nothing_to_do() -> None:
    suspended = organisations.suspended(MEMBER, LATER)
    assert suspended is not None
    assert (suspended.version, suspended.state, suspended.is_active) == (2, OrganisationState.SUSPENDED, False)
    assert organisations.suspended(suspended, LATER) is None
    assert organisations.reinstated(MEMBER, LATER) is None
    reinstated = organisations.reinstated(suspended, LATER)
    assert reinstated is not None
    assert reinstated.is_active


def test_a_change_that_changes_nothing_is_no_new_version() -> None:
    same = organisations.changed(MEMBER, LATER, profile=MEMBER.profile, legal_entity_id=MEMBER.legal_entity_id)
    assert same is MEMBER
    assert services.changed(SERVICE, LATER, listing=LISTING, terms=TAKES) is SERVICE
    assert services.changed(SERVICE, LATER, listing=LISTING, terms=Terms()).version == 2


def test_a_sound_service_breaks_no_rule() -> None:
    assert codes(LISTING) == []


def test_every_broken_rule_of_a_service_is_told_at_once() -> None:
    broken = replace(
        LISTING,
        kind="magic",
        needs=frozenset({"wishes"}),
        minimum_age=9,
        maximum_age=3,
        areas=(Area(AreaKind.DISTRICT, "TA20"),),
    )
    assert codes(broken) == [
        ("/kind", "unknown"),
        ("/needs", "unknown"),
        ("/maximum_age", "ages"),
        ("/areas/0/code", "district"),
    ]


def test_a_kind_that_reveals_something_is_always_sensitive() -> None:
    refuge = replace(LISTING, kind="domestic_abuse_support", needs=frozenset({"victim"}))
    assert codes(refuge) == [("/sensitive", "sensitive")]
    assert codes(replace(refuge, sensitive=True)) == []


def test_who_may_not_take_requests() -> None:
    police = replace(MEMBER, profile=Profile("Police", OrganisationKind.POLICE))
    assert codes(LISTING, organisation=police) == [("/takes_requests", "reporting-route")]
    assert codes(LISTING, organisation=LISTED) == [("/takes_requests", "not-a-member")]
    assert codes(replace(LISTING, kind="other")) == [("/takes_requests", "no-form")]
    assert codes(LISTING, terms=Terms(), organisation=LISTED) == []


def test_same_day_help_needs_a_telephone_and_hours() -> None:
    hours = SameDay(weekdays=frozenset({1}), opens_at=time(16), closes_at=time(9), answer_within_minutes=60)
    terms = Terms(takes_requests=True, same_day=hours)
    assert codes(replace(LISTING, telephone=None), terms) == [
        ("/telephone", "same-day"),
        ("/same_day/closes_at", "hours"),
    ]


def test_clocks_are_in_order() -> None:
    assert codes(LISTING, Terms(takes_requests=True, acknowledge_within_days=5, decide_within_days=2)) == [
        ("/decide_within_days", "clocks")
    ]


def test_requests_are_taken_only_while_service_and_organisation_are_active() -> None:
    assert takes_requests(SERVICE, MEMBER)
    assert not takes_requests(SERVICE, replace(MEMBER, state=OrganisationState.SUSPENDED))
    assert not takes_requests(SERVICE, LISTED)
    assert not takes_requests(replace(SERVICE, listing=replace(LISTING, status=ServiceStatus.INACTIVE)), MEMBER)


def test_room_is_a_new_version_as_of_when_it_was_told() -> None:
    told = services.with_capacities(SERVICE, (Capacity(3, "places", LATER),), LATER)
    assert (told.version, told.changed_at, told.capacities) == (2, LATER, (Capacity(3, "places", LATER),))


def test_a_check_of_a_listing_holds_for_a_year() -> None:
    assert assured_until(replace(LISTING, assured_on=date(2026, 3, 1))) == date(2027, 3, 1)
    assert assured_until(LISTING) is None


def test_areas_are_told_in_few_words() -> None:
    many = tuple(Area(AreaKind.OUTWARD_POSTCODE, f"TA{n}") for n in range(10, 20))
    assert words(many) == "TA10, TA11, TA12, TA13, TA14, TA15 and 4 more"
    assert words((Area(AreaKind.RADIUS, metres=2500),)) == "within 1.6 miles of where it is"


def test_a_hub_holds_known_organisations_and_outward_postcodes() -> None:
    hub = hubs.Hub(uuid4(), MEMBER.place_id, "Chard", ("TA20", "Chard", "TA20"), None, (MEMBER.id, LISTED.id), 1, NOW)
    other = uuid4()
    broken = hubs.broken_hub(replace(hub, member_organisation_ids=(other,)), frozenset({MEMBER.id}))
    assert [each.pointer for each in broken] == ["/outward_postcodes/1", "/member_organisation_ids/0"]
    assert hubs.canonical_hub(hub).outward_postcodes == ("Chard", "TA20")
