"""Cases as their pages show them: what is next is offered, and nothing that the API would refuse."""

from typing import Any

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.cases import case_sheet, opening_fields, team_fields
from connective.frontend.domain.sheets import Facts, Links, Sheet, Table, Words
from connective.frontend.domain.team_reading import team_sheet

CASE: dict[str, Any] = {
    "id": "k", "family_id": "f", "state": "planned", "lead_practitioner_id": "a1", "opened_on": "2026-06-01",
    "closed_on": None, "review_on": "2026-07-01", "review_overdue": True, "closing_proposed": False,
    "closing_reason": None, "allowed_actions": ["assess", "plan", "propose_closure", "review"],
    "team": [{"organisation_id": "o2", "since": "2026-06-02", "until": None}], "processing_restricted": [],
    "safeguarding_notice": "Call 999.",
}  # fmt: skip
NAMES = {"o2": "Windwhistle Surgery", "o3": "Chard Larder"}


def links(sheet: Sheet) -> list[str]:
    return [link.href for section in sheet.sections if isinstance(section, Links) for link in section.links]


def test_a_case_offers_what_its_state_allows_in_the_order_of_the_work() -> None:
    sheet = case_sheet(CASE, NAMES, {"a1": "Maya Lowe"})
    assert links(sheet) == [
        "/cases/k/assess", "/cases/k/plan", "/cases/k/review", "/cases/k/propose-closure", "/cases/k/team",
    ]  # fmt: skip
    facts = next(each for each in sheet.sections if isinstance(each, Facts))
    shown = {label: cell.text for label, cell in facts.present}
    assert (shown["Led by"], shown["Next review"]) == ("Maya Lowe", "Was due on 1 July 2026")
    (team,) = [each for each in sheet.sections if isinstance(each, Table)]
    assert [cell.text for cell in team.cells[0]] == ["Windwhistle Surgery", "2 June 2026", "Now"]


def test_a_member_of_the_team_is_led_to_what_is_shared_and_to_no_step() -> None:
    sheet = case_sheet(CASE | {"allowed_actions": []}, NAMES, {})
    assert links(sheet) == ["/cases/k/family"]
    assert sheet.back == ("Back to the start", "/home")


def test_whoever_opens_a_case_is_offered_first_and_who_is_on_the_team_is_not_offered_again() -> None:
    (lead,) = opening_fields((("a2", "Kit"), ("a1", "Maya")), "a1")
    assert [code for code, *_ in lead.options] == ["a1", "a2"]
    organisations = [{"id": key, "name": name} for key, name in NAMES.items()]
    (chosen,) = team_fields(organisations, CASE)
    assert [code for code, *_ in chosen.options] == ["o3"]


def test_the_team_reads_in_words_what_is_shared_and_why_no_more() -> None:
    answer = {
        "people": [{"person_id": "p", "fields": {
            "person.full_name": "Carys Fernlea", "needs.coded": ["eviction_risk"], "strengths.coded": ["wants_change"],
            "person.interpreter": False, "household.children_by_age_band": {"1-4": 1, "5-11": 2},
        }}],
        "withheld": ["address.current"],
        "not_permitted": [{"category": "health", "sentence": "No agreement covers it.", "remedy": "", "code": "x"}] * 2,
        "safeguarding_notice": "Call 999.",
    }  # fmt: skip
    sheet = team_sheet(Part(answer), "/cases/k")
    (facts,) = [each for each in sheet.sections if isinstance(each, Facts)]
    assert facts.heading == "Carys Fernlea"
    shown = {label: cell.text for label, cell in facts.present}
    assert shown["Needs"] == "Risk of eviction"
    assert shown["What goes well"] == "Knows what they want to change"
    assert shown["Needs an interpreter"] == "No"
    assert shown["Children at home, by age"] == "1 child aged 1 to 4, 2 children aged 5 to 11"
    words = [line for each in sheet.sections if isinstance(each, Words) for line in each.paragraphs]
    assert "Kept back for somebody’s safety: address. Ask the family’s worker." in words
    assert sum("No agreement covers it" in line or "no agreement covers it" in line for line in words) == 1


def test_a_refused_reading_says_why_and_what_its_reader_can_do() -> None:
    codes = ("family_not_asked", "consent_refused", "agreement_expired", "person_not_covered")
    reasons = [
        {"sentence": f"Because of {code}.", "remedy": "For the family’s worker.", "code": code} for code in codes
    ]
    problem = Refused(403, "sharing-not-permitted", "Nothing is shown.", document={"reasons": reasons})
    (words,) = team_sheet(Part(problem=problem), "/cases/k").sections
    assert isinstance(words, Words)
    assert list(words.paragraphs) == [
        "Nothing is shown.",
        "Because of family_not_asked. The family’s worker can ask them. Speak to the worker.",
        "Because of consent_refused. Respect it. If you worry about somebody, speak to the family’s worker.",
        "Because of agreement_expired. For the family’s worker.",
        "Because of person_not_covered. Speak to the family’s worker: who reads here cannot change it.",
    ], "who reads is not who shares: what only the family’s worker can do is not asked of them"
