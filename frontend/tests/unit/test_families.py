"""What the pages about families say, from answers as the API gives them."""

from dataclasses import replace
from datetime import date
from typing import Any

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.families import FamilyParts, chronology, family_page, home_of, names_in
from connective.frontend.domain.finding import PURPOSE, WHO, search_of
from connective.frontend.domain.picture import draw

ORGANISATIONS = {"o1": "Chard Community Larder"}


def person(key: str, given: str, years: int | None, **changes: Any) -> dict[str, Any]:
    return {
        "id": key, "given_names": given, "family_name": "Fernlea", "known_as": None, "age_years": years,
        "age_group": None,
        "date_of_birth": None, "sex": "unknown", "education_setting": None, "gp_practice": None, "language": None,
        "interpreter": None, "nhs_number": None, "expects_child_on": None, "died_on": None, "contacts": [],
        "whereabouts_restricted": False, "withheld": [], **changes,
    }  # fmt: skip


def member(who: dict[str, Any], until: str | None = None) -> dict[str, Any]:
    return {"person": who, "residence": "here", "since": None, "until": until}


def related(one: str, other: str, kind: str, **changes: Any) -> dict[str, Any]:
    return {"person_id": one, "of_person_id": other, "kind": kind, "responsibility": None, "until": None, **changes}


MOTHER = person("m", "Carys Ann", 32, contacts=[
    {"value": "07700900417", "safe_contact_sentence": "Text only: do not call.", "until": None},
    {"value": "07700900418", "safe_contact_sentence": "Any way.", "until": "2026-01-01"},
])  # fmt: skip
BABY = person("b", "Piran", 0, known_as="Pip", whereabouts_restricted=True)
RECORD = {
    "id": "f", "name": "Fernlea", "registered_on": "2026-07-01", "standing": "open", "safeguarding_notice": "Call 999.",
    "people": [member(MOTHER), member(BABY), member(person("g", "Lowen", 60), until="2026-02-01")],
    "relationships": [related("m", "b", "parent", responsibility="birth_mother"), related("g", "b", "grandparent")],
    "addresses": [
        {"id": "a1", "kind": "home", "lines": ["3 Furnham Crescent"], "town": "Chard", "postcode": "TA20 1BP",
         "withheld": False, "until": None},
        {"id": "a2", "kind": "refuge", "lines": [], "town": "", "postcode": None, "withheld": True, "until": None},
    ],
    "withheld": ["address"],
}  # fmt: skip
CONSENT = {
    "id": "c", "kind": "consent", "state": "withdrawn", "said_at": "2026-07-01T10:00:00Z",
    "about": [{"person_id": "m"}],
    "scope": {"service_kinds": ["food_bank"], "recipient_organisation_ids": ["o1"], "categories": []},
}  # fmt: skip

STRENGTH = {"person_id": "b", "code": "warm_and_close", "since": "2026-07-01", "source": "record", "until": None}
CASE = {"id": "k2", "state": "planned", "opened_on": "2026-06-01", "closed_on": None, "review_on": "2026-09-01",
        "review_overdue": True, "closing_proposed": False}  # fmt: skip
CLOSED = CASE | {"id": "k1", "state": "closed", "opened_on": "2026-07-02", "closed_on": "2026-07-03"}


ASKED = {
    "id": "r", "reference": "REQ-1", "recipient_organisation_id": "o1", "service_kind": "food_bank",
    "state": "declined", "submitted_at": None, "received_at": None, "hold_reasons": [], "without": [],
}  # fmt: skip


def test_two_homes_are_told_apart_by_who_lives_there_now() -> None:
    assert home_of(RECORD, "m") == "With Pip", "nobody who has left"
    assert home_of({"people": [*RECORD["people"], member(person("s", "Wren", 4))]}, "m") == "With Pip and Wren"
    assert home_of({"people": [member(MOTHER)]}, "m") == "On their own"
    assert home_of(None, "m") == "A family that cannot be shown now"


