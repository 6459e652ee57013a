"""A referral while it is filled in: what is asked, what was typed, which services fit, and who would see what."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from connective.frontend.domain.answers import FieldProblem
from connective.frontend.domain.form_fields import answers_of, asked_of, shared_of
from connective.frontend.domain.hours import next_open, week
from connective.frontend.domain.referral_draft import Draft, begin, draft_of, earlier, first_open
from connective.frontend.domain.referring import (
    ask_errors,
    asked_of_all,
    body_of,
    chosen_of,
    needs_of,
    new_need,
    offered,
    refused_fields,
    safeguarding_check,
    usual_contact,
    usual_subjects,
    wanted_by,
)
from connective.frontend.domain.results import result_of
from connective.frontend.domain.service_choice import choice_of, search_of
from connective.frontend.domain.service_map import Placed, draw_map
from connective.frontend.domain.service_page import service_page, watched_of
from connective.frontend.domain.service_search import as_draft, search_body
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.sharing_preview import preview_of

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)  # A Wednesday, half past ten in Chard.


def person(key: str, name: str, years: int, **changes: Any) -> dict[str, Any]:
    told = {"given_names": name, "family_name": "Fernlea", "known_as": None, "age_years": years, "age_group": None}
    return {"id": key, **told, "died_on": None, "whereabouts_restricted": False, **changes}


def record(**changes: Any) -> dict[str, Any]:
    people = [{"person": person("m", "Carys", 32, **changes), "until": None}]
    people += [
        {"person": person("c", "Piran", 3), "until": None},
        {"person": person("x", "Lowen", 60), "until": "2026"},
    ]
    home = {"kind": "home", "postcode": "TA20 1BP", "withheld": False, "until": None}
    return {"id": "f", "people": people, "addresses": [home]}


def field(name: str, kind: str = "text", **changes: Any) -> dict[str, Any]:
    told = {"label": name.replace("_", " "), "help": "Help.", "choices": [], "minimum": None, "maximum": None}
    given = {"required": False, "required_when": None, "source": "answer", "about": "subjects", "categories": ["needs"]}
    return {"name": name, "type": kind, **told, **given, **changes}


def form(kind: str, *fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    ceiling = {"required_categories": ["identity"], "useful_categories": ["address", "health", "needs"]}
    return {"kind": kind, "one_subject": False, "fields": list(fields), **ceiling, **changes}


def service(key: str, kind: str, *needs: str) -> dict[str, Any]:
    told = {"name": f"The {kind}", "organisation_name": "Larder", "organisation_id": "o", "telephone": None}
    return {"id": key, "kind": kind, "needs": list(needs), "lapsed": [], "decide_within_days": 5, **told}


HOW = field("how", "choice", required=True, choices=[{"code": "today", "label": "Today"}, {"code": "x", "label": "X"}])
WHERE = field("where", required_when={"field": "how", "answers": ["x"]}, categories=["address"], about="contact")
VISIT = field("visit")
NAME = field("name", source="person.full_name", categories=["identity"])
FORMS = {
    "food": form("food", NAME, HOW, WHERE, VISIT, field("recipient_is_landlord", "boolean")),
    "speech": form("speech", NAME, VISIT, field("recipient_is_landlord", "boolean"), one_subject=True),
}
SERVICES = [service("s1", "food", "food_or_fuel_poverty"), service("s2", "speech", "child_0_5_speech_language")]


def draft(**changes: Any) -> Draft:
    made = begin("k", record())
    values = ["m food_or_fuel_poverty 3", "c child_0_5_speech_language 2"]
    made = replace(made, check={"answer": ["no_concern"]}, needs=needs_of(values, made), services=("s1", "s2"))
    made = replace(made, shared={"contact": ["m"], "a-visit": ["Ring first"]})
    asks = {"s1": {"subjects": ["m"], "a-how": ["today"]}, "s2": {"subjects": ["c"], "a-recipient_is_landlord": ["no"]}}
    return replace(made, asks=asks, **changes)


def test_a_draft_is_the_same_after_it_was_kept_and_leads_to_the_first_open_step() -> None:
    whole = draft()
    assert draft_of(json.loads(json.dumps(whole.to_document()))) == whole
    assert [each.name for each in whole.people] == ["Carys", "Piran"], "who left is not asked for"
    assert whole.postcode == "TA20 1BP"
    assert begin("k", record(whereabouts_restricted=True)).postcode is None, "nothing about where they live"
    assert first_open(whole) == "check"
    assert earlier(whole, "check") is None
    assert earlier(replace(whole, asks={"s1": {}}), "check") == "/refer/f/for/s2"
    assert earlier(replace(whole, check={"answer": ["reporting_now"]}), "services") == "/refer/f", "nothing is sent"
    assert earlier(replace(whole, sent="r"), "check") == "/refer/f/sent/r", "what was sent is not sent again"


def test_the_safeguarding_question_wants_a_whole_answer() -> None:
    assert safeguarding_check({}, NOW)[1]
    assert safeguarding_check({"answer": ["no_concern"]}, NOW) == ({"answer": "no_concern"}, [])
    told = {"answer": ["already_reported"], "reported_to": ["Front door"], "reference": ["Jo"]}
    assert [name for name, _ in safeguarding_check(told, NOW)[1]] == ["reported-day"]
    on = {"reported-day": ["30"], "reported-month": ["June"], "reported-year": ["2026"]}
    body, errors = safeguarding_check(told | on, NOW)
    assert not errors
    assert body["reported_at"].startswith("2026-06-30T12:00")
    today = safeguarding_check(told | on | {"reported-day": ["1"], "reported-month": ["7"]}, NOW)[0]
    assert datetime.fromisoformat(today["reported_at"]) < NOW, "a report cannot lie ahead"
    ahead = on | {"reported-day": ["2"], "reported-month": ["7"]}
    assert [name for name, _ in safeguarding_check(told | ahead, NOW)[1]] == ["reported-day"]


def test_needs_that_are_recorded_are_offered_and_others_are_no_needs_of_this_family() -> None:
    records = [
        {"person_id": "c", "code": "child_0_5_speech_language", "severity": 3, "until": None},
        {"person_id": "m", "code": "eviction_risk", "severity": 2, "until": "2026-01-01"},
    ]
    (row,) = offered(records, begin("k", record()), None)
    assert (row.who, row.severity, row.chosen) == ("Piran", "High", True), "what ended is not offered"
    assert not offered(records, begin("k", record()), [])[0].chosen
    wrong = ["m no_such_need 3", "x eviction_risk 3", "m eviction_risk 9", "m"]
    assert needs_of(wrong, begin("k", record())) == ()
    assert [name for name, _ in new_need({}, begin("k", record()))[1]] == ["person", "code", "severity"]
    typed = {"person": ["m"], "code": ["eviction_risk"], "severity": ["3"]}
    assert new_need(typed, begin("k", record()))[0]["source"] == "worker"


def test_any_form_is_read_from_its_fields_alone() -> None:
    fields = asked_of(form(
        "k", HOW, WHERE, NAME, field("n", "number", minimum=0, maximum=500), field("d", "date"),
        field("c", "choices", choices=[{"code": "a", "label": "A"}]), field("b", "boolean", required=True),
    ))  # fmt: skip
    assert "name" not in [each.name for each in fields], "what the record tells is not asked"
    assert fields[1].field.hint == "Help. Needed if you answered “how” with “X”."
    raw = {"a-how": ["today"], "a-n": ["£1,00"], "a-d-day": ["27"], "a-d-month": ["3"], "a-d-year": ["2026"]}
    answers, errors = answers_of(fields, raw | {"a-c": ["a", "stray"], "a-b": ["no"]})
    assert not errors
    assert answers == {"how": "today", "n": 100, "d": "2026-03-27", "c": ["a"], "b": False}
    _, errors = answers_of(fields, {"a-how": ["x"], "a-n": ["501"], "a-d-day": ["1"]})
    assert [name for name, _ in errors] == ["a-where", "a-n", "a-d-day", "a-b"]
    assert [name for name, _ in answers_of(fields, {"a-n": ["many"]})[1]] == ["a-how", "a-n", "a-b"]


def test_what_two_services_ask_is_asked_once_but_not_what_is_about_each() -> None:
    assert [each.name for each in shared_of(FORMS.values())] == ["visit"]
    chosen, shared = chosen_of(SERVICES, FORMS)
    assert [[each.name for each in one.fields] for one in chosen] == [
        ["how", "where", "recipient_is_landlord"],
        ["recipient_is_landlord"],
    ]
    body = body_of(draft(), chosen, shared, NOW)
    assert [each["answers"]["visit"] for each in body["requests"]] == ["Ring first"] * 2
    assert [[need["code"] for need in each["needs"]] for each in body["requests"]] == [
        ["food_or_fuel_poverty"],
        ["child_0_5_speech_language"],
    ], "each is told of the needs that it answers"
    assert body["safeguarding_check"] == {"answer": "no_concern"}
    assert (usual_contact(draft()), usual_subjects(draft(), chosen[1])) == ("m", ["c"])
    (told,) = refused_fields([FieldProblem("/requests/1/needed_by", "x", "Too soon.")], chosen)
    assert told == ("s2", "The speech", "Too soon.")


def test_what_one_service_is_asked_must_be_whole() -> None:
    chosen, _ = chosen_of(SERVICES, FORMS)
    wrong = {"subjects": ["m", "c"], "text": ["Words"], "by": ["date"]}
    assert [name for name, _ in ask_errors(wrong, chosen[1], draft(), NOW)] == ["subjects", "by-day", "text_categories"]
    assert ask_errors({}, chosen[0], draft(), NOW)[0][0] == "subjects"
    words = {"subjects": ["c"], "text": ["Words"], "text_categories": ["health", "stray"], "by": ["today"]}
    assert not ask_errors(words, chosen[1], draft(), NOW)
    request = body_of(draft().with_ask("s2", words), chosen, [], NOW)["requests"][1]
    assert request["free_text"] == {"text": "Words", "categories": ["health"]}
    assert request["needed_by"] == "2026-07-01T18:00:00+01:00"
    late, _ = wanted_by({"by": ["today"]}, NOW.replace(hour=17))
    assert late is not None
    assert late.hour == 23
    past = {"by": ["date"], "by-day": ["1"], "by-month": ["6"], "by-year": ["2026"]}
    assert wanted_by(past, NOW)[1]


def test_who_would_see_what_is_said_as_the_api_weighed_it() -> None:
    chosen, shared = chosen_of(SERVICES, FORMS)
    body = asked_of_all(draft(), chosen, shared, NOW)
    assert body["requests"] == body_of(draft(), chosen, shared, NOW)["requests"], "the very requests that are sent"
    missing = {
        "category": "identity",
        "code": "x",
        "sentence": "The agreement does not share `identity`.",
        "remedy": "Ask.",
    }
    without = [missing | {"category": each, "sentence": "It is not agreed."} for each in ("health", "needs")]
    weighed = {
        "goes": False, "sees": [{"category": "address", "lines": ["Where they live"]}], "missing": [missing],
        "without": without, "warnings": ["A review is due."],
        "notices": [{"code": "outside_age", "sentence": "It is for ages 0 to 5."},
                    {"code": "already_waiting", "sentence": "An open request waits there."}],
    }  # fmt: skip
    names = {"c": "Piran", "m": "Carys"}
    seen = preview_of(weighed, chosen[1].service, body["requests"][1], names, already="Asked in May.", needed_by="")
    assert (seen.goes, seen.about, seen.contact, seen.already) == (False, "Piran", "Carys", "Asked in May.")
    assert seen.sees == [("Address", ["Where they live"])]
    assert [each.what for each in seen.blocked_by] == ["Names, date of birth, sex"]
    assert "`" not in seen.blocked_by[0].sentence, "no code is shown"
    assert [each.what for each in seen.withheld] == ["Health; What they need help with"], "one sentence is said once"
    assert seen.notices == ["It is for ages 0 to 5."], "what the page asks by itself is not said twice"


def found(key: str, **changes: Any) -> dict[str, Any]:
    told = {"name": key, "organisation_name": "Larder", "kind": "food_bank", "needs": ["food_or_fuel_poverty"]}
    place = {"distance_km": 2.0, "east_km": 2.0, "north_km": 0.0, "room": "some", "telephone": None}
    reasons = [
        {"code": "need", "sentence": "Answers 1 of 2."},
        {"code": "area", "sentence": "Serves district E06000066."},
    ]
    given = {"takes_requests": True, "how_to_refer": None, "sensitive": False, "lapsed": [], "reasons": reasons}
    return {"service_id": key, **told, **place, **given, **changes}


def test_services_stand_in_the_order_asked_for_with_reasons_and_on_a_map() -> None:
    far = found("far", distance_km=9.0, east_km=-9.0, needs=[])
    answer = {
        "items": [far, found("sign", takes_requests=False), found("near")],
        "left_out": [],
        "postcode_known": True,
    }
    hours = [{"weekly": True, "weekdays": [3], "opens_at": "10:00", "closes_at": "12:30", "valid_from": None,
              "valid_to": None, "description": None}]  # fmt: skip
    listings = {"near": {"schedules": hours, "reach": ["outreach", "online"]}}
    near = replace(draft(), filters={"sort": ["near"], "free_places": ["yes"], "radius": ["32"], "reach": ["stray"]})
    choice = choice_of(answer, listings, near, ["near"], NOW)
    assert [each.name for each in choice.offers] == ["near", "far", "sign"], "who takes requests stands first"
    first = choice.offers[0]
    assert (first.open_next, first.reach) == ("Open today, 10am to 12:30pm", "Comes to the family, online")
    assert first.reasons == ["Helps with not enough money for food or fuel.", "Serves the whole district."]
    assert (first.distance, choice.offers[1].distance) == ("1.2 miles from home", "5.6 miles from home")
    assert first.chosen
    assert len(choice.unanswered) == 1, "one need is answered by nothing here"
    assert choice.map is not None
    assert choice.map.pins[1].x < choice.map.centre[0] < choice.map.pins[0].x, "west is left"
    assert [ring.words for ring in choice.map.rings] == ["10 miles", "5 miles", "3 miles", "1 mile", "0.25 mile"]
    assert search_of(near) == {
        "needs": ["child_0_5_speech_language", "food_or_fuel_poverty"],
        "ages": [3, 32], "postcode": "TA20 1BP", "limit": 25, "free_places": True, "radius_km": 32,
    }  # fmt: skip
    assert draw_map([]) is None
    crowded = draw_map([Placed(number, 0.1, 0.1) for number in range(1, 9)])
    assert crowded is not None
    assert len({(pin.x, pin.y) for pin in crowded.pins}) == 8, "no mark hides another"


def test_hours_are_told_as_people_say_them() -> None:
    closed = {"weekly": True, "weekdays": [1], "opens_at": "09:00", "closes_at": None, "valid_from": None,
              "valid_to": "2026-07-03", "description": "Ring."}  # fmt: skip
    assert next_open([closed], NOW) == "Not open in the next two weeks"
    assert next_open([closed | {"valid_to": None}], NOW) == "Next open on Monday 6 July, from 9am"
    assert next_open([], NOW) == "Hours not told"
    assert week([closed]) == [("Monday", "from 9am. Ring.")]


def test_what_became_of_it_says_what_was_sent_and_how_a_block_is_cleared() -> None:
    base: dict[str, Any] = {
        "version": 1,
        "service_kind": "food_bank",
        "without": [],
        "notices": [],
        "today": [],
        "due": None,
    }
    sent = base | {"id": "1", "reference": "AB-1", "service_id": "s1", "state": "submitted", "submitted_at": "x",
                   "missing": [], "allowed_actions": []}  # fmt: skip
    missing = [{"category": each, "code": "x", "sentence": "No.", "remedy": "Ask."} for each in ("health", "needs")]
    blocked = sent | {"id": "2", "service_id": "s2", "state": "blocked", "submitted_at": None, "missing": missing,
                      "allowed_actions": ["submit"]}  # fmt: skip
    page = result_of({"requests": [sent, blocked], "safeguarding": "999"}, {"s1": SERVICES[0]})
    assert page.heading == "1 request sent, 1 blocked"
    assert [each.blocked for each in page.results] == [True, False], "what waits for somebody stands first"
    assert [each.what for each in page.results[0].missing] == ["Health; What they need help with"]
    assert (page.results[0].may_resend, page.results[0].version) == (True, '"1"')
    assert result_of({"requests": [blocked], "safeguarding": ""}, {}).heading == "Nothing was sent yet, 1 blocked"


def test_a_search_wants_words_or_a_need_and_takes_the_rest_as_people_type_it() -> None:
    assert [name for name, _ in search_body({})[1]] == ["words"]
    wrong = {"words": ["food"], "postcode": ["TA"], "age": ["old"], "day-day": ["31"], "day-month": ["2"]}
    assert [name for name, _ in search_body(wrong)[1]] == ["postcode", "day-day", "age"]
    right = {
        "need": ["eviction_risk"],
        "postcode": ["ta201bp"],
        "age": ["4"],
        "language": ["pl"],
        "free_places": ["yes"],
    }
    body, errors = search_body(right)
    assert not errors
    assert body == {
        "needs": ["eviction_risk"], "postcode": "TA20 1BP", "ages": [4], "language": "pl", "free_places": True,
        "limit": 50,
    }  # fmt: skip
    assert [each.code for each in as_draft(right).needs] == ["eviction_risk"]


def listing(**changes: Any) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("description", "alert", "eligibility", "interpretation", "fees", "email", "url", "telephone")
    )
    lists: dict[str, Any] = {
        name: [] for name in ("languages", "reach", "schedules", "costs", "contacts", "capacities", "lapsed")
    }
    told = {
        "id": "s",
        "name": "Parcel",
        "organisation_name": "Larder",
        "kind": "food_bank",
        "status": "active",
        "room": "some",
    }
    terms = {"acknowledge_within_days": 1, "decide_within_days": 5, "contact_attempts_promised": 3, "same_day": None}
    flags = {
        "sensitive": False,
        "confidential_to_young_person": False,
        "takes_requests": True,
        "organisation_active": True,
        "how_to_refer": None,
    }
    more = {
        "minimum_age": None,
        "maximum_age": 5,
        "assured_on": None,
        "assured_until": None,
        "needs": ["eviction_risk"],
    }
    changed = {"changed_at": "2026-06-30T09:00:00Z", "areas": [], "locations": []}
    return {**empty, **lists, **told, **terms, **flags, **more, **changed, **changes}


def test_a_services_page_says_what_is_told_and_what_is_not() -> None:
    worker = Person(UUID(int=1), "M", UUID(int=2), None, None, frozenset(), frozenset({"referrals:referral:write"}), 1)
    capacity = {"available": 4, "maximum": 10, "unit": "families", "audience": None, "waiting_weeks": 2,
                "as_of": "2026-06-30T09:00:00Z"}  # fmt: skip
    site = {"kind": "physical", "name": None, "address": [], "town": "Chard", "county": None, "postcode": "TA20 1NL",
            "transport": None, "accessibility": [{"description": "No steps", "details": None}],
            "withheld": False}  # fmt: skip
    cost = {"option": "Parcel", "amount": "0", "description": None}
    areas = [
        {"kind": "district", "code": "E06000066", "metres": None},
        {"kind": "radius", "code": None, "metres": 5000},
    ]
    page = service_page(
        listing(capacities=[capacity], locations=[site, site | {"withheld": True}], costs=[cost], areas=areas),
        worker,
        NOW,
    )
    assert page.places == ["4 of 10 families free, a wait of 2 weeks, as told yesterday"]
    assert [(each.address, each.accessibility) for each in page.sites] == [("Chard, TA20 1NL", ["No steps"])]
    assert page.costs == ["Parcel: free"]
    assert dict(page.facts)["Area"] == ["The whole district, within 3.1 miles of its door"], "no code is shown"
    assert dict(page.facts)["Ages"] == ["Up to 5"]
    assert (page.may_refer, page.may_report) == (True, False)
    assert len(page.promises) == 3
    same_day = {"answer_within_minutes": 60}
    busy = service_page(listing(same_day=same_day, status="inactive", takes_requests=False, fees="Free"), worker, NOW)
    assert (busy.promises, busy.closed, busy.costs) == ([], "It is not running now.", ["Free"])
    watched = {"service_id": "s", "name": "A", "organisation_name": "L", "news": 0, "last_news": None}
    news = watched | {"name": "Z", "news": 2, "last_news": "changed"}
    assert [each.news for each in watched_of([watched, news])] == ["2 notices: it was changed", ""]
