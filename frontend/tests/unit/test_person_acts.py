"""What may be recorded of a person beside their details, and what the API is sent for it."""

from datetime import date
from typing import Any

import pytest

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import read
from connective.frontend.domain.person_act import Known
from connective.frontend.domain.person_acts import ACTS, look_again, open_acts
from connective.frontend.domain.restrictions_page import restrictions_sheet
from connective.frontend.domain.sheets import Acts, Facts

WORKER = frozenset({"families:family:write"})
LEAD = WORKER | {"families:restriction:write"}


def person(key: str, years: int, **changes: Any) -> dict[str, Any]:
    return {"id": key, "given_names": key.title(), "family_name": "Fernlea", "known_as": None, "age_years": years,
            "age_group": None, "died_on": None, "pregnancy_id": None, "notices_stopped": False, **changes}  # fmt: skip


def known(who: dict[str, Any], *others: dict[str, Any], **more: Any) -> Known:
    people = [{"person": each, "until": None} for each in (who, *others)]
    return Known({"id": "f", "people": people}, who, **more)


def sent(act: str, about: Known, typed: dict[str, list[str]]) -> list[Any]:
    found, errors = read(ACTS[act].fields(about), typed, date(2026, 7, 1))
    assert not errors
    return ACTS[act].calls(found, about)


@pytest.mark.parametrize(
    ("who", "permissions", "offered"),
    [
        (person("carys", 32), WORKER, {"strength", "pregnancy", "death"}),
        (person("carys", 32), LEAD, {"strength", "pregnancy", "death", "restrict"}),
        (person("carys", 32, pregnancy_id="p"), WORKER, {"strength", "birth", "loss", "death"}),
        (person("carys", 32, notices_stopped=True), WORKER, {"strength", "pregnancy", "resume", "death"}),
        (person("tegan", 5), WORKER, {"strength", "death"}),
        (person("carys", 32, died_on="2026-01-01", notices_stopped=True), LEAD, set()),
        (person("carys", 32), frozenset(), set()),
    ],
)
def test_only_what_fits_somebody_is_offered(
    who: dict[str, Any], permissions: frozenset[str], offered: set[str]
) -> None:
    assert set(open_acts(who, permissions)) == offered


def test_all_that_goes_well_is_recorded_at_once_and_what_is_recorded_is_not_offered_again() -> None:
    about = known(person("tegan", 5), strengths=[{"code": "club_or_hobby", "until": None},
                                                 {"code": "trusted_adult", "until": "2026-01-01"}])  # fmt: skip
    codes = ACTS["strength"].fields(about)[0].words
    assert "trusted_adult" in codes
    assert "club_or_hobby" not in codes
    typed = {"codes": ["trusted_adult", "enjoys_school", "club_or_hobby"], "source": ["child"]}
    assert [(call.path, call.body) for call in sent("strength", about, typed)] == [
        ("/people/tegan/strengths", {"code": "trusted_adult", "source": "child"}),
        ("/people/tegan/strengths", {"code": "enjoys_school", "source": "child"}),
    ]


def test_twins_are_born_with_the_parents_that_were_named() -> None:
    father, uncle, sister = person("perran", 33), person("jory", 29), person("tegan", 5)
    about = known(person("carys", 32, pregnancy_id="p"), father, uncle, sister)
    typed = {
        "born_on-day": ["27"], "born_on-month": ["june"], "born_on-year": ["2026"], "family_name": ["Fernlea"],
        "given-1": ["Mabel"], "sex-1": ["female"], "sex-2": ["unknown"],
        "parent-perran": ["birth_registration"], "parent-jory": ["no"],
    }  # fmt: skip
    (call,) = sent("birth", about, typed)
    assert call.path == "/people/carys/pregnancies/p/birth"
    assert call.body == {
        "family_id": "f",
        "born_on": "2026-06-27",
        "children": [
            {"given_names": "Mabel", "family_name": "Fernlea", "sex": "female"},
            {"given_names": "", "family_name": "Fernlea", "sex": "unknown"},
        ],
        "other_parents": [{"person_id": "perran", "responsibility": "birth_registration"}],
        "duplicates_seen": [],
    }


def test_a_death_changes_the_record_and_a_loss_needs_no_day() -> None:
    about = known(person("carys", 32, pregnancy_id="p"))
    (loss,) = sent("loss", about, {})
    assert (loss.path, loss.body, loss.patch) == ("/people/carys/pregnancies/p/loss", {}, False)
    typed = {"died_on-day": ["1"], "died_on-month": ["6"], "died_on-year": ["2026"]}
    (death,) = sent("death", about, typed)
    assert (death.path, death.body, death.patch) == ("/people/carys", {"died_on": "2026-06-01"}, True)


def test_a_request_about_information_is_passed_on_with_who_asks() -> None:
    about = known(person("tegan", 5), person("carys", 32))
    typed = {"kind": ["access"], "asked_by": ["carys"], "received_on-day": ["1"], "received_on-month": ["jul"],
             "received_on-year": ["2026"]}  # fmt: skip
    (call,) = sent("rights", about, typed)
    assert call.path == "/rights-requests"
    assert call.body == {"person_id": "tegan", "family_id": "f", "about": "", "kind": "access", "asked_by": "carys",
                         "received_on": "2026-07-01"}  # fmt: skip
    assert "rights" in open_acts(person("tegan", 5, died_on="2026-01-01"), frozenset({"consent:consent:record"}))


def test_who_is_likely_known_already_is_asked_about_by_name() -> None:
    candidate = {"person_id": "x", "name": "Mabel Fernlea", "year_of_birth": 2026}
    refusal = Refused(409, "likely-duplicate", "Look.", document={"candidates": [candidate]})
    field = look_again(refusal)
    assert field is not None
    assert field.options == (("x", "Mabel Fernlea, born in 2026"),)
    assert look_again(Refused(409, "already-ended", "No.")) is None


def test_a_restriction_is_lifted_by_two() -> None:
    one = {"id": "r1", "kind": "whereabouts", "active": True, "lift_asked": True, "placed_at": "2026-07-01T09:00:00Z",
           "lifted_at": None, "named_account_ids": ["a"], "named_organisation_ids": []}  # fmt: skip
    gone = one | {"id": "r2", "active": False, "lifted_at": "2026-07-02T09:00:00Z"}
    sheet = restrictions_sheet(Part({"items": [one, gone]}), "/families/f/people/m")
    (buttons,) = [each for each in sheet.sections if isinstance(each, Acts)]
    assert [(act.text, act.fields) for act in buttons.acts] == [("Confirm that it is lifted", (("id", "r1"),))]
    states = [dict(each.present)["How it stands"].text for each in sheet.sections if isinstance(each, Facts)]
    assert states == ["Lifting asked for", "Lifted"]
