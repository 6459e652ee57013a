"""Rows of a form, and what they say of an own service: places, opening hours, areas and languages."""

from datetime import date
from typing import Any

import pytest

from connective.frontend.domain.fields import typed_from
from connective.frontend.domain.own_places import (
    HOURS,
    PLACES,
    hours_known,
    hours_sent,
    places_known,
    places_sent,
    typed_areas,
)
from connective.frontend.domain.own_prices import (
    CONTACTS,
    COSTS,
    contacts_known,
    contacts_of,
    contacts_sent,
    costs_known,
    costs_sent,
    prices,
)
from connective.frontend.domain.rows import ADD
from connective.frontend.domain.service_form import SERVICE_FIELDS, read_service, service_fields

PLACE = {"id": "l1", "kind": "physical", "name": "Holyrood Hall", "address": ["12 High Street"], "town": "Levelton",
         "county": None, "postcode": "TA20 1HR", "latitude": None, "longitude": None, "uprn": "100", "withheld": False,
         "transport": None, "accessibility": [{"description": "No steps", "details": None, "url": None}]}  # fmt: skip
OPENING = {"weekdays": [1, 3], "opens_at": "09:30:00", "closes_at": "15:00:00", "valid_from": None,
           "valid_to": "2027-07-20", "weekly": True, "description": "In school terms"}  # fmt: skip
SERVICE: dict[str, Any] = {
    "name": "Food club", "kind": "food_bank", "status": "active", "takes_requests": False, "needs": [],
    "locations": [PLACE], "schedules": [OPENING], "interpretation": None, "reach": ["delivery"],
    "areas": [{"kind": "outward_postcode", "code": "TA20", "metres": None},
              {"kind": "district", "code": "E06000066", "metres": None},
              {"kind": "radius", "code": None, "metres": 2500}],
    "languages": [{"code": "en", "name": "English", "note": None}, {"code": "tet", "name": "Tetum", "note": "Mondays"}],
}  # fmt: skip
TYPED_HOURS = {"rows": ["1"], "weekdays-0": ["2", "4"], "opens_at-0": ["9am"], "closes_at-0": ["2.30pm"]}


def test_what_a_form_of_rows_begins_with_is_what_it_sends_and_what_it_does_not_ask_of_stays() -> None:
    rows, errors, _ = PLACES.read(PLACES.typed(places_known(SERVICE)), places_known(SERVICE))
    assert errors == []
    assert places_sent(rows) == [PLACE], "its id, its UPRN and what makes it accessible are not on the form"
    moved = PLACES.typed(places_known(SERVICE)) | {"postcode-0": ["TA19 0AA"]}
    (sent,) = places_sent(PLACES.read(moved, places_known(SERVICE))[0])
    assert sent == PLACE | {"postcode": "TA19 0AA", "uprn": None}, "it has moved: its old building is not told any more"
    rows, errors, _ = HOURS.read(HOURS.typed(hours_known(SERVICE)), hours_known(SERVICE))
    assert errors == []
    assert hours_sent(rows) == [OPENING | {"opens_at": "09:30", "closes_at": "15:00"}]


