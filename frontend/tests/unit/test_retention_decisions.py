"""How long records are kept, as somebody types it."""

from datetime import UTC, datetime
from typing import Any

from connective.frontend.domain.fields import read
from connective.frontend.domain.proving_retention import KEPT, schedule
from connective.frontend.domain.proving_tables import Known
from connective.frontend.domain.retention_decisions import rule_body, rule_fields, rule_typed

RULE: dict[str, Any] = {
    "key": "family", "what": "A family’s record", "action": "erase", "in_words": "Kept for 25 years.",
    "counted": [{"trigger": "youngest_born", "years": 25, "months": 0, "days": 0},
                {"trigger": "case_closed", "years": 6, "months": 0, "days": 0}],
    "source": "Local practice", "reason": "So that they may ask.", "changeable": True,
}  # fmt: skip


def test_a_rule_is_typed_as_it_stands_and_sent_as_it_was_typed() -> None:
    fields = rule_fields(RULE)
    assert fields[0].label == "Years after the youngest was born"
    given, errors = read(fields, rule_typed(RULE) | {"years-1": ["8"], "months-1": ["6"]})
    assert errors == []
    assert rule_body(RULE, given) == {
        "counted": [{"trigger": "youngest_born", "years": 25, "months": 0, "days": 0},
                    {"trigger": "case_closed", "years": 8, "months": 6, "days": 0}],
        "source": "Local practice", "reason": "So that they may ask.",
    }  # fmt: skip


def test_only_who_may_change_a_rule_is_led_to_its_form() -> None:
    assert schedule([RULE]).rows[0][0].href is None
    assert schedule([RULE], may_change=True).rows[0][0].href == "/audit/retention/family"
    assert schedule([RULE | {"changeable": False}], may_change=True).rows[0][0].href is None


def test_what_stays_of_an_agreement_is_said_in_words() -> None:
    version = {"number": 1, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "signatures": [{}, {}],
               "text_hash": "ab" * 32}  # fmt: skip
    review = {"decision": "destroyed", "id": "v1", "reference": "DSA-1", "legal_entity_id": "e", "reviewed_by": "x",
              "reviewed_at": "2026-06-30T09:30:00Z", "reason": "Six years are over.", "review_on": None,
              "versions": [version]}  # fmt: skip
    page = KEPT["agreement-reviews"][1](review, Known(datetime(2026, 7, 1, tzinfo=UTC)))
    assert page.tag is not None
    assert page.tag.text == "Destroyed"
    assert [each.text for each in page.tables[0].rows[0]][2] == "2 signatures"
