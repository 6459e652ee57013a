"""Fields, sheets and progress: what every page that runs an organisation or a place is made of."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, cast

import pytest
from fastapi import Request

from connective.contracts.needs import needs_list
from connective.frontend.domain.account import account_sheet
from connective.frontend.domain.answers import FieldProblem, Part, Refused
from connective.frontend.domain.fields import Field, errors_of, read, typed_from
from connective.frontend.domain.kept_forms import body_of, form_errors, with_question, without_question
from connective.frontend.domain.own_services import room_body, room_typed, room_words
from connective.frontend.domain.place import HomeOfPlace, organisations_sheet, place_sheet
from connective.frontend.domain.place_settings import needs_sheet
from connective.frontend.domain.sheets import Acts, Facts, Links, Table, cell_of, tag
from connective.frontend.domain.sources import (
    change_sheet,
    counts_words,
    file_errors,
    listings_file,
    progress_words,
    share_of,
)
from connective.frontend.domain.systems import KEYS, keys_of
from connective.frontend.domain.training import training_facts
from connective.frontend.pages.progress import Step, looking, stream, waiting

FIELDS = (
    Field(name="name", label="Name", required="Enter a name"),
    Field(name="available", label="Free now", kind="number"),
    Field(name="telephone", label="Telephone", kind="telephone"),
    Field(name="email", label="Email", kind="email", pointer="/contact/email"),
    Field(name="needs", label="Needs", kind="choices", options=(("food", "Food"), ("debt", "Debt"))),
    Field(name="until", label="Until", kind="date"),
    Field(name="areas", label="Areas", kind="lines"),
    Field(name="sensitive", label="Sensitive", kind="yes_no"),
    Field(name="status", label="State", kind="choice", options=(("active", "Open"),)),
)


def test_fields_are_read_as_people_type_them_and_given_back_as_they_were() -> None:
    typed = {
        "name": [" Food parcels "], "available": ["1,200"], "telephone": ["+44 1632 960 123"], "email": ["a@b.example"],
        "needs": ["food", "no-such"], "until-day": ["3"], "until-month": ["March"], "until-year": ["2027"],
        "areas": ["TA20, TA19\n\nTA21"], "sensitive": ["no"], "status": ["active"],
    }  # fmt: skip
    body, errors = read(FIELDS, typed)
    assert errors == []
    assert body == {
        "name": "Food parcels", "available": 1200, "telephone": "01632 960123", "email": "a@b.example",
        "needs": ["food"], "until": "2027-03-03", "areas": ["TA20", "TA19", "TA21"], "sensitive": False,
        "status": "active",
    }  # fmt: skip
    again, _ = read(FIELDS, typed_from(FIELDS, body))
    assert again == body
    wrong = {"available": ["six"], "telephone": ["1"], "email": ["nobody"], "until-day": ["31"], "until-month": ["2"],
             "until-year": ["2027"], "status": ["other"]}  # fmt: skip
    _, errors = read(FIELDS, wrong)
    assert [field for field, _ in errors] == ["name", "available", "telephone", "email", "until-day", "status"]


def test_a_refusal_stands_beside_the_field_it_is_about() -> None:
    found = (FieldProblem("/contact/email", "x", "no such host"), FieldProblem("/other", "x", "not now"))
    problem = Refused(422, "invalid", "Look again.", errors=found)
    assert errors_of(problem, FIELDS) == [("email", "No such host"), ("", "Not now")]
    assert errors_of(Refused(409, "taken", "It is taken."), FIELDS) == [("", "It is taken.")]
    with pytest.raises(Refused):
        errors_of(Refused(403, "forbidden", ""), FIELDS)


def test_a_sheet_leaves_out_what_is_empty_and_says_what_did_not_come() -> None:
    facts = Facts([("Name", "Larder"), ("Website", ""), ("State", tag("Suspended", "red"))])
    assert [label for label, _ in facts.present] == ["Name", "State"]
    assert Table("c", ("A",), [], "None", part=Part({"items": [], "next_cursor": "n"})).cursor == "n"
    assert Table("c", ("A",), [], "None", part=Part(problem=Refused(503, "x", ""))).cursor is None


@pytest.mark.parametrize(
    ("kind", "state", "chosen"),
    [("", "", ["All"]), ("", "suspended", ["Suspended"]), ("school", "", ["School"]), ("nhs_trust", "", [])],
)
def test_the_way_in_which_organisations_are_narrowed_is_marked(kind: str, state: str, chosen: list[str]) -> None:
    sheet = organisations_sheet(Part({"items": [], "next_cursor": None}), kind, state)
    ways = [each for each in sheet.sections if isinstance(each, Links) and each.narrows]
    assert [each.text for way in ways for each in way.links if each.chosen] == chosen


def test_ones_own_account_offers_to_sign_out_elsewhere_only() -> None:
    session = {"organisation_name": "Larder", "begun_at": "2026-11-03T10:00:00Z", "expires_at": "2026-11-03T20:00:00Z"}
    me = {"name": "Gil Forton", "organisation_name": "Larder", "training": None, "memberships": [
        {"organisation_name": "Larder", "roles": ["partner_worker", "partner_admin"]}]}  # fmt: skip
    here = session | {"id": "1", "current": True, "device_name": "Chrome on Linux", "program": "Pages"}
    there = session | {"id": "2", "current": False, "device_name": None, "program": "Pages"}
    alone = account_sheet(me, Part({"items": [here]}), "https://hub.example.org", date(2026, 11, 3))
    assert not [each for each in alone.sections if isinstance(each, Acts)]
    both = account_sheet(me, Part({"items": [there, here]}), "https://hub.example.org", date(2026, 11, 3))
    acts = [act for each in both.sections if isinstance(each, Acts) for act in each.acts]
    assert [(act.name, act.fields) for act in acts] == [("end", (("session", "2"),)), ("end_others", ())]


@pytest.mark.parametrize(
    ("today", "told", "colour"), [(date(2026, 11, 3), "Until ", None), (date(2026, 11, 4), "Ran out: until ", "red")]
)
def test_training_says_until_when_it_counts_and_that_it_ran_out(today: date, told: str, colour: str | None) -> None:
    training = {"course": "Level 1", "completed_on": "2025-11-03", "valid_until": "2026-11-03"}
    (_, course), (_, until) = training_facts(training, today)
    assert course == "Level 1, completed 3 November 2025"
    assert (cell_of(until).text, cell_of(until).tag) == (f"{told}3 November 2026", colour)
    ((_, none),) = training_facts(None, today)
    assert cell_of(none).text == "None recorded"


class _Listening:
    async def is_disconnected(self) -> bool:
        return False


async def told(steps: AsyncIterator[Step]) -> list[tuple[str, Any]]:
    answer = stream(cast("Request", _Listening()), steps)
    assert answer.media_type == "text/event-stream"
    text = "".join([str(each) async for each in answer.body_iterator])
    lines = [each for each in text.splitlines() if each.startswith(("event: ", "data: "))]
    return [
        (a.removeprefix("event: "), json.loads(b.removeprefix("data: ")))
        for a, b in zip(lines[::2], lines[1::2], strict=True)
    ]


def test_room_is_told_row_by_row_and_a_form_without_a_figure_says_so() -> None:
    row = {"available": 7, "maximum": 20, "unit": "families", "audience": None, "waiting_weeks": None,
           "as_of": "2026-11-01T09:00:00Z"}  # fmt: skip
    assert room_words([row, row | {"audience": "children under 5", "maximum": None, "waiting_weeks": 2}]) == (
        "7 of 20 families; 7 families for children under 5, about 2 weeks to wait"
    )
    body, errors = room_body(room_typed([row]), 2)
    assert errors == []
    assert body == {
        "rows": [{"available": 7, "audience": None, "maximum": 20, "waiting_weeks": None, "unit": "families"}]
    }
    assert room_body({"unit-0": ["places"]}, 1)[1] == [("available-0", "Enter how many are free now: 0 where none are")]


def test_keys_are_read_as_systems_write_them_and_belong_to_keys_alone() -> None:
    key = {"kty": "EC", "kid": "1"}
    for typed in ({"keys": [key]}, key):
        body: dict[str, Any] = {"authentication": KEYS, "jwks_uri": None, "keys": json.dumps(typed)}
        assert keys_of(body) == []
        assert body["keys"] == [key]
    for typed in ("{", "[]", '"x"', '{"keys": [1]}', '{"keys": 1}'):
        assert keys_of({"authentication": KEYS, "jwks_uri": None, "keys": typed}), typed
    assert keys_of({"authentication": KEYS, "jwks_uri": None, "keys": None})[0][0] == "jwks_uri"
    secret = {"authentication": "client_secret_basic", "jwks_uri": "https://x.example", "keys": "{"}
    assert keys_of(secret) == []
    assert secret == {"authentication": "client_secret_basic"}


def test_a_question_keeps_its_name_and_the_codes_of_its_answers() -> None:
    size = {"name": "size", "label": "Size", "help": "h", "type": "choice", "required": True, "categories": ["needs"],
            "source": "answer", "about": "subjects", "choices": [{"code": "s", "label": "Small"}],
            "required_when": None, "minimum": None, "maximum": None}  # fmt: skip
    form = {"title": "Food", "one_subject": False, "required_categories": ["needs"], "useful_categories": [],
            "fields": [size]}  # fmt: skip
    given = {"label": "Which size?", "help": "h", "type": "choice", "required": False,
             "categories": ["needs", "health"], "choices": ["Small", "Large!"], "minimum": None,
             "maximum": None}  # fmt: skip
    changed, errors = with_question(body_of(form), "size", given)
    assert errors == []
    (question,) = changed["fields"]
    assert question["name"] == "size"
    assert question["choices"] == [{"code": "s", "label": "Small"}, {"code": "large", "label": "Large!"}]
    assert changed["useful_categories"] == ["health"], "what a question reveals stands in one of both lists"
    more, _ = with_question(changed, None, given)
    assert [each["name"] for each in more["fields"]] == ["size", "which_size"]
    gone = without_question(more, "which_size")
    assert [each["name"] for each in gone["fields"]] == ["size"]
    assert with_question(changed, None, given | {"choices": ["One"]})[1][0][0] == "choices"
    wrong = Refused(422, "x", "", errors=(FieldProblem("/fields/0/label", "x", "too long"),))
    assert form_errors(wrong, changed) == [("", "Which size?: Too long")]


def test_a_reading_says_how_far_it_is() -> None:
    run: dict[str, Any] = {"state": "running", "rows": 50, "told_total": 200, "counts": {}}
    assert (progress_words(run), share_of(run)) == ("Under way: 50 of 200 rows read.", 0.25)
    rows = run | {"counts": {"new": 30, "kept": 45, "refused": 5}}
    assert progress_words(rows) == "Under way: 50 of 200 rows read. 45 kept, 5 refused."
    assert share_of(run | {"told_total": None}) is None
    assert share_of(run | {"state": "failed"}) == 1.0
    assert counts_words({"new": 3, "gone": 0, "kept": 3}) == "3 new"


def test_a_file_of_listings_is_told_from_its_beginning_and_its_refusal_stands_beside_its_field() -> None:
    for content, kind in (
        (b"name,postcode", "text/csv"),
        (b"", "text/csv"),
        (b'\xef\xbb\xbf\r\n {"id": 1}', "application/json"),
        (b"[1]", "application/json"),
    ):
        assert listings_file(content).media_type == kind
    licence = FieldProblem("/query/licence", "pattern", "Not one.")
    assert [error[0] for error in file_errors(Refused(422, "invalid", "", errors=(licence,))) or []] == ["licence"]
    assert file_errors(Refused(422, "unreadable-file", "It is empty.")) == [("file", "It is empty.")]
    assert file_errors(Refused(413, "too-large", "")) == [("file", "This file cannot be read in")]
    assert file_errors(Refused(503, "unreachable", "")) is None


async def test_progress_is_told_until_the_work_is_done() -> None:
    left = [Step("Done", 1.0, done=True, target="/there"), Step("1 of 2", 0.5)]

    async def look() -> Step:
        return left.pop()

    assert await told(looking(look, every=0)) == [
        ("progress", {"words": "1 of 2", "share": 0.5, "target": None}),
        ("done", {"words": "Done", "share": 1.0, "target": "/there"}),
    ]

    async def work() -> Step:
        return Step("Whole", done=True)

    assert [event for event, _ in await told(waiting(work(), "Checking", every=0.01))] == ["progress", "done"]

    async def refused() -> Step:
        raise Refused(404, "not-found", "")

    assert [event for event, _ in await told(looking(refused))] == ["done"], "the page itself says what happened"


def test_the_needs_list_shows_strengths_and_what_naming_one_reveals() -> None:
    (table,) = [each for each in needs_sheet().sections if isinstance(each, Table) and each.heading == "Strengths"]
    assert len(table.rows) == len(needs_list().strengths)
    assert all(cell.text for row in table.cells for cell in row)


@pytest.mark.parametrize(
    ("kept", "offered"),
    [((False,), ["approve", "reject"]), ((True, False), ["approve", "overwrite", "reject"]),
     ((True, True), ["reject", "overwrite"]), ((), ["approve", "reject"])],
)  # fmt: skip
def test_what_somebody_changed_here_is_written_over_only_by_a_button_that_says_so(
    kept: tuple[bool, ...], offered: list[str]
) -> None:
    differences = [{"field": "telephone", "ours": "1", "theirs": "2", "kept": each} for each in kept]
    change = {"kind": "differs", "state": "waiting", "name": "A", "made_at": "2026-07-01T09:00:00Z", "gone": None}
    sheet = change_sheet(change | {"differences": differences})
    acts = [act for each in sheet.sections if isinstance(each, Acts) for act in each.acts]
    assert [each.name for each in acts] == offered
    if all(kept) and kept:
        assert [each.text for each in acts] == ["Keep what we changed", "Take theirs instead"]


def test_the_place_never_says_that_nothing_waits_where_nobody_could_look() -> None:
    nothing, away = Part({"items": [], "next_cursor": None}), Part(problem=Refused(503, "unavailable", ""))

    def table_of(*parts: Part) -> Table:
        (table,) = [each for each in place_sheet("Chard", HomeOfPlace(*parts)).sections if isinstance(each, Table)]
        return table

    assert not table_of(nothing, nothing, nothing, nothing).cells, "nothing waits, and it says so"
    assert table_of(away, away, away, away).part is away, "the list says why it is not shown"
    some = table_of(nothing, away, nothing, nothing)
    assert some.part is None
    assert [[cell.text for cell in row] for row in some.cells] == [
        ["Changes of the directory to look through", "Cannot be told now"]
    ]
