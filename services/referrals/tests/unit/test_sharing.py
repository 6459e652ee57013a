"""What may be seen, what blocks a request, and the safeguarding question."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from connective.contracts.categories import Category
from connective.contracts.needs import needs_list
from connective.referrals.domain.forms import About
from connective.referrals.domain.refusals import DetailsRefused, NotAReportingRoute, ReportConcernFirst
from connective.referrals.domain.request import Missing, PeopleAsked
from connective.referrals.domain.safeguarding import SafeguardingCheck, check_answer, may_receive, may_send
from connective.referrals.domain.sending import RefusedCategory, categories_to_ask, weigh, what_today
from connective.referrals.domain.visible import (
    may_see,
    visible_answers,
    visible_live,
    visible_need,
    withheld,
)
from connective.referrals.storage.form_library import form_of, forms

C = Category
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, tzinfo=UTC)
CHILD, MOTHER = uuid4(), uuid4()
PEOPLE = PeopleAsked(subjects=(CHILD,), contact=MOTHER)
SALT = form_of("speech_and_language_therapy")


def everything() -> dict[UUID, frozenset[C]]:
    return {CHILD: frozenset(C), MOTHER: frozenset(C)}


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.kind)
def test_only_fields_inside_permitted_categories_are_seen(form: object) -> None:
    form = form_of(form.kind)  # type: ignore[attr-defined]  # parametrised with forms
    for category in C:
        permitted = {CHILD: frozenset(C) - {category}, MOTHER: frozenset(C) - {category}}
        seen = {f.name for f in visible_answers(form, PEOPLE, permitted)}
        seen |= {f.name for f, _ in visible_live(form, PEOPLE, permitted)}
        assert seen == {f.name for f in form.fields if category not in f.categories}
        assert set(withheld(form, PEOPLE, permitted)) == {f.name for f in form.fields} - seen
    assert visible_answers(form, PEOPLE, {}) == ()
    assert visible_live(form, PEOPLE, {}) == ()


def test_fields_are_about_those_they_are_about() -> None:
    only_mother = {MOTHER: frozenset(C)}
    seen = {field.name for field, person in visible_live(SALT, PEOPLE, only_mother) if person == MOTHER}
    assert seen == {field.name for field in SALT.fields if field.is_live and field.about is About.CONTACT}
    assert not visible_answers(SALT, PEOPLE, only_mother)


def test_a_need_shows_only_with_all_it_reveals() -> None:
    needs = needs_list()
    permitted = {CHILD: frozenset({C.NEEDS}), MOTHER: frozenset({C.NEEDS, C.HEALTH})}
    assert visible_need("food_or_fuel_poverty", CHILD, permitted, needs)
    assert not visible_need("child_0_5_speech_language", CHILD, permitted, needs)
    assert visible_need("parent_mental_health", MOTHER, permitted, needs)
    assert not visible_need("parent_mental_health", uuid4(), permitted, needs)


def test_progress_always_returns() -> None:
    assert may_see(frozenset({C.PROGRESS}), [CHILD], {})
    assert not may_see(frozenset({C.PROGRESS, C.HEALTH}), [CHILD], {})


def test_only_what_there_is_to_share_is_asked_for() -> None:
    food = form_of("food_bank")
    asked = categories_to_ask(food, ["how", "cooking_facilities"], frozenset({C.NEEDS, C.OFFENDING}))
    assert food.required_categories <= asked
    assert C.HOUSING in asked
    assert C.HEALTH not in asked
    assert C.OFFENDING not in asked, "the form is the ceiling"
    assert C.HEALTH in categories_to_ask(food, ["allergies"], frozenset())


def test_a_refused_required_category_blocks_with_its_reasons() -> None:
    permitted = {CHILD: frozenset(C) - {C.HEALTH, C.EDUCATION}, MOTHER: frozenset(C)}
    refusals = [
        RefusedCategory(C.HEALTH, None, "no_article_9_condition", "The agreement names none.", "Amend it."),
        RefusedCategory(C.HEALTH, CHILD, "family_not_asked", "Nobody asked.", "Ask the family."),
        RefusedCategory(C.HEALTH, MOTHER, "elsewhere", "About somebody it is not needed of.", "Nothing."),
    ]
    weighed = weigh(SALT, SALT.categories, PEOPLE, permitted, refusals)
    assert [item.code for item in weighed.missing] == ["no_article_9_condition", "family_not_asked"]
    assert weighed.without == (
        Missing(C.EDUCATION, "not_permitted", "Sharing this is not permitted.", "Ask your data protection officer."),
    )


def test_of_the_contact_only_what_the_form_uses_of_them_is_needed() -> None:
    permitted = {CHILD: frozenset(C), MOTHER: frozenset({C.ADDRESS, C.CONTACT_DETAILS, C.COMMUNICATION})}
    assert weigh(SALT, SALT.categories, PEOPLE, permitted, []) == weigh(SALT, SALT.categories, PEOPLE, everything(), [])
    food = form_of("food_bank")
    nameless = {CHILD: frozenset(C), MOTHER: frozenset(C) - {C.IDENTITY}}
    assert [item.category for item in weigh(food, food.categories, PEOPLE, nameless, []).missing] == [C.IDENTITY]


def test_something_can_always_be_done_today() -> None:
    assert [o.kind for o in what_today("Food", "food_bank", "01632 960001")] == ["phone", "voucher", "signpost"]
    assert [o.kind for o in what_today("Talk", "speech_and_language_therapy", None)] == ["signpost"]


REPORTED = SafeguardingCheck("already_reported", "Front door", NOW, "CD-41")


def test_the_safeguarding_question_has_three_answers() -> None:
    check_answer(SafeguardingCheck("no_concern"), NOW)
    check_answer(SafeguardingCheck("reporting_now"), NOW)
    check_answer(REPORTED, NOW)
    with pytest.raises(DetailsRefused):
        check_answer(SafeguardingCheck("maybe"), NOW)


def test_a_report_has_its_particulars() -> None:
    with pytest.raises(DetailsRefused) as refused:
        check_answer(SafeguardingCheck("already_reported"), NOW)
    assert len(refused.value.errors) == 3
    with pytest.raises(DetailsRefused):
        check_answer(SafeguardingCheck("already_reported", "Front door", LATER, "CD-41"), NOW)


def test_a_concern_being_reported_keeps_the_draft_and_gives_the_numbers() -> None:
    may_send(SafeguardingCheck("no_concern"), "999")
    may_send(REPORTED, "999")
    with pytest.raises(ReportConcernFirst, match="phone the front door on 01632 960999"):
        may_send(SafeguardingCheck("reporting_now"), "phone the front door on 01632 960999 now.")


def test_a_reporting_route_takes_no_requests() -> None:
    may_receive(False, "999")
    with pytest.raises(NotAReportingRoute, match="999"):
        may_receive(True, "999")
