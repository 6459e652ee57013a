"""Long forms page by page: which page comes next, what is kept, and how every answer is looked through."""

from datetime import date

import pytest

from connective.frontend.domain.fields import Field, one
from connective.frontend.domain.paged_form import PagedForm, Step, as_said
from connective.frontend.domain.service_form import changed_service, new_service

TODAY = date(2026, 11, 23)
COLOURS = (("red", "Red"), ("blue", "Blue"))
ASKED = Step(
    code="asked", heading="The request", fields=[Field(name="asked", label="Asked?", kind="yes_no", required="Say it")]
)
WHO = Step(
    code="who",
    heading="Who",
    fields=[Field(name="who", label="Who?", required="Say who"), Field(name="on", label="When?", kind="date")],
    when=lambda typed: one(typed, "asked") == "yes",
)
WHY = Step(code="why", heading="Why", fields=[Field(name="why", label="Why?", kind="long")])
FORM = PagedForm(title="A form", address="/form", steps=(ASKED, WHO, WHY), back=("Back to it", "/it"), button="Send")


def test_a_page_is_asked_only_where_an_answer_calls_for_it() -> None:
    yes, no = {"asked": ["yes"]}, {"asked": ["no"]}
    assert [FORM.after(ASKED, yes), FORM.after(ASKED, no)] == ["/form/who", "/form/why"]
    assert [FORM.after(WHY, no), FORM.href(ASKED), FORM.check] == ["/form/check", "/form", "/form/check"]
    assert FORM.step("", no) is ASKED
    assert FORM.step("who", no) is None, "it is asked no longer"
    assert FORM.said(no | {"who": ["The Larder"], "why": ["So"]}) == no | {"why": ["So"]}, "nor sent"


def test_what_is_typed_on_a_page_takes_the_place_of_what_was_there() -> None:
    before = {"asked": ["yes"], "who": ["The Larder"], "on-day": ["3"], "on-month": ["6"]}
    assert FORM.keep(before, WHO, {"who": ["Harbour"], "act": ["x"]}) == {"asked": ["yes"], "who": ["Harbour"]}


def test_the_first_page_on_which_something_is_missing_or_wrong_is_named() -> None:
    found = FORM.unfinished({}, TODAY)
    assert found is not None
    assert found.code == "asked"
    found = FORM.unfinished({"asked": ["yes"], "who": ["x"], "on-day": ["40"]}, TODAY)
    assert found is not None
    assert found.code == "who"
    assert FORM.unfinished({"asked": ["no"]}, TODAY) is None


def test_a_page_leads_back_to_the_one_before_it_or_to_all_answers() -> None:
    typed = {"asked": ["yes"]}
    assert FORM.view(ASKED, typed, checking=False).back == ("Back to it", "/it")
    assert FORM.view(WHY, typed, checking=False).back == ("Back", "/form/who")
    assert FORM.view(WHY, typed, checking=True).back == ("Back to your answers", "/form/check")
    assert FORM.view(ASKED, typed, checking=False).more is None
    assert FORM.view(ASKED, typed | {"why": ["So"]}, checking=False).more is not None, "what was begun is offered"


def test_every_answer_is_looked_through_with_the_page_on_which_it_is_changed() -> None:
    typed = {"asked": ["yes"], "who": ["The Larder"], "on-day": ["3"], "on-month": ["6"], "on-year": ["2026"]}
    lines = [(each.label, each.value, each.href) for part in FORM.parts(typed, TODAY) for each in part.lines]
    assert lines == [
        ("Asked?", "Yes", "/form?from=check#asked"),
        ("Who?", "The Larder", "/form/who?from=check#who"),
        ("When?", "3 June 2026", "/form/who?from=check#on-day"),
        ("Why?", "Not said", "/form/why?from=check#why"),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (Field(name="a", label="A", kind="choices", options=COLOURS), {"a": ["red", "blue"]}, "Red; blue"),
        (Field(name="a", label="A", kind="radios", options=COLOURS), {"a": ["blue"]}, "Blue"),
        (Field(name="a", label="A", kind="yes_no", options=(("yes", "Do"), ("no", "Don’t"))), {"a": ["no"]}, "Don’t"),
        (Field(name="a", label="A", kind="date", sent="list"), {"a-day": ["1"], "a-month": ["may"], "a-year": ["2026"]},
         "1 May 2026"),
        (Field(name="a", label="A", kind="lines"), {"a": ["x, y"]}, "x\ny"),
        (Field(name="a", label="A", kind="money"), {"a": ["£2.50"]}, "2.50"),
        (Field(name="a", label="A", kind="number"), {"a": ["six"]}, "six"),
        (Field(name="a", label="A"), {}, ""),
    ],
)  # fmt: skip
def test_an_answer_reads_as_people_write_it(field: Field, typed: dict[str, list[str]], said: str) -> None:
    assert as_said(field, typed, TODAY) == said


def test_a_service_is_asked_about_page_by_page_and_each_question_once() -> None:
    form = new_service({})
    names = [each.name for step in form.steps for each in step.fields]
    assert len(names) == len(set(names))
    assert max(len(step.fields) for step in form.steps) <= 4
    assert "promises" in {each.code for each in form.asked(form.begin)}
    assert form.view(form.steps[0], form.begin, checking=False).more is None, "what is filled in was not said"
    assert "promises" not in {each.code for each in form.asked({"takes_requests": ["no"]})}
    ages = next(each for each in form.steps if each.code == "ages")
    assert ages.errors({"minimum_age": ["11"], "maximum_age": ["5"]}, TODAY)[0][0] == "maximum_age"
    area = next(each for each in form.steps if each.code == "area")
    assert area.errors({"areas": ["Levelton"]}, TODAY)[0][0] == "areas"
    changed = changed_service({"id": "s", "languages": []}, {})
    assert changed.address == "/organisation/services/s/change"
