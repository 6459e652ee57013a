"""What people type, what they read, and what their browsers hold."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from connective.contracts.categories import Category
from connective.contracts.places import PlacesInForce, load_places
from connective.frontend.commands.places import CurrentPlaces
from connective.frontend.domain import agreeing_words, kept_forms, proving_words, request_forms, sharing_words, words
from connective.frontend.domain.answers import Part, Refused, refused
from connective.frontend.domain.board import turns_of
from connective.frontend.domain.home import HomeParts, home_of
from connective.frontend.domain.navigation import ENTRIES, Entry, as_shown, current, entries_for
from connective.frontend.domain.secrets import digest, form_token, key_of
from connective.frontend.domain.sessions import LONGEST, Person, Session, Tokens, person_of, to_document, tokens_of
from connective.frontend.domain.troubles import trouble_of
from connective.frontend.domain.typed import typed_date, typed_postcode, typed_telephone
from connective.frontend.domain.ways_on import ways_on
from connective.frontend.domain.words import in_order
from connective.frontend.pages.browser import page_headers, read_fields, safe_target
from connective.kit.problems import BadRequest
from connective.local.services import EXAMPLE_PLACES

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
IDLE = timedelta(minutes=60)
PERSON = Person(
    UUID(int=1), "Maya Parrett", UUID(int=2), UUID(int=3), "A School", frozenset({"support_worker"}),
    frozenset({"families:family:read", "referrals:referral:write"}), 2,
)  # fmt: skip


def session(**changes: Any) -> Session:
    tokens = Tokens("access", "refresh", NOW + timedelta(minutes=5))
    return Session(
        **({"id": b"\1" * 32, "person": PERSON, "tokens": tokens, "begun_at": NOW, "seen_at": NOW} | changes)
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("27", "3", "2019"), date(2019, 3, 27)),
        (("1", "Sept.", "2020"), date(2020, 9, 1)),
        (("01", "march", "2021"), date(2021, 3, 1)),
        (("2nd", "3", "2021"), date(2021, 3, 2)),
        (("21ST", "Dec", "2021"), date(2021, 12, 21)),
        (("", "", ""), None),
    ],
)
def test_a_date_is_taken_as_people_type_it(typed: tuple[str, str, str], found: date | None) -> None:
    assert typed_date(*typed) == found


@pytest.mark.parametrize(
    "typed", [("31", "2", "2020"), ("1", "13", "2020"), ("1", "1", "19"), ("", "5", "2020"), ("x", "1", "2020")]
)
def test_a_date_that_is_none_is_refused_in_words(typed: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        typed_date(*typed)


def test_postcodes_and_telephones_are_taken_as_people_type_them() -> None:
    assert {typed_postcode(each) for each in ("ta201hr", "TA20 1HR", " ta20  1hr ")} == {"TA20 1HR"}
    assert typed_postcode(" ") is None
    ways = ("07700 900123", "+44 7700 900 123", "(07700) 900-123", "+44 (0)7700 900123", "07700/900123",
            "07700\u2013900123")  # fmt: skip
    assert {typed_telephone(each) for each in ways} == {"07700900123"}
    short = ("101", "111", "116 123", "0800 1111")
    assert [typed_telephone(each) for each in short] == ["101", "111", "116123", "08001111"], "helplines"
    for wrong in ("TA20", "nowhere"):
        with pytest.raises(ValueError, match="Postcode"):
            typed_postcode(wrong)
    with pytest.raises(ValueError, match="Telephone"):
        typed_telephone("12345")


def test_values_read_as_people_write_them() -> None:
    assert words.day("2026-11-03") == "3 November 2026"
    assert words.moment("2026-07-01T15:05:00Z") == "1 July 2026, 4:05pm", "summer time"
    assert words.moment("2026-12-01T00:05:00Z") == "1 December 2026, 12:05am"
    assert words.sentence("food_or_fuel_poverty") == "Food or fuel poverty"
    assert words.words("As it was typed") == "As it was typed"
    assert words.until("2026-06-29T09:00:00Z", NOW) == "2 days late"
    assert [words.until(f"2026-07-0{day}T12:00:00Z", NOW) for day in (1, 2, 6)] == ["today", "tomorrow", "in 5 days"]
    assert words.since("2026-06-30T09:00:00Z", NOW) == "yesterday"
    assert words.count(1, "request") == "1 request"


def test_a_session_counts_until_it_is_ended_left_alone_or_a_day_old() -> None:
    assert session().live(NOW + timedelta(minutes=59), IDLE)
    assert not session().live(NOW + IDLE, IDLE)
    assert not session(ended_at=NOW).live(NOW, IDLE)
    assert not session(seen_at=NOW + LONGEST).live(NOW + LONGEST, IDLE)


def test_a_session_is_the_same_after_it_was_stored() -> None:
    document = to_document(session())
    assert person_of(document["person"]) == PERSON
    assert tokens_of(document["tokens"]) == session().tokens
    assert session().tokens.stale(NOW + timedelta(minutes=4, seconds=50))


def test_a_form_counts_in_the_session_it_was_shown_in() -> None:
    mine, theirs = digest("mine"), digest("theirs")
    token = form_token(b"key", mine, "0190")
    assert key_of(b"key", mine, token) == "0190"
    assert [
        key_of(b"key", theirs, token),
        key_of(b"other", mine, token),
        key_of(b"key", mine, "0190."),
        key_of(b"key", mine, ""),
    ] == [None] * 4


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example.org/", "//elsewhere.example.org", "/\\elsewhere", "home", "", "/a\nb"]
)
def test_nobody_is_sent_elsewhere_from_here(elsewhere: str) -> None:
    assert safe_target(elsewhere) == "/home"
    assert safe_target("/families/1?kept=1") == "/families/1?kept=1"


def test_a_form_that_cannot_be_stored_is_refused() -> None:
    assert read_fields(b"a=1&a=2&b=%C3%A9") == {"a": ["1", "2"], "b": ["é"]}
    for wrong in (b"a=%00", b"a=%FF", "a=é".encode(), b"a=" + b"x" * 20_001):
        with pytest.raises(BadRequest):
            read_fields(wrong)


def test_the_policy_runs_nothing_but_what_carries_the_pages_nonce() -> None:
    policy = page_headers("n0nce", "https://hub.example.org", personal=True)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'nonce-n0nce';" in policy
    assert policy.startswith("default-src 'none'; ")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 413, 422, 428, 429, 500, 502, 503, 504])
def test_every_refusal_has_words_for_a_person(status: int) -> None:
    trouble = trouble_of(refused(status, {"detail": "Why."}, None))
    assert trouble.heading
    assert all(each.endswith(".") for each in trouble.paragraphs)
    assert str(status) not in " ".join((trouble.heading, *trouble.paragraphs))


def test_what_the_api_says_to_programs_is_said_in_other_words_to_people() -> None:
    for code in ("idempotency-key-reused", "illegal-action"):
        document = {
            "type": f"https://hub/problems/{code}",
            "detail": "A `code` of a key. Legal actions: ask.",
        }
        assert not re.search("key|code|egal", refused(409, document, None).detail), code


F, P = "/families/01a207f4-9927-7590-ac51-b5ae594fe3d7", "/people/01a207f4-999b-71b7-868f-8b9bdf0dde2d"


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        (f"{F}{P}/override", [("Go to the person", F + P), ("Go to the family", F), ("Families", "/families")]),
        (f"{F}{P}", [("Go to the family", F), ("Families", "/families")]),
        ("/families/new/x/check", [("Register a family", "/families/new"), ("Families", "/families")]),
        ("/families", []),
        ("/home", []),
        ("/nowhere", []),
    ],
)
def test_from_a_page_that_cannot_be_shown_there_is_a_way_on(path: str, ways: list[tuple[str, str]]) -> None:
    assert ways_on(path, ENTRIES, sent=False) == ways
    assert (F + P) in {href for _, href in ways_on(F + P, ENTRIES, sent=True)}, "to what was sent there"


def test_a_problem_document_becomes_a_refusal() -> None:
    errors = [{"pointer": "/people/0/sex", "code": "missing", "detail": "Say which."}]
    problem = refused(422, {"type": "https://hub/problems/invalid", "detail": "No.", "errors": errors}, None)
    assert (problem.code, problem.errors[0].pointer) == ("invalid", "/people/0/sex")
    assert refused(502, "<html>", 3).code == "unexpected"


async def test_a_number_that_was_changed_is_told_within_seconds() -> None:
    places = PlacesInForce(load_places(EXAMPLE_PLACES))
    (place,) = places.places
    document = place.model_dump(mode="json") | {"version": 2}
    document["safeguarding"] |= {"front_door_number": "01632 960199", "sentence": "Phone."}
    asked = []

    class Hub:
        async def part(self, path: str) -> Part:
            asked.append(path)
            return Part(document) if len(asked) == 1 else Part(problem=Refused(503, "x", ""))

    current_places = CurrentPlaces(places)
    for seconds in (0, 5, 20):
        await current_places.follow(Hub(), place.id, NOW + timedelta(seconds=seconds))  # type: ignore[arg-type]  # it asks one thing
    assert len(asked) == 2, "not at every page"
    assert "01632 960199" in places.get(place.id).safeguarding.sentence, (
        "and what was known stands while nobody answers"
    )


def test_the_navigation_shows_what_somebody_may_do() -> None:
    entries = [Entry("Home", "/home"), Entry("Families", "/families", "families:family:read")]
    assert "Home" in [each.text for each in entries_for(PERSON)]
    found = current(entries, "/families/1/needs")
    assert found is not None
    assert found.text == "Families"
    assert current(entries, "/familiesx") is None
    marked = as_shown(entries, found, "/families/1/needs")
    assert marked == as_shown(entries, found, "/families/2")
    assert (
        len({marked, as_shown(entries, found, "/families"), as_shown(entries, None, "/x"), as_shown([], None, "/x")})
        == 4
    )


@pytest.mark.parametrize("path", ["/agreements", "/memoranda/1/sign", "/legal-entities", "/flows"])
def test_what_officers_do_about_agreements_stands_under_one_entry(path: str) -> None:
    found = current(list(ENTRIES), path)
    assert found is not None
    assert found.text == "Agreements"


def test_home_puts_what_is_late_first_and_says_what_did_not_come() -> None:
    due = {"at": "2026-06-30T12:00:00Z", "clock": "answer", "owner": "referrer"}
    request = {
        "id": "r",
        "reference": "REQ-1",
        "service_kind": "food_bank",
        "state": "information_requested",
        "due": due,
    }
    later = request | {"reference": "REQ-2", "due": due | {"at": "2026-07-03T12:00:00Z"}}
    theirs = request | {"state": "submitted", "due": due | {"owner": "recipient"}}
    parts = HomeParts(
        families=Part({"items": []}),
        requests=Part({"items": [later, request, theirs]}),
        unread=Part(problem=Refused(503, "x", "")),
    )
    home = home_of(PERSON, parts, NOW)
    assert home.greeting == "Good morning, Maya"
    assert home.waiting is not None
    assert [(task.which, task.late, task.when) for task in home.waiting] == [
        ("REQ-1, food bank", True, "1 day late"),
        ("REQ-2, food bank", False, "in 2 days"),
    ]
    assert [words for words, _ in home.missing] == ["new messages"]
    assert [(figure.number, figure.words) for figure in home.figures] == [
        (3, "open requests"),
        (2, "things wait for you"),
        (1, "late"),
    ]
    assert home.cut == []
    beyond = Part({"items": [request], "next_cursor": "on"}, extra={"more": True})
    home = home_of(PERSON, HomeParts(requests=beyond, turns=Part({"items": [], "next_cursor": "on"})), NOW)
    assert home.cut == [("your open requests", "/requests"), ("your turns on the hub board", "/board")]
    assert [(figure.words, figure.more) for figure in home.figures] == [
        ("open request", True),
        ("thing waits for you", True),
        ("late", True),
    ]
    assert home_of(PERSON, HomeParts(), NOW).waiting is None, "whose work is not here yet"


def test_home_shows_a_coordinator_the_turns_on_their_hubs_boards_and_no_other_hubs() -> None:
    due = {"at": "2026-06-30T12:00:00Z", "clock": "hold_review", "owner": "coordinator"}
    held = {"id": "r1", "reference": "REQ-1", "service_kind": "food_bank", "state": "on_hold", "due": due,
            "referrer_organisation_id": "school", "recipient_organisation_id": "larder"}  # fmt: skip
    theirs = held | {"id": "r2", "due": due | {"owner": "recipient"}}
    elsewhere = held | {"id": "r3", "referrer_organisation_id": "x", "recipient_organisation_id": "y"}
    hubs = [{"id": "h1", "member_organisation_ids": ["school"]}, {"id": "h2", "member_organisation_ids": ["larder"]}]
    turns = turns_of(hubs, [held, theirs, elsewhere])
    assert [(each["id"], each["hub_id"]) for each in turns] == [("r1", "h1")], "once, though it is of both hubs"
    home = home_of(PERSON, HomeParts(turns=Part({"items": turns})), NOW)
    assert home.waiting is not None
    assert [(task.what, task.which, task.href, task.late) for task in home.waiting] == [
        ("As coordinator: look at the hold again", "REQ-1, food bank", "/board/h1#yours", True)
    ]
    assert [(each.number, each.words) for each in home.figures] == [(1, "thing waits for you"), (1, "late")]
    failed = home_of(PERSON, HomeParts(turns=Part(problem=Refused(503, "x", ""))), NOW)
    assert [words for words, _ in failed.missing] == ["your turns on the hub board"]


def test_a_district_and_an_importer_are_told_in_words() -> None:
    assert words.area("TA20, district E06000066") == "TA20, the whole district"
    assert words.came_from("hsds") == "Open Referral files"
    assert words.came_from("county_feed") == "county_feed", "a source's own code is what its place calls it"
    assert words.came_from(None) == ""


def test_every_list_names_categories_in_one_order() -> None:
    order = list(words.CATEGORIES)
    assert set(order) == {str(each) for each in Category}, "each has its words and its place"
    assert in_order({"health", "identity", "unheard_of", "address"}) == ["identity", "address", "health", "unheard_of"]
    offered = [
        [code for code, _ in kept_forms.CATEGORIES],
        [each.code for each in agreeing_words.CATEGORIES],
        list(sharing_words.CATEGORIES),
        [code for code, _ in request_forms.TOLD_OPTIONS[1:]],
    ]
    assert all(each == in_order(each) for each in offered), "wherever they can be chosen"
    codes = ["needs", "contact_details", "identity"]
    assert proving_words.categories(codes) == "Identity; contact details; needs and the reason for asking"
    assert sharing_words.kinds(codes) == "Identity, contact details, needs and the reason for asking"
