from datetime import date
from uuid import UUID

import pytest

from connective.contracts.categories import Category
from connective.contracts.needs import needs_list
from connective.families.domain.contacts import (
    ContactKind,
    ContactPoint,
    SafeContact,
    check_contact,
    reach_of,
    rule_in_words,
)
from connective.families.domain.dates import Period
from connective.families.domain.needs import PersonNeed, Source, check_need, prompts_safeguarding, shareable_needs
from connective.families.domain.refusals import BadContact, BadNeed

TODAY = date(2026, 3, 1)
PERSON = UUID(int=1)


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "(07700) 900-123"])
def test_a_telephone_number_has_one_form(typed: str) -> None:
    assert check_contact(ContactKind.PHONE, typed, SafeContact.ANY_WAY, None) == "07700900123"


@pytest.mark.parametrize("typed", ["999", "0770090012x", "+1 202 555 0100", ""])
def test_what_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(BadContact):
        check_contact(ContactKind.PHONE, typed, SafeContact.ANY_WAY, None)


@pytest.mark.parametrize(
    "typed", ["a@b", "a b@example.org", "@example.org", "a@example..org", "a@example.org, b@c.org"]
)
def test_what_cannot_be_written_to_is_refused(typed: str) -> None:
    with pytest.raises(BadContact):
        check_contact(ContactKind.EMAIL, typed, SafeContact.ANY_WAY, None)


def test_hours_go_with_their_rule_and_no_other() -> None:
    with pytest.raises(BadContact):
        check_contact(ContactKind.EMAIL, "a@example.org", SafeContact.BETWEEN_HOURS, None)
    with pytest.raises(BadContact):
        check_contact(ContactKind.EMAIL, "a@example.org", SafeContact.TEXT_ONLY, "9 to 3")


def point(number: int, rule: SafeContact, since: date | None = None) -> ContactPoint:
    hours = "9 to 3 on school days" if rule is SafeContact.BETWEEN_HOURS else None
    return ContactPoint(UUID(int=number), PERSON, ContactKind.PHONE, f"0770090000{number}", rule, hours, Period(since))


def test_a_number_that_is_not_safe_is_never_given_but_its_rule_is() -> None:
    held = (point(1, SafeContact.BETWEEN_HOURS, date(2020, 1, 1)), point(2, SafeContact.NEVER, date(2026, 1, 1)))
    found = reach_of(held, ContactKind.PHONE, TODAY)
    assert found is not None
    assert found.value == "07700900001"
    assert rule_in_words(held, TODAY) == "Only between these hours: 9 to 3 on school days. Do not use."
    assert reach_of((point(3, SafeContact.THROUGH_WORKER),), ContactKind.PHONE, TODAY) is None
    assert rule_in_words((), TODAY) is None


def test_a_need_is_on_the_list_and_its_severity_on_the_scale() -> None:
    assert check_need("parenting_support", 4, needs_list()) == "parenting_support"
    for code, severity in (("sadness", 1), ("parenting_support", 5), ("parenting_support", -1)):
        with pytest.raises(BadNeed):
            check_need(code, severity, needs_list())


def test_needs_that_touch_harm_prompt_the_question() -> None:
    assert prompts_safeguarding("abuse_or_neglect", needs_list())
    assert not prompts_safeguarding("parenting_support", needs_list())


def need(code: str, until: date | None = None) -> PersonNeed:
    return PersonNeed(UUID(int=5), PERSON, code, 2, Source.WORKER, Period(date(2026, 1, 1), until))


def test_a_need_is_given_only_when_all_it_reveals_is_permitted() -> None:
    held = [
        need("food_or_fuel_poverty"),
        need("child_0_5_speech_language"),
        need("debt_or_arrears", until=date(2026, 2, 1)),
        need("a_code_of_an_older_list"),
    ]
    only_needs = frozenset({Category.NEEDS, Category.FINANCE})
    assert shareable_needs(held, only_needs, needs_list(), TODAY) == ["food_or_fuel_poverty"]
    with_health = only_needs | {Category.HEALTH}
    assert shareable_needs(held, with_health, needs_list(), TODAY) == [
        "child_0_5_speech_language",
        "food_or_fuel_poverty",
    ]
    assert shareable_needs(held, frozenset({Category.HEALTH}), needs_list(), TODAY) == []
