from typing import Any

import jsonschema
import pytest

from connective.contracts.categories import Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.needs import needs_list
from connective.referrals.domain.answers import check_answers
from connective.referrals.domain.forms import FieldType, Form, answers_schema
from connective.referrals.domain.refusals import NoForm
from connective.referrals.storage.form_library import form_of, forms, latest_forms

ALL = sorted(forms().values(), key=lambda form: (form.kind, form.version))
GOOD: dict[str, dict[str, Any]] = {
    "food_bank": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
    "housing_advice": {"problem": "other", "recipient_is_landlord": False},
    "speech_and_language_therapy": {
        "concern_areas": ["talking"],
        "examples": "Uses single words at three.",
        "hearing": "not_known",
    },
    "early_help": {
        "what_led_to_this": "Late most days.",
        "already_tried": "Breakfast club.",
        "level_of_need": "not_sure",
    },
    "debt_and_benefits_advice": {"problem": ["fuel"]},
}


@pytest.mark.parametrize("form", ALL, ids=lambda form: f"{form.kind}.{form.version}")
def test_each_form_fits_the_contracts(form: Form) -> None:
    assert form.kind in needs_list().service_kinds
    names = [field.name for field in form.fields]
    assert len(names) == len(set(names))
    for field in form.fields:
        assert field.categories <= form.categories
        assert field.help
        assert field.label
        if field.is_live:
            assert SHARED_FIELDS[field.source] <= field.categories
            assert not field.required
        assert bool(field.choices) is (field.type in {FieldType.CHOICE, FieldType.CHOICES})
        if field.required_when is not None:
            assert field.required_when.field in names
    assert Category.IMMIGRATION not in form.categories


def test_the_four_kinds_have_forms() -> None:
    assert {"food_bank", "housing_advice", "speech_and_language_therapy", "early_help"} <= set(latest_forms())
    with pytest.raises(NoForm):
        form_of("youth_work")
    with pytest.raises(NoForm):
        form_of("food_bank", 99)


def test_a_food_bank_never_asks_for_birth_date_school_or_nhs_number() -> None:
    form = form_of("food_bank")
    sources = {field.source for field in form.fields}
    assert not sources & {"person.date_of_birth", "education.setting", "person.nhs_number", "household.members"}
    assert not form.categories & {Category.EDUCATION, Category.IDENTIFIERS}


def test_speech_therapy_requires_health_and_identity_of_one_child() -> None:
    form = form_of("speech_and_language_therapy")
    assert form.required_categories == {Category.HEALTH, Category.IDENTITY}
    assert form.one_subject


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.kind)
def test_schema_and_check_agree(form: Form) -> None:
    schema = answers_schema(form)
    jsonschema.Draft202012Validator.check_schema(schema)
    good = GOOD[form.kind]
    jsonschema.validate(good, schema)
    assert check_answers(form, good) == []
    validator = jsonschema.Draft202012Validator(schema)
    for name in good:
        without = {key: value for key, value in good.items() if key != name}
        assert not validator.is_valid(without)
        assert [(e.pointer, e.code) for e in check_answers(form, without)] == [(f"/answers/{name}", "required")]


WRONG: list[tuple[str, str, Any, str]] = [
    ("food_bank", "how", "by drone", "unknown-choice"),
    ("food_bank", "how", ["delivery"], "unknown-choice"),
    ("food_bank", "parcels_last_6_months", 31, "out-of-range"),
    ("food_bank", "parcels_last_6_months", -1, "out-of-range"),
    ("food_bank", "parcels_last_6_months", "3", "not-a-number"),
    ("food_bank", "parcels_last_6_months", True, "not-a-number"),
    ("food_bank", "baby_items", "wipes", "unknown-choice"),
    ("food_bank", "baby_items", ["wipes", "wipes"], "repeated"),
    ("food_bank", "allergies", "", "not-text"),
    ("food_bank", "allergies", "x" * 201, "too-long"),
    ("food_bank", "allergies", 4, "not-text"),
    ("food_bank", "phone", "01632 960001", "read-from-record"),
    ("housing_advice", "court_date", "tomorrow", "not-a-date"),
    ("housing_advice", "court_date", "20260101", "not-a-date"),
    ("housing_advice", "court_date", 5, "not-a-date"),
    ("housing_advice", "recipient_is_landlord", "no", "not-a-boolean"),
]


@pytest.mark.parametrize(("kind", "name", "value", "code"), WRONG)
def test_wrong_answers_are_pointed_at(kind: str, name: str, value: Any, code: str) -> None:
    errors = check_answers(form_of(kind), {**GOOD[kind], name: value}, "/requests/0/answers")
    assert [(error.pointer, error.code) for error in errors] == [(f"/requests/0/answers/{name}", code)]
    assert all(str(value) not in error.detail for error in errors if value and code != "unknown-choice")


def test_a_stray_name_is_not_repeated() -> None:
    (error,) = check_answers(form_of("food_bank"), {**GOOD["food_bank"], "Mara Test": "2020-01-01"})
    assert (error.pointer, error.code) == ("/answers", "unknown-field")
    assert "Mara" not in error.detail


def test_a_condition_makes_a_field_required() -> None:
    form = form_of("food_bank")
    delivery = {**GOOD["food_bank"], "how": "delivery"}
    assert [error.pointer for error in check_answers(form, delivery)] == ["/answers/delivery_address"]
    assert not jsonschema.Draft202012Validator(answers_schema(form)).is_valid(delivery)
    assert check_answers(form, {**delivery, "delivery_address": "1 High Street"}) == []
