"""The design system's templates say the same, whoever renders them: only faster."""

import re
from typing import Any

import pytest
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

from connective.frontend.pages.rendering import environment
from connective.frontend.pages.templating import govuk_attributes

_ITEMS = [
    {"value": "a", "text": "A & B", "checked": True, "hint": {"text": "of both"}},
    {"divider": "or"},
    {"value": "b", "html": "<b>B</b>", "attributes": {"data-x": "1"}, "conditional": {"html": "<p>more\n  lines</p>"}},
]
COMPONENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("back-link", "govukBackLink", {"text": "Back", "href": "/a?b=1&c=2"}),
    ("button", "govukButton", {"text": "Send", "preventDoubleClick": True, "name": "do", "value": "it"}),
    ("button", "govukButton", {"text": "Go", "href": "/", "isStartButton": True, "attributes": {"id": "go"}}),
    ("checkboxes", "govukCheckboxes", {"idPrefix": "c", "name": "c", "items": _ITEMS, "hint": {"text": "any"}}),
    ("date-input", "govukDateInput", {"id": "d", "namePrefix": "d", "errorMessage": {"text": "no day"}}),
    ("details", "govukDetails", {"summaryText": "More", "html": "<p>words</p>", "open": True}),
    ("error-summary", "govukErrorSummary", {"titleText": "Wrong", "errorList": [{"text": "<no>", "href": "#c"}]}),
    ("exit-this-page", "govukExitThisPage", {"text": "Leave"}),
    ("generic-header", "govukGenericHeader", {"logoText": "Place", "url": "/"}),
    ("input", "govukInput", {"id": "i", "name": "i", "label": {"text": "L"}, "value": '"quoted"', "spellcheck": False}),
    ("notification-banner", "govukNotificationBanner", {"text": "Done", "type": "success"}),
    ("pagination", "govukPagination", {"previous": {"href": "?p=1"}, "next": {"href": "?p=3"}}),
    ("radios", "govukRadios", {"name": "r", "items": _ITEMS, "fieldset": {"legend": {"text": "Which?"}}}),
    ("select", "govukSelect", {"id": "s", "name": "s", "label": {"text": "S"}, "items": [{"value": "x", "text": "X"}]}),
    ("service-navigation", "govukServiceNavigation", {"navigation": [{"text": "A", "href": "/a", "active": True}]}),
    ("textarea", "govukTextarea", {"id": "t", "name": "t", "label": {"text": "T"}, "value": "one\n  two\n\nthree"}),
    ("warning-text", "govukWarningText", {"text": "Mind", "iconFallbackText": "Warning"}),
]  # fmt: skip
_USED = '{{% from "govuk_frontend_jinja/components/{0}/macro.html" import {1} %}}{{{{ {1}(given) }}}}'


def _jinjas_own() -> Environment:
    system = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=ChoiceLoader([system]), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _without_spaces(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s*([<>])\s*", r"\1", markup)).strip()


@pytest.mark.parametrize(("component", "macro", "given"), COMPONENTS)
def test_a_component_is_what_jinja_itself_makes_of_it(component: str, macro: str, given: dict[str, Any]) -> None:
    asked = _USED.format(component, macro)
    expected = _jinjas_own().from_string(asked).render(given=given)
    found = environment().from_string(asked).render(given=given)
    assert len(expected) > 40
    assert _without_spaces(found) == _without_spaces(expected)


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        {},
        ' data-a="1"',
        {"data-a": "1", "data-b": 'say "b" & go'},
        {"hidden": True, "draggable": False, "tabindex": 0},
        {"hidden": {"value": True, "optional": True}, "lang": {"value": None, "optional": True}},
        {"hidden": {"value": False, "optional": True}, "lang": {"value": "en", "optional": True}},
        {"data-n": {"value": True, "optional": False}, "data-m": {"value": "x"}},
    ],
)
def test_attributes_are_those_of_the_design_system(attributes: Any) -> None:
    asked = (
        '{% from "govuk_frontend_jinja/macros/attributes.html" import govukAttributes %}{{ govukAttributes(given) }}'
    )
    assert str(govuk_attributes(attributes)) == _jinjas_own().from_string(asked).render(given=attributes)


def test_what_a_textarea_holds_is_left_as_it_was_typed() -> None:
    asked = _USED.format("textarea", "govukTextarea")
    given = {"id": "t", "name": "t", "label": {"text": "T"}, "value": "one\n  two\n\nthree"}
    assert ">one\n  two\n\nthree<" in environment().from_string(asked).render(given=given)


def test_a_prepared_part_is_rendered_once_and_an_unprepared_one_each_time() -> None:
    page = environment().from_string("{% call prepared(key) %}{{ shown }}{% endcall %}")
    assert [page.render(key="tests/a", shown=each) for each in "<b"] == ["&lt;", "&lt;"]
    assert [page.render(key=None, shown=each) for each in "<b"] == ["&lt;", "b"]


@pytest.mark.parametrize(
    "value", ["plain", "<b>", "it’s", "O'Neil & co", Markup("<b>"), 7, None, Undefined(name="x"), ["<"]]
)
def test_what_is_shown_is_escaped_as_jinja_escapes_it(value: Any) -> None:
    asked = (
        "{% macro within() %}{{ given }}{% endmacro %}"
        "{{ given }}|{{ within() }}|{% set kept %}{{ given }}{% endset %}{{ kept }}"
    )
    expected = _jinjas_own().from_string(asked).render(given=value)
    assert environment().from_string(asked).render(given=value) == expected
