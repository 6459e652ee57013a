"""What the pages for anybody say: opening hours, distances, a service, and the steps of asking for help."""

from datetime import UTC, datetime
from typing import Any

from connective.frontend.domain.answers import FieldProblem, Refused
from connective.frontend.domain.asking import (
    STEPS,
    body_of,
    next_step,
    reachable,
    refusal_words,
    rows_of,
    step_before,
    step_named,
    with_typed,
)
from connective.frontend.domain.asking_choice import Choice, Found, Show, choice_of
from connective.frontend.domain.directory import BANDS, FARTHER, PAGE, Wanted, results, wanted_of
from connective.frontend.domain.listing import ages, cost, service_page, takes_asking
from connective.frontend.domain.opening import hours, next_open
from connective.frontend.domain.own_progress import own_progress, wrong_with

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""Half past nine in the morning in England."""


def weekly(days: str, opens: str, closes: str | None, **more: Any) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes, **more}


def test_when_somebody_can_come_next() -> None:
    for schedules, says in (
        ([weekly("MO", "09:00", "12:00")], "Open now, until midday"),
        ([weekly("MO", "10:30", "12:00")], "Opens today at 10:30am"),
        ([weekly("TU,FR", "10:00", "13:00")], "Opens tomorrow at 10am"),
        ([weekly("FR", "14:00", None)], "Opens on Friday at 2pm"),
        ([weekly("MO", "08:00", "09:00")], "Opens on Monday 30 November at 8am"),
        ([weekly("TU", "10:00", "13:00", valid_to="2026-11-01")], ""),
        ([weekly("TU", "10:00", "13:00", valid_from="2026-12-01")], "Opens on Tuesday 1 December at 10am"),
        ([{"description": "By appointment"}], ""),
    ):
        assert next_open(schedules, MONDAY) == says, schedules
    told = [weekly("FR,MO,WE", "09:30", "16:00", description="Not on bank holidays."), {"description": "Ring first"}]
    assert hours(told) == ["Monday, Wednesday and Friday 9:30am to 4pm. Not on bank holidays", "Ring first"]
    assert hours([{"byday": "SA", "opens_at": "10:00", "x_hub_weekly": False}]) == ["Saturday 10am, not every week"]


def service(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "organization": {"name": "A trust"}, "service_at_locations": [{}], **more}


def test_the_nearest_come_first_and_distance_is_told_as_a_band() -> None:
    listed = [service("far"), service("near"), service("middle"), service("by telephone", service_at_locations=[])]
    found = results(listed, [{"near"}, {"near", "middle"}, {"near", "middle"}], Wanted(), 1, MONDAY, total=4)
    assert [each.name for each in found.entries] == ["near", "middle", "by telephone", "far"]
    assert [each.near for each in found.entries] == [BANDS[0][1], BANDS[1][1], "", FARTHER]
    many = results([service(f"{n:02}") for n in range(PAGE + 1)], [], Wanted(), 99, MONDAY, total=500)
    assert (many.page, many.pages, len(many.entries), many.cut) == (2, 2, 1, True)
    speaks = [
        service("says so", languages=[{"code": "pl"}]),
        service("silent"),
        service("i", interpretation_services="x"),
    ]
    polish = results(speaks, [], Wanted(language="pl"), 1, MONDAY, total=3)
    assert [each.name for each in polish.entries] == ["i", "says so"]


def test_a_search_is_kept_in_its_one_writing() -> None:
    typed, errors = Wanted(postcode="ta201hr", need="nonsense", day="XX", language="pl").checked()
    assert (typed, errors) == (Wanted(postcode="TA20 1HR", language="pl"), [])
    assert [field for field, _ in Wanted(postcode="x", age="-1").checked()[1]] == ["postcode", "age"]
    assert wanted_of({"words": "food", "other": 1}) == Wanted(words="food")
    query = Wanted(need="victim", age="4", day="MO").query({"victim": "id"})
    assert (query["taxonomy_term_id"], query["minimum_age"], query["day"]) == ("id", 4, "MO")


def test_a_service_is_told_in_words_and_a_front_door_is_never_asked() -> None:
    record = service(
        "Stay and play",
        description="Play.",
        minimum_age=0,
        maximum_age=4,
        phones=[{"number": "01632 960 401"}],
        cost_options=[
            {"option": "A family", "amount": 2.5},
            {"option": "In the summer", "amount": 1, "valid_to": "2026-08-31"},
        ],
        contacts=[{"name": "Rosa", "department": "Front desk", "phones": [{"number": "01632 960402"}],
                   "email": "desk@example.org"}],
        url="javascript:alert(1)",
        capacities=[{}],
        attributes=[{"taxonomy_term": {"code": "parenting_support"}}],
        service_at_locations=[
            {"location": {"name": "The Hall", "addresses": [{"address_1": "The Hall", "postal_code": "TA20 1AA"}]}}
        ],
        last_modified="2026-11-22T10:00:00Z",
    )  # fmt: skip
    page = service_page(record, MONDAY, ["01632960999"])
    facts = {each.label: each.values for each in page.facts}
    assert facts["Who it is for"] == ["For people up to 4"]
    assert facts["What it costs"] == ["A family: £2.50"]
    assert facts["Where it is"] == ["The Hall, TA20 1AA"]
    assert facts["Helps with"] == ["Being a parent"]
    assert (page.website, page.takes_asking, page.assured) == ("", True, "")
    assert not takes_asking(record, ["01632960401"])
    assert not takes_asking(record | {"x_hub_source": "hsds"}, [])
    assert [ages({"minimum_age": 16}), ages({}), ages({"minimum_age": 5, "maximum_age": 9})] == [
        "For people of 16 and over", "", "For people from 5 to 9"]  # fmt: skip
    assert [cost(each, MONDAY) for each in ({"cost_options": [{"amount": 0}]}, {"fees_description": "No fee"})] == [
        "Free", "No fee"]  # fmt: skip
    assert [(each.who, each.telephone, each.email) for each in page.contacts] == [
        ("Rosa, Front desk", "01632 960402", "desk@example.org")]  # fmt: skip


def taken(name: str, fields: dict[str, list[str]]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    step = step_named(name)
    assert step is not None
    return step.takes(lambda each: fields.get(each, [""])[-1], lambda each: fields.get(each, []), MONDAY)


def test_each_step_of_asking_says_what_is_missing() -> None:
    for name, fields, wrong in (
        ("safety", {}, ["danger"]),
        ("told", {"told_on-day": ["24"], "told_on-month": ["11"], "told_on-year": ["2026"]},
         ["told_to", "told_on-day", "told_reference"]),
        ("about", {}, ["help"]),
        ("where", {"postcode": ["x"]}, ["postcode"]),
        ("service", {}, ["service"]),
        ("words", {"words": ["x" * 2001]}, ["words"]),
        ("name", {"first_name": ["O"]}, ["last_name"]),
        ("contact", {"email": ["nobody"]}, ["email", "message"]),
        ("contact", {"message": ["yes"]}, ["telephone"]),
        ("contact", {"telephone": ["12"], "message": ["yes"]}, ["telephone"]),
    ):  # fmt: skip
        assert [field for field, _ in taken(name, fields)[1]] == wrong, (name, fields)


def test_the_journey_goes_step_by_step_and_stops_at_danger() -> None:
    answers: dict[str, Any] = {}
    told = {"told_to": ["police"], "told_reference": ["7"], "told_on-day": ["22"], "told_on-month": ["nov"],
            "told_on-year": ["2026"]}  # fmt: skip
    said: dict[str, dict[str, list[str]]] = {
        "safety": {"danger": ["reported"]},
        "told": told,
        "about": {"help": ["food_or_fuel_poverty", "unsure", "made-up"]},
        "where": {},
        "service": {"service": ["id"]},
        "words": {"words": ["Cooker"]},
        "name": {"first_name": ["Odile"], "last_name": ["Canary"]},
        "contact": {"telephone": ["01632 960777"], "message": ["no"], "when": ["After 3"]},
        "language": {"language": ["fr"], "interpreter": ["yes"]},
    }
    for each in STEPS:
        assert next_step(answers) == each.name
        assert not reachable("check", answers)
        typed, errors = taken(each.name, said[each.name])
        assert not errors
        answers = with_typed(answers, typed | ({"chosen": "list"} if each.name == "service" else {}))
    assert next_step(answers) == "check"
    assert next_step({"danger": "no"}) == "about", "nothing was reported, so nobody is asked to whom"
    body = body_of(answers, "place")
    assert body["safeguarding_check"]["reported_at"] == "2026-11-22T00:00:00+00:00"
    assert (body["contact"]["email"], body["contact"]["safe_to_leave_message"]) == (None, False)
    assert body["words"]["text"] == "Cooker\n\nWhen to get in touch: After 3"
    assert (body["needs"], body["language"], body["postcode"]) == (["food_or_fuel_poverty"], "fr", None)
    assert [each.value for each in rows_of(answers, "A larder")][:4] == [
        "police, on 22 November 2026",
        "Food, or paying for heating\nSomething else, or I am not sure",
        "Not told",
        "A larder",
    ]
    stopped = answers | {"danger": "yes"}
    assert (next_step(stopped), reachable("safety", stopped), reachable("name", stopped)) == ("danger", True, False)


def test_who_comes_from_a_services_own_page_is_not_asked_again_whom_to_ask() -> None:
    chosen = {"service": "id", "service_name": "A larder", "chosen": "page"}
    answers = {**chosen, "danger": "no", "help": ["victim"], "postcode": ""}
    assert next_step(answers) == "words"
    assert [step_before(each, answers) for each in ("safety", "about", "words", "service", "check")] == [
        "", "safety", "where", "where", "language"]  # fmt: skip
    assert with_typed(answers, {"help": ["debt_or_arrears"]})["chosen"] == "page", "what they need chose nothing"
    listed = {**answers, "chosen": "list"}
    assert next_step(with_typed(listed, {"postcode": "TA20 1HR"})) == "service", "another list fits now"
    assert with_typed(listed, {"help": ["victim"]}) == listed
    assert step_before("words", listed) == "service"


def offered(name: str, *codes: str, **more: Any) -> dict[str, Any]:
    terms = [{"taxonomy_term": {"code": each}} for each in codes]
    return service(name, attributes=terms, capacities=[{}], **more)


def chosen_from(listed: list[dict[str, Any]], *needs: str, show: Show = Show.FITTING, page: int = 1) -> Choice:
    bands = [{"near"}, {"near", "middle"}, {"near", "middle"}]
    found = Found(listed, {each["id"] for each in listed if each["id"] != "elsewhere"}, bands)
    return choice_of(found, needs, show, page, now=MONDAY, never=["01632960999"])


def test_who_fits_is_shown_the_nearest_first_and_some_at_a_time() -> None:
    listed = [
        offered("far", "debt_or_arrears", "eviction_risk"),
        offered("farther", "debt_or_arrears"),
        offered("near", "eviction_risk", description="Advice. " * 90),
        offered("elsewhere", "debt_or_arrears"),
        offered("other", "young_carer"),
        offered("calls", "early_help", "debt_or_arrears"),
        offered("by telephone", "debt_or_arrears", service_at_locations=[], service_areas=[{"name": "Somerset"}]),
        offered("front door", "debt_or_arrears", phones=[{"number": "01632 960999"}]),
        offered("not ours", "debt_or_arrears", x_hub_source="hsds"),
    ]
    shown = chosen_from(listed, "debt_or_arrears", "eviction_risk")
    assert [each.name for each in shown.offers] == ["near", "far", "by telephone", "farther"]
    assert [each.name for each in shown.callers] == ["calls"]
    assert shown.offers[0].facts == ["Within 1 mile", "Helps with: Keeping my home"]
    assert shown.offers[2].facts == ["Helps with: Debts, bills or benefits", "For Somerset"]
    assert (len(shown.offers[0].words) <= 240, shown.offers[0].words.endswith("Advice…")) == (True, True)
    assert [each.name for each in chosen_from(listed, "debt_or_arrears", show=Show.EVERY).offers][:2] == [
        "near", "by telephone"], "nearest first, then what helps with it"  # fmt: skip
    for needs in ((), ("victim",)):
        unsure = chosen_from(listed, *needs)
        assert ([each.name for each in unsure.offers], unsure.show, unsure.callers) == (["calls"], Show.CALLERS, [])
    many = [offered(f"{number:02}", "debt_or_arrears") for number in range(25)]
    last = chosen_from(many, "debt_or_arrears", page=99)
    assert (last.total, last.page, last.pages, [each.name for each in last.offers]) == (
        25, 3, 3, ["20", "21", "22", "23", "24"])  # fmt: skip
    nothing = chosen_from([], "victim")
    assert (nothing.offers, nothing.page, nothing.pages) == ([], 1, 1)


def test_a_refusal_leads_to_the_page_where_it_is_put_right() -> None:
    wrong = Refused(422, "invalid", "", errors=(FieldProblem("/contact/telephone", "x", "Not a number."),))
    assert refusal_words(wrong) == [("contact", "Not a number.")]
    many = refusal_words(Refused(429, "too-many", "", retry_after=20))
    assert many is not None
    assert "Wait 20 seconds" in many[0][1]
    assert refusal_words(Refused(422, "not-a-reporting-route", "Phoned.")) == [("service", "Phoned.")]
    assert refusal_words(Refused(404, "not-found", "")) is not None
    assert refusal_words(Refused(503, "away", "")) is not None
    assert refusal_words(Refused(500, "fault", "")) is None


def test_a_family_reads_where_its_own_asking_is() -> None:
    found = {"reference": "INT-1", "state": "waiting", "asked_on": "2026-11-20", "answered_by": "2026-11-26T00:00:00Z",
             "ended_on": None, "next": "Wait."}  # fmt: skip
    waits, over = own_progress(found), own_progress(found | {"state": "closed", "ended_on": "2026-11-23"})
    assert waits.facts == [("You asked on", "20 November 2026"), ("They answer by", "end of 25 November 2026")]
    assert (over.heading, over.facts[-1]) == ("They have answered", ("Since", "23 November 2026"))
    assert [field for field, _ in wrong_with("", "x")] == ["reference", "code"]
    assert wrong_with("INT-7K3M-92QD", "ABCD-EFGH-IJKL") == []