def test_hours_are_read_as_people_write_them_and_empty_rows_are_left_out() -> None:
    rows, errors, fields = HOURS.read(TYPED_HOURS | {"rows": ["3"], "weekdays-2": ["6"], "weekly-2": ["no"]}, [])
    assert errors == []
    empty = {"valid_from": None, "valid_to": None, "description": None}
    assert hours_sent(rows) == [
        {"weekdays": [2, 4], "opens_at": "09:00", "closes_at": "14:30", "weekly": True, **empty},
        {"weekdays": [6], "opens_at": None, "closes_at": None, "weekly": False, **empty},
    ]
    named = {each.at: each.name for each in fields}
    assert named["/schedules/1/weekdays"] == "weekdays-2", "a refusal leads to the row as it stands on the page"
    assert HOURS.read({"rows": ["2"]}, [])[:2] == ([], [])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"opens_at-0": ["noonish"]}, ("opens_at-0", "Time must be like 2:30pm or 14:30")),
        ({"opens_at-0": ["9"], "closes_at-0": ["5"]},
         ("closes_at-0", "Closing time must be after opening time, like 5pm")),
        ({"opens_at-0": [""]}, ("opens_at-0", "Enter when it opens")),
        ({"weekdays-0": []}, ("weekdays-0", "Choose the days, or say in words when it is open")),
        ({"valid_to-0-day": ["31"], "valid_to-0-month": ["2"], "valid_to-0-year": ["2027"]},
         ("valid_to-0-day", "Date must be a real one, like 27 3 2019")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_hours_stands_beside_its_field(typed: dict[str, list[str]], wrong: tuple[str, str]) -> None:
    assert HOURS.read(TYPED_HOURS | typed, [])[1] == [wrong]


def test_a_message_says_in_which_of_several_rows_it_is() -> None:
    typed = {"rows": ["2"], "name-0": ["Hall"], "postcode-0": ["ta201hr"], "postcode-1": ["somewhere"]}
    rows, errors, _ = PLACES.read(typed, [])
    assert rows[0]["postcode"] == "TA20 1HR"
    assert errors == [("postcode-1", "Place 2: postcode must be a full UK postcode, like TA20 1HR")]
    assert PLACES.read({"address-0": ["1 High Street"]}, [])[1] == [("postcode-0", "Enter a postcode or a town")]


def test_a_row_is_added_and_taken_out_and_nothing_typed_is_lost() -> None:
    typed = TYPED_HOURS | {"valid_to-0-day": ["20"], "was-0": ["0"]}
    more = HOURS.changed(typed, ADD)
    assert more == typed | {"rows": ["2"]}
    two = more | {"weekdays-1": ["7"], "closes_at-1": ["not yet"]}
    assert HOURS.changed(two, "take-out-0") == {"rows": ["1"], "weekdays-0": ["7"], "closes_at-0": ["not yet"]}
    assert HOURS.changed(typed, "take-out-0") == {"rows": ["1"]}, "one empty row stays to be filled in"
    assert HOURS.changed(typed, "") is None, "it is sent to be kept"
    assert HOURS.number({"rows": ["9999999"]}) == 1
    assert HOURS.number({"rows": ["999"]}) == HOURS.most


def test_areas_and_languages_are_given_back_as_they_were() -> None:
    known = SERVICE["languages"]
    typed = typed_from(SERVICE_FIELDS, SERVICE) | typed_areas(SERVICE)
    assert typed["areas"] == ["TA20\nE06000066"]
    assert typed["miles"] == ["2.5 km"]
    body, errors = read_service(typed, known=known, new=False)
    assert errors == []
    assert body["languages"] == known, "a language that is not among the usual ones, and its note, stay"
    assert body["areas"] == [
        {"kind": "outward_postcode", "code": "TA20"},
        {"kind": "district", "code": "E06000066"},
        {"kind": "radius", "metres": 2500},
    ]
    assert "miles" not in body
    assert body["reach"] == ["delivery"]
    offered = next(each for each in service_fields(known, {}) if each.name == "languages")
    assert offered.words["tet"] == "Tetum"


def test_areas_are_read_as_people_write_them_and_what_is_none_is_told_in_the_order_of_the_page() -> None:
    typed = typed_from(SERVICE_FIELDS, SERVICE) | {
        "areas": ["ta19, TA20 ta19"],
        "miles": ["8 km"],
        "languages": ["pl"],
    }
    body, errors = read_service(typed, new=True)
    assert errors == []
    assert body["areas"] == [
        {"kind": "outward_postcode", "code": "TA19"},
        {"kind": "outward_postcode", "code": "TA20"},
        {"kind": "radius", "metres": 8000},
    ]
    assert body["languages"] == [{"code": "pl", "name": "Polish"}]
    wrong = typed | {"areas": ["Levelton"], "miles": ["far"], "email": ["nobody"]}
    _, errors = read_service(wrong, new=True)
    assert [field for field, _ in errors] == ["areas", "miles", "email"]
    for text in ("0", "31", "50 km", "nan", "1e99999", "-3"):
        assert [field for field, _ in read_service(typed | {"miles": [text]}, new=True)[1]] == ["miles"], text


@pytest.mark.parametrize(
    ("typed", "metres", "again"), [("5", 8047, "5"), ("2.5 miles", 4023, "2.5"), ("8 km", 8000, "8 km")]
)
def test_how_far_is_told_in_miles_and_stays_what_it_was_however_often_it_is_saved(
    typed: str, metres: int, again: str
) -> None:
    """A distance that was told in kilometres elsewhere is not moved by reading it back in miles."""
    radius = {"kind": "radius", "metres": metres}
    body, errors = read_service(typed_from(SERVICE_FIELDS, SERVICE) | {"areas": [""], "miles": [typed]}, new=True)
    assert (body["areas"], errors) == ([radius], [])
    assert typed_areas(SERVICE | {"areas": [radius]})["miles"] == [again]


PRICE = {"option": "A parcel", "amount": 2.5, "currency": "EUR", "description": "Ask if you cannot pay",
         "valid_from": "2027-01-01", "valid_to": None}  # fmt: skip
DESK = {"name": None, "title": None, "department": "Front desk", "telephone": "01632 960402", "email": None,
        "published": True}  # fmt: skip


def test_prices_and_contacts_are_given_back_as_they_were_and_said_in_words() -> None:
    listing: dict[str, Any] = {"costs": [PRICE], "contacts": [DESK, DESK | {"published": False}]}
    rows, errors, _ = COSTS.read(COSTS.typed(costs_known(listing)), costs_known(listing))
    assert errors == []
    assert costs_sent(rows) == [PRICE | {"amount": "2.50"}], "its currency is kept"
    pounds = PRICE | {"currency": "GBP"}
    typed = COSTS.typed(costs_known({"costs": [pounds]}))
    assert "GBP" not in str(typed), "pounds go without saying"
    assert costs_sent(COSTS.read(typed, [])[0]) == [pounds | {"amount": "2.50"}]
    assert costs_sent(COSTS.read(typed | {"currency-0": ["usd"]}, [])[0])[0]["currency"] == "USD"
    rows, errors, _ = CONTACTS.read(CONTACTS.typed(contacts_known(listing)), contacts_known(listing))
    assert (contacts_sent(rows), errors) == (listing["contacts"], [])
    free, over = {"option": "Tea", "amount": 0}, {"option": "Soup", "amount": 1, "valid_to": "2026-11-22"}
    today = date(2026, 11, 23)
    assert prices([PRICE, free, over], today) == [
        "A parcel: €2.50, Ask if you cannot pay (from 1 January 2027)",
        "Tea: free",
    ]
    assert prices([over], today, all_of_them=True) == ["Soup: £1 (until 22 November 2026)"]
    assert [(each.line, each.published) for each in contacts_of(listing["contacts"])] == [
        ("Front desk: 01632 960402", True),
        ("Front desk: 01632 960402", False),
    ]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"option-0": ["Tea"], "amount-0": ["two pounds"]},
         ("amount-0", "Enter an amount of money, like 6 or 2.50")),
        ({"amount-0": ["£2.50"]}, ("option-0", "Enter what the price is for")),
        ({"option-0": ["Tea"], "amount-0": ["€2"]}, ("amount-0", "Enter an amount of money, like 6 or 2.50")),
        ({"option-0": ["Tea"], "amount-0": ["2"], "currency-0": ["dollars"]},
         ("currency-0", "Enter the three letters of the currency, like EUR for euros")),
        ({"option-0": ["Tea"], "valid_from-0-day": ["2"], "valid_from-0-month": ["1"], "valid_from-0-year": ["2027"],
          "valid_to-0-day": ["1"], "valid_to-0-month": ["1"], "valid_to-0-year": ["2027"]},
         ("valid_to-0-day", "The last day must not be before the first")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_price_stands_beside_its_field(
    typed: dict[str, list[str]], wrong: tuple[str, str]
) -> None:
    assert COSTS.read({"rows": ["1"], **typed}, [])[1] == [wrong]


def test_a_contact_is_somebody_and_can_be_reached() -> None:
    assert CONTACTS.read({"rows": ["1"], "published-0": ["yes"]}, [])[1] == [
        ("name-0", "Enter a name, a role or a team"),
        ("telephone-0", "Enter a telephone number or an email address"),
    ]
    rows, errors, _ = CONTACTS.read({"rows": ["1"], "title-0": ["Lead"], "email-0": ["a@example.org"]}, [])
    assert errors == []
    assert contacts_sent(rows)[0]["published"] is False