def test_a_family_page_shows_who_belongs_to_it_and_how_they_may_be_reached() -> None:
    need = {
        "person_id": "b",
        "code": "child_0_5_speech_language",
        "severity": 3,
        "since": "2026-07-01",
        "source": "family",
        "until": None,
    }
    parts = FamilyParts(
        strengths=Part({"items": [STRENGTH, STRENGTH | {"until": "2026-07-02"}]}),
        cases=Part({"items": [CLOSED, CASE]}),
        needs=Part({"items": [need, need | {"until": "2026-07-02"}]}),
        consents=Part({"items": [CONSENT]}),
        referrals=[Part({"requests": [ASKED]}), Part(problem=Refused(503, "x", ""))],
        organisations=ORGANISATIONS,
    )
    page = family_page(RECORD, parts)
    assert [(each.name, each.age, each.child) for each in page.members] == [
        ("Carys Ann Fernlea", "32 years", False),
        ("Piran Fernlea (known as Pip)", "under 1", True),
    ]
    assert page.members[0].contacts == [("07700 900417", "Text only: do not call.")], "a number that ended is not shown"
    assert page.members[1].restricted
    assert [each.name for each in page.before] == ["Lowen Fernlea"]
    assert [(each.kind, each.text) for each in page.addresses] == [
        ("Home", "3 Furnham Crescent, Chard, TA20 1BP"),
        ("Refuge", "Not shown, for somebody’s safety"),
    ]
    assert [(each.who, each.what, each.severity) for each in page.needs] == [
        ("Pip", "Speech and language of a child under 5", "High")
    ]
    assert [(each.who, each.what, each.source) for each in page.strengths] == [
        ("Pip", "Is close to somebody in the family", "From a record")
    ], "what is not so any more is not shown"
    assert [(each.href, each.next) for each in page.cases] == [
        ("/cases/k2", "Review was due on 1 September 2026"),
        ("/cases/k1", "Closed on 3 July 2026"),
    ], "the open case first, however old"
    assert [(each.who, each.state, each.scope) for each in page.said] == [
        ("Carys", "Taken back", "Food bank; Chard Community Larder")
    ], "what is about several people stands once"
    assert [(each.to, each.state, each.when) for each in page.sent] == [
        ("Chard Community Larder", "Declined", "Not sent")
    ]


def test_a_family_page_says_what_of_a_request_somebody_else_sees() -> None:
    nothing = Part({"items": []})
    parts = FamilyParts(nothing, nothing, nothing, [], ORGANISATIONS, nothing)
    seen: dict[str, dict[str, Any]] = {
        "Nothing: it was not sent": {"state": "blocked"},
        "Nothing: they never opened it": {"state": "lapsed"},
        "Nothing more: it has ended": {"state": "completed", "received_at": "2026-07-01T10:00:00Z"},
        "Nothing while it is on hold": {"state": "on_hold", "hold_reasons": ["consent_withdrawn"]},
        "What was sent, without health, once they open it": {"state": "submitted", "without": [{"category": "health"}]},
        "What was sent, since 1 July 2026": {"state": "accepted", "received_at": "2026-07-01T10:00:00Z"},
    }
    for words, changes in seen.items():
        (sent,) = family_page(RECORD, replace(parts, referrals=[Part({"requests": [ASKED | changes]})])).sent
        assert sent.sees == words


def test_the_picture_says_in_words_what_its_lines_say() -> None:
    picture = draw([MOTHER, BABY], RECORD["relationships"])  # type: ignore[arg-type]  # a plain dictionary
    assert [box.name for box in picture.boxes] == ["Carys", "Pip"]
    assert picture.boxes[0].y < picture.boxes[1].y, "adults stand above children"
    assert len(picture.lines) == 1, "who left has no line"
    assert picture.sentences == ["Carys is Pip’s parent, with parental responsibility (birth mother)."]
    assert draw([], []).boxes == []


def test_a_search_wants_a_name_one_more_fact_and_a_reason() -> None:
    asked, today = (*WHO, PURPOSE), date(2026, 7, 1)
    assert [field for field, _ in search_of(asked, {}, today)[1]] == ["family_name", "purpose"]
    typed = {"family_name": ["Fernlea"], "purpose": ["referral"]}
    assert [field for field, _ in search_of(asked, typed, today)[1]] == ["born-day"]
    wrong = {**typed, "born-day": ["31"], "born-month": ["2"], "born-year": ["2020"], "postcode": ["TA"]}
    assert [field for field, _ in search_of(asked, wrong, today)[1]] == ["born-day", "postcode"]
    found = {"given_names": ["Tegan"], "postcode": ["ta201bp"], "purpose": ["referral"]}
    body, errors = search_of(asked, found, today)
    assert not errors
    assert body == {"given_names": "Tegan", "postcode": "TA20 1BP", "purpose": "referral"}
    born = {**found, "born-day": ["3"], "born-month": ["May"], "born-year": ["2020"]}
    assert search_of(asked, born, today)[0]["date_of_birth"] == "2020-05-03"


def test_the_chronology_says_who_did_what() -> None:
    entries = [
        {"at": "2026-07-01T10:00:00Z", "code": "request.submitted", "sentence": "Sent.", "organisation_id": "o1"},
        {"at": "2026-07-01T09:00:00Z", "code": "need.recorded", "sentence": "Recorded.", "organisation_id": None},
    ]
    entries[1] |= {"code": "need", "person_id": "b", "detail_code": "eviction_risk"}
    people = names_in(RECORD)
    assert [(each.sentence, each.who, each.about) for each in chronology(entries, ORGANISATIONS, people)] == [
        ("Sent.", "Chard Community Larder", ""),
        ("Recorded.", "", "Pip: Risk of eviction"),
    ]
    assert [each.about for each in chronology(entries, {}, names_in(None))] == ["", "Risk of eviction"]
